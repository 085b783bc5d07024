import type { Answer, GuardrailTrace, ReplyMeta, ReplyWriter, WireReply } from '../../core/index.ts';
import { toBlockedAnswer } from '../blocked-answer.ts';
import { type ConverseEvent, type ConverseEventType, createConverseEvents } from './converse-events.ts';
import { outputText, usageText } from './converse-message.ts';
import { toExceptionFrame } from './errors.ts';
import { encodeEventHeaders, encodeFrames } from './event-stream.ts';
import { type ResponseFieldPath, responseFieldsText } from './response-fields.ts';

/** Made once for each type: a stream has thousands of frames and six kinds of headers. */
const frameHeaders: Readonly<Record<ConverseEventType, Uint8Array>> = {
  messageStart: encodeEventHeaders('messageStart'),
  contentBlockStart: encodeEventHeaders('contentBlockStart'),
  contentBlockDelta: encodeEventHeaders('contentBlockDelta'),
  contentBlockStop: encodeEventHeaders('contentBlockStop'),
  messageStop: encodeEventHeaders('messageStop'),
  metadata: encodeEventHeaders('metadata'),
};

/** Makes the writer of one answer of `Converse` or `ConverseStream`; `paths` are the fields it is to have besides. */
export function createConverseReply({ requestId }: ReplyMeta, paths: readonly ResponseFieldPath[]): ReplyWriter {
  let latency = 0;
  let trace: GuardrailTrace | undefined;
  const stream = createConverseEvents(
    ({ usage }) => `{"usage":${usageText(usage)},${metricsText(latency)}${traceText(trace)}}`,
    ({ stopSequence }) => responseFieldsText(paths, stopSequence),
  );
  const whole = (answer: Answer, latencyMs: number): WireReply => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: Buffer.from(
      `{${outputText(answer)},"usage":${usageText(answer.usage)},${metricsText(latencyMs)}` +
        `${responseFieldsText(paths, answer.stopSequence)}${traceText(trace)}}`,
    ),
  });
  return {
    trace(told) {
      trace = told;
    },
    whole,
    blocked: (blocked, latencyMs) => whole(toBlockedAnswer(blocked), latencyMs),
    streamHeaders: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': requestId },
    events: (events) => toBytes(stream.events(events)),
    end(latencyMs) {
      latency = latencyMs;
      return toBytes(stream.end());
    },
    fault: (error) => encodeFrames([toExceptionFrame(error, 'ConverseStream')]),
  };
}

/** What guardrails made of it, where the caller asked to be told. */
function traceText(trace: GuardrailTrace | undefined): string {
  return trace === undefined ? '' : `,"trace":{"guardrail":${JSON.stringify(trace)}}`;
}

function metricsText(latencyMs: number): string {
  return `"metrics":{"latencyMs":${Math.round(latencyMs)}}`;
}

function toBytes(events: readonly ConverseEvent[]): Uint8Array {
  return encodeFrames(events.map(({ type, json }) => ({ headers: frameHeaders[type], payload: json })));
}
