import type { Config } from '../config/index.ts';
import { createEmf, type EmfMetrics } from '../telemetry/index.ts';
import { systemClock } from './system-clock.ts';

/** The metrics that go to CloudWatch: one, or none where the configuration has none. */
export interface KeptEmf {
  readonly sinks: readonly EmfMetrics[];
  /** Tells what was counted last. */
  close(): void;
}

/** Tells of a gateway's metrics for as long as it runs, at the interval that the configuration has. */
export function keepEmf({ telemetry, tenants, models }: Config, write?: (line: string) => void): KeptEmf {
  const { emf: settings } = telemetry;
  if (settings === undefined) return { sinks: [], close: () => undefined };
  const emf = createEmf({
    namespace: settings.namespace,
    tenants: tenants.map(({ name }) => name),
    models: models.map(({ id }) => id),
    now: systemClock.now,
    ...(write === undefined ? {} : { write }),
  });
  const timer = setInterval(() => emf.flush(), settings.intervalSeconds * 1_000).unref();
  return {
    sinks: [emf],
    close() {
      clearInterval(timer);
      emf.flush();
    },
  };
}
