import {
  type AnswerBlockStart,
  type Citation,
  type Completion,
  type Conversation,
  type Exchange,
  GatewayError,
  type ReasoningProof,
  type StopReason,
  textOf,
  type Usage,
} from '../../core/index.ts';
import { toCitation } from './citing.ts';
import { type Directive, toDirective } from './directive.ts';
import { toJsonAnswer } from './json-answer.ts';
import { toLimited, toTokens } from './limits.ts';
import { checkReasoning, toEncrypted, toSignature } from './reasoning.ts';
import { leakedPersonalData, leakedSecrets, nothingToCite, thought, toolArguments, words } from './replies.data.ts';
import { toLastUserText, toSeen } from './seen.ts';

/** A block of an answer before it is played. */
export interface ScriptBlock {
  readonly start: AnswerBlockStart;
  readonly fragments: readonly string[];
  readonly proof?: ReasoningProof;
  readonly citation?: Citation;
}

/** An answer before it is played: its blocks, in fragments. */
export interface Script {
  readonly blocks: readonly ScriptBlock[];
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
 * the prompt asks for that, and `upstreamInvalid` for reasoning that is not the simulator's own.
 */
export function toScript(exchange: Exchange, request: Conversation): Script | 'timeout' {
  checkReasoning(exchange, request);
  const directive = toDirective(toLastUserText(exchange, request));
  const seen = toSeen(exchange, request);
  switch (directive.kind) {
    case 'toolCall':
      return toToolCall(exchange, request, seen);
    case 'reasoning':
      return toReasoned(toSpoken(exchange, request, { directive, seen }), 'signed');
    case 'encryptedReasoning':
      return toReasoned(toSpoken(exchange, request, { directive, seen }), 'encrypted');
    case 'cite':
      return toCited(exchange, request, seen);
    default:
      return toPlayed(exchange, request, { directive, seen });
  }
}

/** What the simulator says to go on with a text. It has no place for calls, reasoning or citations: those are spoken. */
export function toCompletionScript(exchange: Exchange, request: Completion): Script | 'timeout' {
  const seen = textOf(exchange, request.prompt);
  return toPlayed(exchange, request, { directive: toDirective(seen), seen });
}

interface Prompt {
  readonly directive: Directive;
  readonly seen: string;
}

type Asked = Pick<Conversation, 'inference'>;

function toPlayed(exchange: Exchange, request: Asked, prompt: Prompt): Script | 'timeout' {
  switch (prompt.directive.kind) {
    case 'throttle':
      throw new GatewayError('upstreamThrottled', { retryAfterSeconds: 1 });
    case 'unavailable':
      throw new GatewayError('upstreamUnavailable');
    case 'timeout':
      return 'timeout';
    default:
      return toSpoken(exchange, request, prompt);
  }
}

function toSpoken(exchange: Exchange, { inference }: Asked, { directive, seen }: Prompt): Script {
  const stopSequences = (inference.stopSequences ?? []).map((index) => textOf(exchange, index));
  const asked = inference.outputFormat;
  const words =
    asked === undefined || directive.kind !== 'echo' ? toWords(directive, seen) : toJsonAnswer(exchange, asked, seen);
  const { text, stop, ...rest } = toLimited(words, { maxTokens: inference.maxTokens, stopSequences });
  return {
    blocks: [{ start: { kind: 'text' }, fragments: text.match(directive.kind === 'stream' ? WORD : SMALL) ?? [] }],
    intervalMs: directive.kind === 'stream' ? directive.intervalMs : 0,
    ending: toEnding(directive, { reason: stop, ...rest }),
    usage: { inputTokens: toTokens(seen), outputTokens: toTokens(text) },
  };
}

function toEnding({ kind }: Directive, stop: { reason: StopReason; stopSequence?: string }): Script['ending'] {
  if (kind === 'dieMidStream') return { kind: 'broken' };
  return kind === 'contextWindow' ? { kind: 'stop', reason: 'contextWindow' } : { kind: 'stop', ...stop };
}

function toWords(directive: Directive, seen: string): string {
  switch (directive.kind) {
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
      return seen;
  }
}

function prose(count: number): string {
  return Array.from({ length: count }, (_, index) => words[index % words.length]).join(' ');
}

/** The same answer, thought about before. */
function toReasoned(script: Script, form: 'signed' | 'encrypted'): Script {
  const { blocks, usage } = script;
  const isSigned = form === 'signed';
  const block: ScriptBlock = {
    start: { kind: 'reasoning' },
    fragments: isSigned ? (thought.match(SMALL) ?? []) : [],
    proof: isSigned ? toSignature(thought) : toEncrypted(thought),
  };
  const reasoningTokens = toTokens(thought);
  return {
    ...script,
    blocks: [block, ...blocks],
    usage: { ...usage, outputTokens: usage.outputTokens + reasoningTokens, reasoningTokens },
  };
}

function toCited(exchange: Exchange, request: Conversation, seen: string): Script {
  const citation = toCitation(exchange, request);
  const [text = nothingToCite] = citation?.quotes ?? [];
  const script = toSpoken(exchange, request, { directive: { kind: 'say', text }, seen });
  if (citation === undefined) return script;
  return { ...script, blocks: script.blocks.map((block) => ({ ...block, citation })) };
}

/**
 * Calls the tool the caller chose, else its first, else one named `lookup`. `maxTokens` does not apply: arguments cut
 * short would be no JSON.
 */
function toToolCall(exchange: Exchange, request: Conversation, seen: string): Script {
  const { tools, toolChoice, messages } = request;
  const chosen = toolChoice?.kind === 'tool' ? toolChoice.name : tools[0]?.name;
  const calls = messages.flatMap(({ content }) => content.filter(({ kind }) => kind === 'toolUse'));
  const name = chosen === undefined ? 'lookup' : textOf(exchange, chosen);
  return {
    blocks: [{ start: { kind: 'toolUse', id: `call_${calls.length + 1}`, name }, fragments: toolArguments }],
    intervalMs: 0,
    ending: { kind: 'stop', reason: 'toolUse' },
    usage: { inputTokens: toTokens(seen), outputTokens: toTokens(toolArguments.join('')) },
  };
}
