import type { StopReason } from '../../../core/index.ts';
import type { Dropped } from '../dropped.ts';
import { notCarried, parseArray, parseObject, parseText, type WireObject } from '../wire-value.ts';
import type { Said } from './family.ts';

/** What the service adds to an answer of any family and this gateway reads. */
const OF_SERVICE = ['amazon-bedrock-invocationMetrics', 'amazon-bedrock-guardrailAction'];

/** The names of a format's members that are read, or that say nothing of their own. */
export function membersOf(...names: readonly string[]): ReadonlySet<string> {
  return new Set([...OF_SERVICE, ...names]);
}

/** Text and stop of an answer, where its end is told by a word. Throws `upstreamFailed` for a word that ends none well. */
export function toSaid(text: unknown, reason: unknown, reasons: Readonly<Record<string, StopReason>>): Said {
  const said = isAbsent(text) ? '' : parseText(text);
  if (isAbsent(reason)) return { text: said };
  const word = parseText(reason);
  const stop = Object.hasOwn(reasons, word) ? reasons[word] : undefined;
  if (stop === undefined) throw notCarried('no valid end');
  return { text: said, stop };
}

interface Listed {
  readonly members: ReadonlySet<string>;
  readonly dropped: Dropped;
}

/** The one answer of a list: none asked for more. Throws `upstreamFailed` for another number of them. */
export function onlyOne(list: unknown, { members, dropped }: Listed): WireObject {
  const [value, ...others] = parseArray(list);
  if (value === undefined || others.length > 0) throw notCarried('not one choice');
  const answer = parseObject(value);
  dropped.besides(answer, members);
  return answer;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
