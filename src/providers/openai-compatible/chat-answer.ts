import {
  type AnswerBlockStart,
  type AnswerEvent,
  GatewayError,
  type StopReason,
  type Usage,
} from '../../core/index.ts';
import { parseFinishReason } from './finish-reason.ts';
import { codeOfStatus, failed } from './upstream-fault.ts';
import { parseUsage } from './usage.ts';
import type { ReadAnswer } from './whole-answer.ts';
import { isBlank, isObject, parseObject, type WireObject } from './wire-value.ts';

/** Reads one answer of the chat completions API into events. */
export interface ChatAnswer {
  /**
   * Appends what a chunk says. Throws `upstreamFailed` for content other than text and calls of functions, which the
   * gateway could neither inspect nor pass on.
   */
  chunk(value: unknown, events: AnswerEvent[]): void;
  /** Appends what stands after the last chunk. Throws `upstreamInterrupted` unless the answer had come to its end. */
  end(events: AnswerEvent[]): void;
  /** The server's id of the answer; undefined before it is known, or where it is more than a name. */
  readonly id: string | undefined;
}

/** Members of a message that are content of a kind the inner form does not have. */
const notCarried: ReadonlySet<string> = new Set([
  'annotations',
  'audio',
  'function_call',
  'images',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'thinking',
]);

// What callers may send back with the result of the call, by the patterns of their protocols. An id or a name is not
// inspected as text is, so that nothing else may stand in one.
const CALL_ID = /^[a-zA-Z0-9_.:-]{1,128}$/;
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

type OpenBlock = AnswerBlockStart & {
  /** Position among the answer's blocks. */
  readonly index: number;
  /** Position among its calls, by the server's count. */
  readonly call: unknown;
};

/** A reader of chunks. `stopSequences` are those of the request: vLLM names the one it met. */
export function createChatAnswer(stopSequences: readonly string[]): ChatAnswer {
  return createReader('delta', stopSequences);
}

/** The events of a whole completion, read as the one chunk that it is. Throws as a reader of chunks does. */
export function parseCompletion(value: unknown, stopSequences: readonly string[]): ReadAnswer {
  const events: AnswerEvent[] = [];
  const reader = createReader('message', stopSequences);
  reader.chunk(value, events);
  reader.end(events);
  return { id: reader.id, events };
}

