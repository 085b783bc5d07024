import type * as Prometheus from 'prom-client';
import { faults, type ProtocolName } from '../core/index.ts';
import type { LogFields } from './logger.ts';

export interface RequestMetrics {
  requestBegun(): void;
  /** Once for each that has begun. */
  requestEnded(request: EndedRequest): void;
}

/** What the log line of a request says of it. */
export interface EndedRequest extends Pick<LogFields, 'outcome' | 'code' | 'durationMs' | 'tenant' | Amount> {
  readonly protocol: ProtocolName;
  /** As the configuration has it; absent where the request named none of its models. */
  readonly model?: string;
}

type Amount = 'findings' | 'inputTokens' | 'outputTokens' | 'bytesIn' | 'bytesOut';

type Outcome = NonNullable<LogFields['outcome']>;

/** Counts the requests of one protocol and outcome. */
type Series = (model: string, seconds: number) => void;

/** A refusal takes less than a millisecond, a model that thinks takes minutes. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

export function registerRequests(
  { Counter, Gauge, Histogram }: typeof Prometheus,
  registry: Prometheus.Registry,
): RequestMetrics {
  const registers = [registry];
  let open = 0;
  const requests = new Counter({
    name: 'sallyport_requests_total',
    help: 'Requests that have ended.',
    labelNames: ['protocol', 'outcome', 'model'],
    registers,
  });
  const durations = new Histogram({
    name: 'sallyport_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['protocol', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const faulty = new Counter({
    name: 'sallyport_faults_total',
    help: 'Requests that have ended with a fault.',
    labelNames: ['code'],
    registers,
  });
  new Gauge({
    name: 'sallyport_open_exchanges',
    help: 'Requests that have begun and not ended.',
    registers,
    collect() {
      this.set(open);
    },
  });

  // Bound once: no object of labels is made for each request.
  function createSeries(protocol: ProtocolName, outcome: Outcome): Series {
    const duration = durations.labels(protocol, outcome);
    const models = new Map<string, Prometheus.Counter.Internal>();
    const bind = (model: string) => {
      const bound = requests.labels(protocol, outcome, model);
      models.set(model, bound);
      return bound;
    };
    // There from the start, at zero: of a series that begins at one, Prometheus sees no increase.
    durations.zero({ protocol, outcome });
    bind('').inc(0);
    return (model, seconds) => {
      (models.get(model) ?? bind(model)).inc();
      duration.observe(seconds);
    };
  }

  const toOutcomes = (protocol: ProtocolName): Readonly<Record<Outcome, Series>> => ({
    complete: createSeries(protocol, 'complete'),
    blocked: createSeries(protocol, 'blocked'),
    interrupted: createSeries(protocol, 'interrupted'),
    failed: createSeries(protocol, 'failed'),
    refused: createSeries(protocol, 'refused'),
  });
  const series: Readonly<Record<ProtocolName, Readonly<Record<Outcome, Series>>>> = {
    bedrock: toOutcomes('bedrock'),
    openai: toOutcomes('openai'),
    anthropic: toOutcomes('anthropic'),
  };

  const codes = new Map(Object.keys(faults).map((code) => [code, faulty.labels(code)]));
  for (const bound of codes.values()) bound.inc(0);

  return {
    requestBegun() {
      open += 1;
    },
    requestEnded({ protocol, outcome = 'refused', code, model = '', durationMs = 0 }) {
      open -= 1;
      if (code !== undefined) codes.get(code)?.inc();
      series[protocol][outcome](model, durationMs / 1_000);
    },
  };
}
