import { createLogger, type EmfMetrics, type Logger } from '../../telemetry/index.ts';
import { loadSetup, type Setup } from '../setup.ts';
import { createFunctionMetrics } from './function-metrics.ts';

/** What a function runs on. */
export interface FunctionSetup extends Setup {
  readonly logger: Logger;
  readonly metrics: EmfMetrics;
}

/**
 * Reads the configuration of a function of AWS Lambda: the file that `SALLYPORT_CONFIG` names, or else `sallyport.yaml` in
 * the function's directory. Rejects with a `ConfigError`: what is not sound fails the instance's start.
 */
export async function loadFunctionSetup(): Promise<FunctionSetup> {
  const { SALLYPORT_CONFIG: configFile, LAMBDA_TASK_ROOT: root = '.', SALLYPORT_DATA: dataDirectory } = process.env;
  const setup = await loadSetup({
    configFile: configFile ?? `${root}/sallyport.yaml`,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  const logger = createLogger();
  const metrics = createFunctionMetrics(setup.config);
  process.once('SIGTERM', () => {
    metrics.flush();
    logger.flush();
  });
  return { ...setup, logger, metrics };
}
