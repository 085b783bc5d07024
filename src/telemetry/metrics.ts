import { type RecordState, registerRecord } from './record-metrics.ts';
import { type RequestMetrics, registerRequests } from './request-metrics.ts';
import { version } from './version.ts';

/**
 * What a running gateway counts, for Prometheus.
 *
 * INVARIANT: every label is of a closed set: protocols, outcomes, codes of faults, and what the configuration names (models, sinks). No
 * value comes of a request or an answer.
 */
export interface Metrics extends RequestMetrics {
  /** Tells of the record too, as `read` gives it at each scrape. Called once at most. */
  watchRecord(read: () => RecordState): void;
  /** All there is, as it stands now. */
  expose(): Promise<Exposition>;
}

/** What else counts. */
type MetricsSink = Omit<Metrics, 'expose'>;

/** Text in Prometheus' exposition format 0.0.4. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** `also` is told of every request, and of the record, as these are: all sinks count the same. */
export async function createMetrics(also: readonly MetricsSink[] = []): Promise<Metrics> {
  // Loaded only where a gateway starts: commands and the log's thread, which import this room too, expose nothing.
  const prometheus = await import('prom-client');
  const registry = new prometheus.Registry();
  new prometheus.Gauge({
    name: 'sallyport_build_info',
    help: 'Which version runs; always 1.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  const requests = registerRequests(prometheus, registry);
  return {
    requestBegun() {
      requests.requestBegun();
      for (const sink of also) sink.requestBegun();
    },
    requestEnded(request) {
      requests.requestEnded(request);
      for (const sink of also) sink.requestEnded(request);
    },
    watchRecord(read) {
      registerRecord(prometheus, { registry, read });
      for (const sink of also) sink.watchRecord(read);
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
