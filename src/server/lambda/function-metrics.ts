import type { Config } from '../../config/index.ts';
import { createEmf, type EmfMetrics } from '../../telemetry/index.ts';
import { systemClock } from '../system-clock.ts';

const NAMESPACE = 'Sallyport';

/**
 * The metrics of a function, which no Prometheus could ask: for CloudWatch, told whenever they are flushed; in the
 * namespace `Sallyport` unless the configuration names another.
 */
export function createFunctionMetrics(
  { telemetry, tenants, models }: Pick<Config, 'telemetry' | 'tenants' | 'models'>,
  write?: (line: string) => void,
): EmfMetrics {
  return createEmf({
    namespace: telemetry.emf?.namespace ?? NAMESPACE,
    tenants: tenants.map(({ name }) => name),
    models: models.map(({ id }) => id),
    now: systemClock.now,
    ...(write === undefined ? {} : { write }),
  });
}
