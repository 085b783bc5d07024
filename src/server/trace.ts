import type { Exchange, RequestHead } from '../core/index.ts';
import type { LogFields } from '../telemetry/index.ts';

/** What of a caller's trace goes on: its id into the log line, and with a span of ours to the provider. */
export interface Trace {
  readonly logged: Pick<LogFields, 'traceId'>;
  readonly sent: Pick<Exchange, 'traceparent'>;
}

const NO_TRACE: Trace = { logged: {}, sent: {} };

interface Parsed {
  readonly traceId: string;
  readonly isSampled: boolean;
}

/**
 * The trace that a request is part of: by its `traceparent` (W3C Trace Context, level 1), else by its `X-Amzn-Trace-Id`,
 * else by what the surroundings say in that form (`_X_AMZN_TRACE_ID` in Lambda). What is not in its exact form, or stands
 * there more than once, is as if it were not there.
 *
 * INVARIANT: of what a caller wrote, nothing goes on but 32 hexadecimal digits and one bit. `tracestate` does not.
 */
export function traceOf({ headers }: RequestHead, takeRandom: (size: number) => Uint8Array, ambient = ''): Trace {
  const parsed =
    parseTraceparent(onlyValue(headers, 'traceparent')) ??
    parseAmazonTrace(onlyValue(headers, 'x-amzn-trace-id')) ??
    parseAmazonTrace(ambient);
  if (parsed === undefined) return NO_TRACE;
  const { traceId, isSampled } = parsed;
  const span = Buffer.from(takeRandom(8)).toString('hex');
  return { logged: { traceId }, sent: { traceparent: `00-${traceId}-${span}-${isSampled ? '01' : '00'}` } };
}

function onlyValue(headers: RequestHead['headers'], wanted: string): string {
  const [first, ...more] = headers.filter(([name]) => name === wanted);
  return first === undefined || more.length > 0 ? '' : first[1];
}

/** A later version may go on behind what this one has. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const ZEROS = /^0+$/;

function parseTraceparent(text: string): Parsed | undefined {
  const [, version = '', traceId = '', parent = '', flags = '', more] = TRACEPARENT.exec(text) ?? [];
  if (traceId === '' || ZEROS.test(traceId) || ZEROS.test(parent)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

const LONGEST = 1_024;
const ROOT = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;

/** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1` (AWS X-Ray, "tracing header"). */
function parseAmazonTrace(text: string): Parsed | undefined {
  if (text.length > LONGEST) return undefined;
  const members = text.split(';').map((member) => member.trim());
  const roots = members.filter((member) => member.startsWith('Root='));
  const [, time = '', rest = ''] = ROOT.exec(roots[0]?.slice('Root='.length) ?? '') ?? [];
  const traceId = `${time}${rest}`;
  if (traceId === '' || roots.length > 1 || ZEROS.test(traceId)) return undefined;
  return { traceId, isSampled: members.includes('Sampled=1') };
}
