import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChunkTemplate } from './chunk-template.ts';

const chunk = (content: unknown, rest: object = {}) =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null, ...rest }], usage: null });

/** A template that has parsed and learned from each. */
function learned(...chunks: readonly string[]) {
  const template = createChunkTemplate(['content']);
  for (const data of chunks) template.learn(data, JSON.parse(data));
  return template;
}

describe('the template of a chunk', () => {
  it('knows nothing at first', () => {
    expect(createChunkTemplate(['content']).textOf(chunk('a'))).toBeUndefined();
  });

  it('gives the text of chunks that differ in it alone', () => {
    const template = learned(chunk('a'));
    expect([chunk('b'), chunk(''), chunk('größer')].map(template.textOf)).toEqual(['b', '', 'größer']);
  });

  it('leaves to the parser what JSON writes otherwise than it is', () => {
    const template = learned(chunk('a'));
    expect(['"', '\\', '\n', '"},"finish_reason":"stop'].map((text) => template.textOf(chunk(text)))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(template.textOf(chunk('a').replace('"a"', '"\u0001"'))).toBeUndefined();
  });

  it('leaves to the parser what differs elsewhere', () => {
    const template = learned(chunk('a'));
    const others = [
      chunk('b', { finish_reason: 'stop' }),
      chunk('b').replace('"c"', '"d"'),
      chunk('b').slice(0, -1),
      chunk('').replace('""', '"'),
      chunk(null),
    ];
    expect(others.map(template.textOf)).toEqual(others.map(() => undefined));
  });

  it.each([
    ['ends the answer', chunk('a', { finish_reason: 'stop' })],
    ['calls', chunk('a', { delta: { content: 'a', tool_calls: [{}] } })],
    ['refuses', chunk('a', { delta: { content: 'a', refusal: 'no' } })],
    ['counts', chunk('a').replace('"usage":null', '"usage":{"prompt_tokens":1}')],
    ['has no text', chunk('')],
    ['has an escape', chunk('a\n')],
    ['has no choice', '{"choices":[]}'],
    ['has no delta', '{"choices":[{"text":"a"}]}'],
    ['has no place for it', '{"choices":[{"delta":{"content" : "a"}}]}'],
    ['has its text elsewhere first', `{"note":{"content":"a"},${chunk('a').slice(1)}`],
    ['has a string elsewhere first', `{"note":{"content":"\\""},${chunk('a').slice(1)}`],
    ['has it twice', chunk('b').replace('"content":"b"', '"content":"x","content":"b"')],
  ])('learns nothing from a chunk that %s', (_, data) => {
    expect(learned(data).textOf(data.replace('"a"', '"b"'))).toBeUndefined();
  });

  it('is not learned from a chunk that reasons beside its text', () => {
    for (const name of ['reasoning', 'reasoning_content']) {
      const data = chunk('a', { delta: { content: 'a', [name]: 'let me see' } });
      expect(learned(data).textOf(data)).toBeUndefined();
    }
  });

  it('of reasoning gives its text under the name the server uses, and no other', () => {
    const thinking = (text: string, name = 'reasoning_content', content: unknown = null) =>
      JSON.stringify({ choices: [{ index: 0, delta: { content, [name]: text } }] });
    for (const name of ['reasoning', 'reasoning_content']) {
      const template = createChunkTemplate(['reasoning', 'reasoning_content']);
      template.learn(thinking('a', name), JSON.parse(thinking('a', name)));
      expect(template.textOf(thinking('b', name))).toBe('b');
      expect(template.textOf(thinking('b', name, 'c'))).toBeUndefined();
      expect(template.textOf(thinking('b', 'other'))).toBeUndefined();
    }
    const both = '{"choices":[{"delta":{"reasoning":"a","reasoning_content":"a"}}]}';
    const template = createChunkTemplate(['reasoning', 'reasoning_content']);
    template.learn(both, JSON.parse(both));
    expect(template.textOf(both)).toBeUndefined();
  });

  it('learns anew where a server changes its chunks, a few times', () => {
    const at = (time: number, text: string) => chunk(text, { time });
    const template = createChunkTemplate(['content']);
    for (const time of [1, 2, 3, 4]) {
      template.learn(at(time, 'a'), JSON.parse(at(time, 'a')));
      expect(template.textOf(at(time, 'b'))).toBe('b');
    }
    template.learn(at(5, 'a'), JSON.parse(at(5, 'a')));
    expect(template.textOf(at(5, 'b'))).toBeUndefined();
  });

  it('says what the parser would, or nothing', () => {
    const fragment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '","content":"', '"},"x":{"content":"', '\\u0041', '\\"'),
    );
    const written = fc.oneof(
      fc
        .array(fragment)
        .map((parts) => parts.join(''))
        .map((text) => JSON.stringify(text)),
      fc.array(fragment).map((parts) => `"${parts.join('')}"`),
    );
    fc.assert(
      fc.property(fc.array(written, { minLength: 2 }), (texts) => {
        const template = createChunkTemplate(['content']);
        for (const text of texts) {
          const data = chunk('TEXT').replace('"TEXT"', () => text);
          const read = template.textOf(data);
          const parsed = parse(data);
          if (read !== undefined) expect(read).toBe(parsed?.choices[0].delta.content);
          else if (parsed !== undefined) template.learn(data, parsed);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function parse(data: string) {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