function createReader(member: 'delta' | 'message', stopSequences: readonly string[]): ChatAnswer {
  let blocks = 0;
  let calls = 0;
  let open: OpenBlock | undefined;
  let isStarted = false;
  let isRefusal = false;
  let stop: StopReason | undefined;
  let usage: Usage | undefined;
  let id: string | undefined;

  function read(value: unknown, events: AnswerEvent[]): void {
    const answer = parseObject(value);
    if (!isBlank(answer.error)) throw toErrorFault(answer.error, isStarted);
    if (id === undefined && typeof answer.id === 'string' && CALL_ID.test(answer.id)) id = answer.id;
    if (!isBlank(answer.usage)) usage = parseUsage(answer.usage);
    const { choices } = answer;
    if (!Array.isArray(choices)) throw failed('an answer of another shape');
    // Counts come in a last chunk that has no choice.
    if (choices.length > 0) readChoice(choices, events);
  }

  function readChoice(choices: readonly unknown[], events: AnswerEvent[]): void {
    const choice = parseObject(choices[0]);
    if (choices.length > 1 || (choice.index !== undefined && choice.index !== 0)) {
      throw failed('more than one choice');
    }
    if (!isBlank(choice.logprobs)) throw failed('content that this gateway does not carry');
    const message = parseObject(choice[member]);
    if (!isStarted) {
      isStarted = true;
      events.push({ kind: 'start' });
    }
    readMessage(message, events);
    if (!isBlank(choice.finish_reason)) finish(choice, events);
  }

  function readMessage(message: WireObject, events: AnswerEvent[]): void {
    const { content, refusal, tool_calls: called } = message;
    if (!isBlank(content)) readText(content, events);
    if (!isBlank(refusal)) {
      isRefusal = true;
      readText(refusal, events);
    }
    if (!isBlank(called)) {
      if (!Array.isArray(called)) throw failed('an answer of another shape');
      for (const [position, call] of called.entries()) readCall(parseObject(call), position, events);
    }
    for (const name in message) {
      if (notCarried.has(name) && !isBlank(message[name])) throw failed('content that this gateway does not carry');
    }
  }

  function readText(text: unknown, events: AnswerEvent[]): void {
    if (typeof text !== 'string') throw failed('content that this gateway does not carry');
    const block = open?.kind === 'text' ? open : start({ kind: 'text' }, undefined, events);
    events.push({ kind: 'delta', index: block.index, text });
  }

  /**
   * The next fragment of a call. A name begins one; the index alone would not do, since servers have counted every
   * call as the first.
   */
  function readCall(call: WireObject, position: number, events: AnswerEvent[]): void {
    const { id, type } = call;
    const index = member === 'message' ? position : (call.index ?? position);
    const { name, arguments: fragment } = parseObject(call.function);
    if (!isBlank(type) && type !== 'function') throw failed('content that this gateway does not carry');
    const isSame = open?.kind === 'toolUse' && open.call === index && (isBlank(id) || open.id === id || isBlank(name));
    const block = isSame && open !== undefined ? open : start(parseCall(id, name), index, events);
    if (isBlank(fragment)) return;
    if (typeof fragment !== 'string') throw failed('an answer of another shape');
    events.push({ kind: 'delta', index: block.index, text: fragment });
  }

  function start(block: AnswerBlockStart, call: unknown, events: AnswerEvent[]): OpenBlock {
    if (stop !== undefined) throw failed('content after the end of the answer');
    close(events);
    if (block.kind === 'toolUse') calls += 1;
    open = { ...block, index: blocks, call };
    blocks += 1;
    events.push({ kind: 'blockStart', index: open.index, block });
    return open;
  }

  function close(events: AnswerEvent[]): void {
    if (open !== undefined) events.push({ kind: 'blockStop', index: open.index });
    open = undefined;
  }

  function finish({ finish_reason: value, stop_reason: met }: WireObject, events: AnswerEvent[]): void {
    const reason = parseFinishReason(value);
    // Some servers say it again with the counts.
    if (stop !== undefined) return;
    close(events);
    stop = reason;
    if (reason === 'endTurn') {
      // vLLM ends a call that was demanded with `stop`; a caller that looks for calls looks at the reason.
      if (calls > 0) stop = 'toolUse';
      if (isRefusal) stop = 'contentFilter';
    }
    const isMet = stop === 'endTurn' && typeof met === 'string' && stopSequences.includes(met);
    events.push(isMet ? { kind: 'stop', reason: 'stopSequence', stopSequence: met } : { kind: 'stop', reason: stop });
  }

  return {
    chunk: read,
    end(events) {
      if (stop === undefined) throw new GatewayError('upstreamInterrupted');
      if (usage !== undefined) events.push({ kind: 'usage', usage });
    },
    get id() {
      return id;
    },
  };
}

function parseCall(id: unknown, name: unknown): AnswerBlockStart {
  if (typeof id !== 'string' || !CALL_ID.test(id) || typeof name !== 'string' || !TOOL_NAME.test(name)) {
    throw failed('a call without a valid id and name');
  }
  return { kind: 'toolUse', id, name };
}

/** The fault of an error within an answer: that of its status before anything was said, else the answer broke off. */
function toErrorFault(error: unknown, isStarted: boolean): GatewayError {
  const status = isObject(error) ? error.code : undefined;
  return new GatewayError(isStarted ? 'upstreamInterrupted' : codeOfStatus(status));
}
