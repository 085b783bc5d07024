import { createLogger } from '../telemetry/index.ts';
import { createLambdaHandler, type LambdaContext } from './lambda/handler.ts';
import { lambdaRuntime, type ResponseStream } from './lambda/response-stream.ts';
import { loadSetup } from './setup.ts';
import { StartError } from './start-error.ts';

/** Counts nothing: an instance has no port that Prometheus could ask. */
const silent = { requestBegun: () => undefined, requestEnded: () => undefined, watchRecord: () => undefined };

/**
 * The function's handler. It streams where the configuration's front door does, so that the integration's transfer mode
 * stands in one place. `SALLYPORT_CONFIG` names the configuration; without it, `sallyport.yaml` in the function's directory.
 *
 * A configuration that is not sound fails the instance's start; what only is out of reach is tried again with each call.
 */
export const handler: unknown = await load();

async function load(): Promise<unknown> {
  const { SALLYPORT_CONFIG: configFile, LAMBDA_TASK_ROOT: root = '.', SALLYPORT_DATA: dataDirectory } = process.env;
  const setup = await loadSetup({
    configFile: configFile ?? `${root}/sallyport.yaml`,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  const logger = createLogger();
  process.once('SIGTERM', () => logger.flush());
  const made = createLambdaHandler({ ...setup, logger, metrics: silent });
  if (made.transfer === 'buffered') return made.handle;
  const streamify = lambdaRuntime()?.streamifyResponse;
  if (streamify === undefined) throw new StartError('this runtime does not stream: set `frontDoor.transfer: buffered`');
  return streamify((event: unknown, stream: ResponseStream, context: LambdaContext) =>
    made.handle(event, stream, context),
  );
}
