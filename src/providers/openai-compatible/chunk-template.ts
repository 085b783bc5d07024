import { parseAnswerJson } from './answer-text.ts';
import { isBlank, isObject } from './wire-value.ts';

/** What the chunks of one stream have around their text. */
export interface ChunkTemplate {
  /** The text of a chunk that is in all else the one learned; undefined where it may not be, and is to be parsed. */
  textOf(data: string): string | undefined;
  /** Learns from a chunk that has been parsed, if it says a text under one of the names and nothing else. */
  learn(data: string, chunk: unknown): void;
}

/** Members of a message that say something. */
const SAYING = ['content', 'refusal', 'tool_calls', 'reasoning', 'reasoning_content'] as const;

type Saying = (typeof SAYING)[number];
/** What JSON writes otherwise than it is. */
const ESCAPED = /["\\\u0000-\u001f]/;

/** A server whose chunks differ in more, such as the time, is not worth the learning. */
const MAX_LESSONS = 4;

/**
 * Recognises the chunks that make up most of a stream, which differ in a few letters, without parsing each: a quarter of
 * the time.
 *
 * INVARIANT: gives what `JSON.parse` would. What stands before the text and what stands after it were valid JSON around
 * the string at that very place, and a string without quote, backslash or control character is one in any place.
 *
 * `names` are the members that may hold the text.
 */
export function createChunkTemplate(names: readonly Saying[]): ChunkTemplate {
  let before = '';
  let after = '';
  let lessons = 0;
  return {
    textOf(data) {
      const end = data.length - after.length;
      // Before and after would overlap in data shorter than both.
      if (before === '' || end < before.length) return undefined;
      if (data.slice(0, before.length) !== before || data.slice(end) !== after) return undefined;
      const text = data.slice(before.length, end);
      return ESCAPED.test(text) ? undefined : text;
    },
    learn(data, chunk) {
      if (lessons === MAX_LESSONS) return;
      const name = names.find((one) => saysTextAlone(chunk, one));
      if (name === undefined) return;
      lessons += 1;
      const member = `"${name}":"`;
      const start = data.indexOf(member) + member.length;
      const end = data.indexOf('"', start);
      const [head, tail] = [data.slice(0, start), data.slice(end)];
      // Another object may have a member of the same name: the place is the right one if another text there is read.
      if (start < member.length || end === -1 || !isPlace(head, tail, name)) return;
      before = flat(head);
      after = flat(tail);
    },
  };
}

function saysTextAlone(chunk: unknown, name: Saying): boolean {
  const choice = choiceOf(chunk);
  if (!isObject(chunk) || !isObject(choice) || !isObject(choice.delta)) return false;
  const { delta } = choice;
  const text = delta[name];
  const isText = typeof text === 'string' && text !== '' && !ESCAPED.test(text);
  const isAlone = SAYING.every((other) => other === name || isBlank(delta[other]));
  return isText && isAlone && isBlank(choice.finish_reason) && isBlank(chunk.usage);
}

function isPlace(head: string, tail: string, name: Saying): boolean {
  const probe = 'one text or another';
  let chunk: unknown;
  try {
    chunk = parseAnswerJson(`${head}${probe}${tail}`);
  } catch {
    // Cut elsewhere than at the end of a string; such chunks are parsed, each on its own.
    return false;
  }
  const choice = choiceOf(chunk);
  return isObject(choice) && isObject(choice.delta) && choice.delta[name] === probe;
}

/** A copy that is no slice of what was read: comparing with one is ten times as slow, and it would be kept whole. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function choiceOf(chunk: unknown): unknown {
  return isObject(chunk) && Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
}
