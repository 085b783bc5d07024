import {
  type AnswerBlockStart,
  type Conversation,
  type Exchange,
  GatewayError,
  type StopReason,
  textOf,
  type Usage,
} from '../../core/index.ts';
import { type Directive, toDirective } from './directive.ts';
import { toLimited, toTokens } from './limits.ts';
import { leakedPersonalData, leakedSecrets, toolArguments, words } from './replies.data.ts';
import { toLastUserText, toSeen } from './seen.ts';

/** An answer before it is played: one block, in fragments. */
export interface Script {
  readonly block: AnswerBlockStart;
  readonly fragments: readonly string[];
  /** Milliseconds before each fragment; 0 for no wait at all. */
  readonly intervalMs: number;
  /** `broken` ends without a stop, as when a connection is lost. */
  readonly ending:
    | { readonly kind: 'stop'; readonly reason: StopReason; readonly stopSequence?: string }
    | { readonly kind: 'broken' };
  readonly usage: Usage;
}

/** Pieces smaller than most words, so that what a detector looks for is divided between deltas. */
const SMALL = /\s*\S{1,6}|\s+$/gu;
const WORD = /\S+\s*|\s+/gu;
const WORDS_BEFORE_DEATH = 60;

/**
 * What the simulator answers, or `timeout` if it never does. Throws `upstreamThrottled` or `upstreamUnavailable` where
 * the prompt asks for that.
 */
export function toScript(exchange: Exchange, request: Conversation): Script | 'timeout' {
  const directive = toDirective(toLastUserText(exchange, request));
  const seen = toSeen(exchange, request);
  switch (directive.kind) {
    case 'throttle':
      throw new GatewayError('upstreamThrottled', { retryAfterSeconds: 1 });
    case 'unavailable':
      throw new GatewayError('upstreamUnavailable');
    case 'timeout':
      return 'timeout';
    case 'toolCall':
      return toToolCall(exchange, request, seen);
    default:
      return toSpoken(exchange, request, { directive, seen });
  }
}

type Spoken = Exclude<Directive, { kind: 'throttle' | 'unavailable' | 'timeout' | 'toolCall' }>;

interface Prompt {
  readonly directive: Spoken;
  readonly seen: string;
}

function toSpoken(exchange: Exchange, { inference }: Conversation, { directive, seen }: Prompt): Script {
  const stopSequences = (inference.stopSequences ?? []).map((index) => textOf(exchange, index));
  const { text, stop, ...rest } = toLimited(toWords(directive, seen), {
    maxTokens: inference.maxTokens,
    stopSequences,
  });
  return {
    block: { kind: 'text' },
    fragments: text.match(directive.kind === 'stream' ? WORD : SMALL) ?? [],
    intervalMs: directive.kind === 'stream' ? directive.intervalMs : 0,
    ending: directive.kind === 'dieMidStream' ? { kind: 'broken' } : { kind: 'stop', reason: stop, ...rest },
    usage: { inputTokens: toTokens(seen), outputTokens: toTokens(text) },
  };
}

function toWords(directive: Spoken, seen: string): string {
  switch (directive.kind) {
    case 'echo':
      return seen;
    case 'say':
      return directive.text;
    case 'leakPii':
      return leakedPersonalData;
    case 'leakSecret':
      return leakedSecrets;
    case 'stream':
      return prose(directive.events);
    case 'long':
      return prose(directive.words);
    case 'dieMidStream':
      return prose(WORDS_BEFORE_DEATH);
    default:
      return directive satisfies never;
  }
}

function prose(count: number): string {
  return Array.from({ length: count }, (_, index) => words[index % words.length]).join(' ');
}

/**
 * Calls the tool the caller chose, else its first, else one named `lookup`. `maxTokens` does not apply: arguments cut
 * short would be no JSON.
 */
function toToolCall(exchange: Exchange, { tools, toolChoice, messages }: Conversation, seen: string): Script {
  const chosen = toolChoice?.kind === 'tool' ? toolChoice.name : tools[0]?.name;
  const calls = messages.flatMap(({ content }) => content.filter(({ kind }) => kind === 'toolUse'));
  return {
    block: {
      kind: 'toolUse',
      id: `call_${calls.length + 1}`,
      name: chosen === undefined ? 'lookup' : textOf(exchange, chosen),
    },
    fragments: toolArguments,
    intervalMs: 0,
    ending: { kind: 'stop', reason: 'toolUse' },
    usage: { inputTokens: toTokens(seen), outputTokens: toTokens(toolArguments.join('')) },
  };
}
