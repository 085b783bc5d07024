import { type AnswerEvent, GatewayError } from '../../core/index.ts';
import type { AnswerReading } from './converse-answer.ts';
import { parseStop } from './stop-reason.ts';
import { createStreamBlocks } from './stream-blocks.ts';
import { parsePayload, type StreamEvent } from './stream-events.ts';
import type { StreamReader } from './streamed.ts';
import { toStreamException } from './upstream-error.ts';
import { parseUsage } from './usage.ts';
import { notCarried, parseCount } from './wire-value.ts';

/** Members of the events that are read, or that tell of the service alone; `p` is padding. */
const EVENT: ReadonlySet<string> = new Set([
  'role',
  'contentBlockIndex',
  'start',
  'delta',
  'stopReason',
  'usage',
  'metrics',
  'performanceConfig',
  'serviceTier',
  'p',
]);

/**
 * Makes the reader of one `ConverseStream` answer. It throws the fault of an exception frame, and `upstreamFailed` for
 * content that the gateway could neither inspect nor pass on.
 */
export function createConverseStream(reading: AnswerReading): StreamReader {
  const { asked, dropped } = reading;
  const blocks = createStreamBlocks(reading);
  let isStopped = false;

  function read({ kind, type, payload }: StreamEvent): readonly AnswerEvent[] {
    if (kind !== 'event') throw toStreamException(type);
    const event = parsePayload(payload);
    dropped.besides(event, EVENT);
    if (isStopped && type.startsWith('content')) throw notCarried('content behind its end');
    switch (type) {
      case 'messageStart':
        return [{ kind: 'start' }];
      case 'contentBlockStart':
        return blocks.start(parseCount(event.contentBlockIndex), event.start);
      case 'contentBlockDelta':
        return blocks.delta(parseCount(event.contentBlockIndex), event.delta);
      case 'contentBlockStop':
        return blocks.stop(parseCount(event.contentBlockIndex));
      case 'messageStop':
        isStopped = true;
        return [...blocks.stopAll(), parseStop(event.stopReason, asked.stopSequence)];
      case 'metadata':
        return [{ kind: 'usage', usage: parseUsage(event.usage, dropped) }];
      default:
        // An event of a newer service model is no part of the answer, unless its name says that it is.
        if (type.startsWith('content')) throw notCarried('content that this gateway does not carry');
        dropped.add();
        return [];
    }
  }

  return {
    read,
    end() {
      if (!isStopped) throw new GatewayError('upstreamInterrupted');
    },
  };
}
