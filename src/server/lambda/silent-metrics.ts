import type { Metrics } from '../../telemetry/index.ts';

/** Counts nothing: an instance has no port that Prometheus could ask. */
export const silentMetrics: Pick<Metrics, 'requestBegun' | 'requestEnded' | 'watchRecord'> = {
  requestBegun: () => undefined,
  requestEnded: () => undefined,
  watchRecord: () => undefined,
};
