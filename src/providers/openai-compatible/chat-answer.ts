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

/** Members of a message that are content of a kind the inner form does not have. */
const notCarried: ReadonlySet<string> = new Set([
  'annotations',
  'audio',
  'function_call',
  'images',
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

/** Where a choice has what is said: that of a chat in a chunk, or whole, or that of a completion in both. */
export type Member = 'delta' | 'message' | 'text';

/** A reader of chunks. `stopSequences` are those of the request: vLLM names the one it met. */
export function createChatAnswer(stopSequences: readonly string[], member: Member = 'delta'): ChatAnswer {
  return new ChatAnswer(member, stopSequences);
}

/** The events of a whole answer, read as the one chunk that it is. Throws as a reader of chunks does. */
export function parseCompletion(
  value: unknown,
  stopSequences: readonly string[],
  member: Member = 'message',
): ReadAnswer {
  const events: AnswerEvent[] = [];
  const answer = new ChatAnswer(member, stopSequences);
  answer.chunk(value, events);
  answer.end(events);
  return { id: answer.id, events };
}

/** Reads one answer of the chat completions API, or of completions, into events. */
export class ChatAnswer {
  readonly #member: Member;
  readonly #stopSequences: readonly string[];
  #id: string | undefined;
  #blocks = 0;
  #calls = 0;
  #open: OpenBlock | undefined;
  #isStarted = false;
  #isRefusal = false;
  #stop: StopReason | undefined;
  #usage: Usage | undefined;

  constructor(member: Member, stopSequences: readonly string[]) {
    this.#member = member;
    this.#stopSequences = stopSequences;
  }

  /** The server's id of the answer; undefined before it is known, or where it is more than a name. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * Appends what a chunk says. Throws `upstreamFailed` for content other than text and calls of functions, which the
   * gateway could neither inspect nor pass on.
   */
  chunk(value: unknown, events: AnswerEvent[]): void {
    const { id, error, usage, choices } = parseObject(value);
    if (!isBlank(error)) throw toErrorFault(error, this.#isStarted);
    if (this.#id === undefined && typeof id === 'string' && CALL_ID.test(id)) this.#id = id;
    if (!isBlank(usage)) this.#usage = parseUsage(usage);
    if (!Array.isArray(choices)) throw failed('an answer of another shape');
    // Counts come in a last chunk that has no choice.
    if (choices.length > 0) this.#readChoice(choices, events);
  }

  /** Appends a text, as a chunk that says it and nothing else. */
  text(text: string, events: AnswerEvent[]): void {
    this.#say('text', text, events);
  }

  /** Appends reasoning, as a chunk that holds it and nothing else. */
  reasoning(text: string, events: AnswerEvent[]): void {
    this.#say('reasoning', text, events);
  }

  /** Appends what stands after the last chunk. Throws `upstreamInterrupted` unless the answer had come to its end. */
  end(events: AnswerEvent[]): void {
    if (this.#stop === undefined) throw new GatewayError('upstreamInterrupted');
    if (this.#usage !== undefined) events.push({ kind: 'usage', usage: this.#usage });
  }

  #readChoice(choices: readonly unknown[], events: AnswerEvent[]): void {
    const choice = parseObject(choices[0]);
    if (choices.length > 1 || (choice.index !== undefined && choice.index !== 0)) {
      throw failed('more than one choice');
    }
    if (!isBlank(choice.logprobs)) throw failed('content that this gateway does not carry');
    const message = this.#member === 'text' ? { content: choice.text } : parseObject(choice[this.#member]);
    if (!this.#isStarted) {
      this.#isStarted = true;
      events.push({ kind: 'start' });
    }
    this.#readMessage(message, events);
    if (!isBlank(choice.finish_reason)) this.#finish(choice, events);
  }

  #readMessage(message: WireObject, events: AnswerEvent[]): void {
    const { content, refusal, tool_calls: calls } = message;
    const reasoning = reasoningOf(message);
    if (!isBlank(reasoning)) this.reasoning(parseText(reasoning), events);
    if (!isBlank(content)) this.text(parseText(content), events);
    if (!isBlank(refusal)) {
      this.#isRefusal = true;
      this.text(parseText(refusal), events);
    }
    if (!isBlank(calls)) {
      if (!Array.isArray(calls)) throw failed('an answer of another shape');
      for (const [position, call] of calls.entries()) this.#readCall(parseObject(call), position, events);
    }
    for (const name in message) {
      if (notCarried.has(name) && !isBlank(message[name])) throw failed('content that this gateway does not carry');
    }
  }

  /**
   * The next fragment of a call. A name begins one; the index alone would not do, since servers have counted every
   * call as the first.
   */
  #readCall(call: WireObject, position: number, events: AnswerEvent[]): void {
    const { id, type } = call;
    const { name, arguments: fragment } = parseObject(call.function);
    if (!isBlank(type) && type !== 'function') throw failed('content that this gateway does not carry');
    const number = this.#member === 'message' ? position : (call.index ?? position);
    const open = this.#open;
    const isOpen = open?.kind === 'toolUse' && open.call === number && (isBlank(id) || open.id === id || isBlank(name));
    const { index } = isOpen ? open : this.#start(parseCall(id, name), number, events);
    if (!isBlank(fragment)) events.push({ kind: 'delta', index, text: parseText(fragment) });
  }

  #say(kind: 'text' | 'reasoning', text: string, events: AnswerEvent[]): void {
    const { index } = this.#open?.kind === kind ? this.#open : this.#start({ kind }, undefined, events);
    events.push({ kind: 'delta', index, text });
  }

  #start(block: AnswerBlockStart, call: unknown, events: AnswerEvent[]): OpenBlock {
    if (this.#stop !== undefined) throw failed('content after the end of the answer');
    this.#close(events);
    if (block.kind === 'toolUse') this.#calls += 1;
    const open = { ...block, index: this.#blocks, call };
    this.#open = open;
    this.#blocks += 1;
    events.push({ kind: 'blockStart', index: open.index, block });
    return open;
  }

  #close(events: AnswerEvent[]): void {
    if (this.#open !== undefined) events.push({ kind: 'blockStop', index: this.#open.index });
    this.#open = undefined;
  }

  #finish({ finish_reason: finish, stop_reason: met }: WireObject, events: AnswerEvent[]): void {
    let reason = parseFinishReason(finish);
    // Some servers say it again with the counts.
    if (this.#stop !== undefined) return;
    this.#close(events);
    if (reason === 'endTurn') {
      // vLLM ends a call that was demanded with `stop`; a caller that looks for calls looks at the reason.
      if (this.#calls > 0) reason = 'toolUse';
      if (this.#isRefusal) reason = 'contentFilter';
    }
    this.#stop = reason;
    const isMet = reason === 'endTurn' && typeof met === 'string' && this.#stopSequences.includes(met);
    events.push(isMet ? { kind: 'stop', reason: 'stopSequence', stopSequence: met } : { kind: 'stop', reason });
  }
}

/** The reasoning of a message: vLLM renamed it, and for a time said it under both names. */
function reasoningOf({ reasoning, reasoning_content: content }: WireObject): unknown {
  if (isBlank(content)) return reasoning;
  if (!isBlank(reasoning) && reasoning !== content) throw failed('an answer that reasons twice');
  return content;
}

/** Text, where it is given as such and not in parts. */
function parseText(value: unknown): string {
  if (typeof value !== 'string') throw failed('content that this gateway does not carry');
  return value;
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
