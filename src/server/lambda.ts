import { loadFunctionSetup } from './lambda/function-setup.ts';
import { createLambdaHandler, type LambdaContext } from './lambda/handler.ts';
import { lambdaRuntime, type ResponseStream } from './lambda/response-stream.ts';
import { StartError } from './start-error.ts';

/**
 * The function's handler. It streams where the configuration's front door does, so that the integration's transfer mode
 * stands in one place. What only is out of reach at the start is tried again with each call.
 */
export const handler: unknown = await load();

async function load(): Promise<unknown> {
  const made = createLambdaHandler(await loadFunctionSetup());
  if (made.transfer === 'buffered') return made.handle;
  const streamify = lambdaRuntime()?.streamifyResponse;
  if (streamify === undefined) throw new StartError('this runtime does not stream: set `frontDoor.transfer: buffered`');
  return streamify((event: unknown, stream: ResponseStream, context: LambdaContext) =>
    made.handle(event, stream, context),
  );
}
