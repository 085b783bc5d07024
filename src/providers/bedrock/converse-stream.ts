import { type AnswerBlockStart, type AnswerEvent, GatewayError } from '../../core/index.ts';
import { parseStop } from './stop-reason.ts';
import type { StreamEvent } from './stream-events.ts';
import { parseToolUse } from './tool-use.ts';
import { toStreamException } from './upstream-error.ts';
import { parseUsage } from './usage.ts';
import { notCarried, parseCount, parseObject, parseText, type WireObject } from './wire-value.ts';

/** Reads the frames of one `ConverseStream` answer, in order. */
export interface ConverseStream {
  /** Throws the fault of an exception frame, and `upstreamFailed` for content other than text and tool use. */
  read(frame: StreamEvent): readonly AnswerEvent[];
  /** Throws `upstreamInterrupted` unless the answer had come to its end: a cut stream must not pass for a whole one. */
  end(): void;
}

/** Makes the reader of the answer to a request with that one stop sequence, if any. */
export function createConverseStream(stopSequence?: string): ConverseStream {
  const open = new Map<number, AnswerBlockStart['kind']>();
  let isStopped = false;

  function start(index: number, value: unknown): AnswerEvent {
    const { toolUse, ...others } = parseObject(value);
    if (toolUse === undefined || Object.keys(others).length > 0) throw notCarried('a block of no known kind');
    open.set(index, 'toolUse');
    return { kind: 'blockStart', index, block: parseToolUse(toolUse) };
  }

  function delta(index: number, value: unknown): readonly AnswerEvent[] {
    const [member, ...others] = Object.entries(parseObject(value));
    if (member === undefined || others.length > 0) throw notCarried('a delta of no one kind');
    const [kind, content] = member;
    const text = kind === 'toolUse' ? parseObject(content).input : content;
    const event = { kind: 'delta', index, text: parseText(text) } as const;
    const known = open.get(index);
    if (known === kind) return [event];
    if (known !== undefined || kind !== 'text') throw notCarried('content that this gateway does not carry');
    // A text block has no start of its own: its first delta is it.
    open.set(index, 'text');
    return [{ kind: 'blockStart', index, block: { kind: 'text' } }, event];
  }

  function read({ kind, type, payload }: StreamEvent): readonly AnswerEvent[] {
    if (kind !== 'event') throw toStreamException(type);
    const event = parsePayload(payload);
    switch (type) {
      case 'messageStart':
        return [{ kind: 'start' }];
      case 'contentBlockStart':
        return [start(parseCount(event.contentBlockIndex), event.start)];
      case 'contentBlockDelta':
        return delta(parseCount(event.contentBlockIndex), event.delta);
      case 'contentBlockStop': {
        const index = parseCount(event.contentBlockIndex);
        return open.delete(index) ? [{ kind: 'blockStop', index }] : [];
      }
      case 'messageStop':
        isStopped = true;
        return [parseStop(event.stopReason, stopSequence)];
      case 'metadata':
        return [{ kind: 'usage', usage: parseUsage(event.usage) }];
      default:
        // An event of a newer service model is no part of the answer, unless its name says that it is.
        if (type.startsWith('content')) throw notCarried('content that this gateway does not carry');
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

function parsePayload(payload: string): WireObject {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (cause) {
    throw new GatewayError('upstreamFailed', { detail: 'an event that is not JSON', cause });
  }
  return parseObject(value);
}
