import { createLogger } from '../../telemetry/index.ts';
import { loadSetup, type SetupOptions } from '../setup.ts';
import { createFunctionMetrics } from './function-metrics.ts';
import type { FunctionSetup } from './function-setup.ts';

interface Destinations {
  readonly logDestination: number | string;
  /** Takes the lines of its metrics; dropped unless given. */
  readonly write?: (line: string) => void;
}

/** What a function runs on of that configuration, with its lines where a test reads them. */
export async function functionSetupOf(
  options: SetupOptions,
  { logDestination, write = () => undefined }: Destinations,
): Promise<FunctionSetup> {
  const setup = await loadSetup(options);
  const logger = createLogger({ destination: logDestination });
  return { ...setup, logger, metrics: createFunctionMetrics(setup.config, write) };
}
