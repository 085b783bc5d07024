import type { StopReason } from '../../core/index.ts';

const CHARACTERS_A_TOKEN = 4;

/** Tokens of a text, as the simulator counts: one for every 4 UTF-16 units begun. */
export function toTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}

interface Limits {
  readonly maxTokens?: number | undefined;
  readonly stopSequences: readonly string[];
}

/** What is said within the limits, and why it ends there. */
export interface Limited {
  readonly text: string;
  readonly stop: StopReason;
  readonly stopSequence?: string;
}

/** Cuts a text before its first stop sequence and at `maxTokens`, whichever comes first. Never inside a character. */
export function toLimited(text: string, { maxTokens = Number.POSITIVE_INFINITY, stopSequences }: Limits): Limited {
  let end = text.length;
  let stopSequence: string | undefined;
  for (const sequence of stopSequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at === -1 || at >= end) continue;
    end = at;
    stopSequence = sequence;
  }
  const most = maxTokens * CHARACTERS_A_TOKEN;
  if (end > most) return { text: text.slice(0, most).replace(/[\ud800-\udbff]$/, ''), stop: 'maxTokens' };
  if (stopSequence === undefined) return { text, stop: 'endTurn' };
  return { text: text.slice(0, end), stop: 'stopSequence', stopSequence };
}
