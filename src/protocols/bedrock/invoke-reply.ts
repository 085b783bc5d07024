import {
  type Answer,
  type AnswerEvent,
  GatewayError,
  type GuardrailTrace,
  type ReplyMeta,
  type ReplyWriter,
  type Usage,
  type WireReply,
} from '../../core/index.ts';
import { toBlockedAnswer } from '../blocked-answer.ts';
import { toExceptionFrame, writeFault } from './errors.ts';
import { encodeEventHeaders, encodeFrames } from './event-stream.ts';
import type { AnswerForm, Chunks } from './families/family.ts';

const chunkHeaders = encodeEventHeaders('chunk');

/** Says in a body whether a guardrail put its own text in the place of the model's, and what it found. */
function guardrailText(isIntervened: boolean, { isGuarded, trace }: Guarded): string | undefined {
  if (!isIntervened && !isGuarded) return undefined;
  const action = `"amazon-bedrock-guardrailAction":"${isIntervened ? 'INTERVENED' : 'NONE'}"`;
  return trace === undefined ? action : `${action},"amazon-bedrock-trace":{"guardrail":${JSON.stringify(trace)}}`;
}

/** Whether the caller named a guardrail, and what came of all there were. */
interface Guarded {
  readonly isGuarded: boolean;
  trace?: GuardrailTrace;
}

/**
 * Longest text of a delta, in UTF-16 units. A chunk holds at most 1,000,000 bytes (`PartBody` of the service model),
 * and the JSON of one unit takes at most 6.
 */
const MAX_DELTA = 150_000;

/** Makes the writer of one answer of `InvokeModel` or `InvokeModelWithResponseStream` in the form its body asks for. */
export function createInvokeReply(
  form: AnswerForm,
  meta: ReplyMeta,
  { isGuarded = false }: { readonly isGuarded?: boolean } = {},
): ReplyWriter {
  const { requestId } = meta;
  const guarded: Guarded = { isGuarded };
  const whole = (answer: Answer, latencyMs: number): WireReply => {
    const json = form.writeAnswer(answer, meta);
    const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write } = answer.usage;
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-bedrock-input-token-count': String(inputTokens),
        'x-amzn-bedrock-output-token-count': String(outputTokens),
        ...(read === undefined ? {} : { 'x-amzn-bedrock-cache-read-input-token-count': String(read) }),
        ...(write === undefined ? {} : { 'x-amzn-bedrock-cache-write-input-token-count': String(write) }),
        'x-amzn-bedrock-invocation-latency': String(Math.round(latencyMs)),
      },
      body: Buffer.from(withMembers(json, guardrailText(answer.stop === 'guardrail', guarded))),
    };
  };
  return {
    whole,
    // Vectors have no place for the message, and a caller must not store a vector of it.
    blocked: (blocked, latencyMs) =>
      form.createChunks === undefined
        ? writeFault(new GatewayError('contentBlocked'), requestId)
        : whole(toBlockedAnswer(blocked), latencyMs),
    trace(told) {
      guarded.trace = told;
    },
    ...createStream(form, meta, guarded),
  };
}

type Stream = Pick<ReplyWriter, 'streamHeaders' | 'events' | 'end' | 'fault'>;

function createStream({ createChunks = notStreamed }: AnswerForm, meta: ReplyMeta, guarded: Guarded): Stream {
  let chunks: Chunks | undefined;
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let isIntervened = false;
  let firstByteMs: number | undefined;

  return {
    streamHeaders: {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': meta.requestId,
      'x-amzn-bedrock-content-type': 'application/json',
    },
    events(events, latencyMs) {
      chunks ??= createChunks(meta);
      for (const event of events) {
        if (event.kind === 'usage') usage = event.usage;
        else if (event.kind === 'stop') isIntervened = event.reason === 'guardrail';
      }
      const written = chunks.events(events.some(isLong) ? events.flatMap(toShortDeltas) : events);
      if (written.length > 0) firstByteMs ??= latencyMs;
      return toBytes(written);
    },
    end(latencyMs) {
      chunks ??= createChunks(meta);
      const written = chunks.end();
      const metrics = metricsText(usage, { latencyMs, firstByteMs: firstByteMs ?? latencyMs });
      const said = guardrailText(isIntervened, guarded);
      const members = said === undefined ? metrics : `${said},${metrics}`;
      const last = written.length - 1;
      return toBytes(written.map((json, index) => (index === last ? withMembers(json, members) : json)));
    },
    fault: (error) => encodeFrames([toExceptionFrame(error, 'InvokeModelWithResponseStream')]),
  };
}

function notStreamed(): never {
  throw new GatewayError('unsupported', { detail: 'a stream of this model' });
}

function isLong(event: AnswerEvent): event is Extract<AnswerEvent, { kind: 'delta' }> {
  return event.kind === 'delta' && event.text.length > MAX_DELTA;
}

function toShortDeltas(event: AnswerEvent): readonly AnswerEvent[] {
  if (!isLong(event)) return [event];
  const deltas: AnswerEvent[] = [];
  for (let at = 0; at < event.text.length; at += MAX_DELTA) {
    deltas.push({ ...event, text: event.text.slice(at, at + MAX_DELTA) });
  }
  return deltas;
}

/** The JSON object `json`, which has a member already, with more of them at its end, if there are any. */
function withMembers(json: string, members: string | undefined): string {
  return members === undefined ? json : `${json.slice(0, -1)},${members}}`;
}

function metricsText(usage: Usage, times: { readonly latencyMs: number; readonly firstByteMs: number }): string {
  const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write } = usage;
  const metrics = {
    inputTokenCount: inputTokens,
    outputTokenCount: outputTokens,
    invocationLatency: Math.round(times.latencyMs),
    firstByteLatency: Math.round(times.firstByteMs),
    ...(read === undefined ? {} : { cacheReadInputTokenCount: read }),
    ...(write === undefined ? {} : { cacheWriteInputTokenCount: write }),
  };
  return `"amazon-bedrock-invocationMetrics":${JSON.stringify(metrics)}`;
}

function toBytes(chunks: readonly string[]): Uint8Array {
  return encodeFrames(
    chunks.map((json) => ({ headers: chunkHeaders, payload: `{"bytes":"${Buffer.from(json).toString('base64')}"}` })),
  );
}
