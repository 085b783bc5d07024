import { describe, expect, it } from 'vitest';
import type { AnswerEvent, Citation, Exchange } from '../../src/core/index.ts';
import { ask, isRefused } from './gateway.ts';
import { besides, harmless, secrets, type Written, writings } from './planted.data.ts';
import { type Carrier, type Said, type Surface, surfaces } from './surfaces.data.ts';
import { differences, inOnePiece, readWireStrings } from './wire-strings.ts';

type Ask = (...texts: readonly string[]) => object;

/** Both ways to ask for an answer, where there are two. */
function waysOf({ path, streamPath }: Surface): readonly (readonly [name: string, path: string, body: object])[] {
  const buffered = ['buffered', path, {}] as const;
  if (streamPath === undefined) return [buffered];
  return [buffered, ['streamed', streamPath, streamPath === path ? { stream: true } : {}]];
}

const asksOf = ({ asks }: Surface) => Object.entries(asks) as readonly (readonly [Carrier, Ask])[];

/** As a model may read it: nothing invisible, look-alike letters for what they look like. */
function plain(text: string): string {
  const lookalikes: Readonly<Record<string, string>> = { а: 'a', е: 'e', о: 'o', А: 'A', К: 'K' };
  const visible = text.normalize('NFKC').replace(/[\p{Cf}\u00ad]/gu, '');
  return visible.replace(/[аеоАК]/g, (letter) => lookalikes[letter] ?? letter);
}

/** Whether a text holds a value, in plain or in the way it was written. */
function holds(text: string, value: string, { encoded }: Pick<Written, 'encoded'>): boolean {
  const read = plain(text);
  const isPlain = read.includes(value) || read.replaceAll(' ', '').includes(value.replaceAll(' ', ''));
  return isPlain || (encoded !== undefined && text.includes(encoded));
}

/** Everything of a request that the model got, as one text and apart. */
function reachedTexts({ parts }: Exchange): readonly string[] {
  return ['', ' ', '\n'].map((between) => parts.map(({ text }) => text).join(between));
}

/** The texts of a value, in one where the place has room for one only. */
function textsFor({ single }: Surface, carrier: Carrier, { texts }: Written): readonly string[] {
  return single.includes(carrier) ? [texts.join('')] : texts;
}

interface Cell {
  readonly name: string;
  readonly value: string;
  readonly written: Written;
}

const cells = Object.entries(secrets).flatMap(([secret, value]) =>
  Object.entries(writings).map(
    ([writing, write]): Cell => ({ name: `${secret}, ${writing}`, value, written: write(value) }),
  ),
);
/** Only where there are several texts: in one, it would be another value. */
const cellsOfSeveral = Object.entries(secrets).map(
  ([secret, value]): Cell => ({ name: `${secret}, against another text`, value, written: besides(value) }),
);

describe.each(surfaces)('a value planted in a request to $name', (surface) => {
  it.each(asksOf(surface))('does not reach the model in its %s', async (carrier, bodyOf) => {
    let called = 0;
    for (const [way, path, more] of waysOf(surface)) {
      for (const { name, value, written } of surface.single.includes(carrier) ? cells : [...cells, ...cellsOfSeveral]) {
        const body = JSON.stringify({ ...bodyOf(...textsFor(surface, carrier, written)), ...more });
        if (isRefused(path, body)) continue;
        const { reached } = await ask({ path, body });
        if (reached === undefined) continue;
        called += 1;
        for (const text of reachedTexts(reached)) {
          expect(holds(text, value, written), `${way}: ${name}: ${text}`).toBe(false);
        }
      }
    }
    // Where a pattern bounds metadata, nothing can be rewritten in it: what is found blocks.
    if (carrier !== 'metadata') expect(called).toBeGreaterThanOrEqual(cells.length);
  });

  it.each(asksOf(surface))(
    'is told from a harmless one, which reaches the model as sent, in its %s',
    async (carrier, bodyOf) => {
      let called = 0;
      for (const [, path, more] of waysOf(surface)) {
        for (const [name, text] of Object.entries(harmless)) {
          const texts = surface.single.includes(carrier) ? [text] : [text, `${text} `];
          const body = JSON.stringify({ ...bodyOf(...texts), ...more });
          if (isRefused(path, body)) continue;
          const { reached, read } = await ask({ path, body });
          expect(reached?.parts, name).toEqual(read.parts);
          expect(
            read.parts.some((part) => showsIn(part.text, text)),
            name,
          ).toBe(true);
          called += 1;
        }
      }
      expect(called).toBeGreaterThan(0);
    },
  );

  it.each(asksOf(surface))(
    'does not reach the model where the body is written in escapes, in its %s',
    async (carrier, bodyOf) => {
      for (const [, path, more] of waysOf(surface)) {
        for (const value of Object.values(secrets)) {
          const encoded = [...value].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
          const body = JSON.stringify({ ...bodyOf(`It is ${value}.`), ...more }).replaceAll(value, () => encoded);
          const { reached } = isRefused(path, body) ? {} : await ask({ path, body });
          for (const text of reached === undefined ? [] : reachedTexts(reached)) {
            expect(holds(text, value, { encoded }), `${carrier}: ${text}`).toBe(false);
          }
        }
      }
    },
  );
});

/** Whether a text stands in another, or in JSON there. */
function showsIn(all: string, text: string): boolean {
  return all.includes(text) || all.includes(JSON.stringify(text).slice(1, -1));
}

const start: AnswerEvent = { kind: 'start' };
const usage: AnswerEvent = { kind: 'usage', usage: { inputTokens: 1, outputTokens: 1 } };
const end: readonly AnswerEvent[] = [{ kind: 'stop', reason: 'endTurn' }, usage];

/** A block whose text comes unit by unit, in as many chunks as there can be. */
function block(
  index: number,
  kind: 'text' | 'reasoning',
  { text, citation }: { readonly text: string; readonly citation?: Citation },
): readonly AnswerEvent[] {
  const deltas = text.split('').map((unit): AnswerEvent => ({ kind: 'delta', index, text: unit }));
  const cited: readonly AnswerEvent[] = citation === undefined ? [] : [{ kind: 'citation', index, citation }];
  return [{ kind: 'blockStart', index, block: { kind } }, ...deltas, ...cited, { kind: 'blockStop', index }];
}

const blocks = (kind: 'text' | 'reasoning', texts: readonly string[]) =>
  texts.flatMap((text, index) => block(index, kind, { text }));

const cited = (quote: string): Citation => ({
  title: 'a page',
  quotes: [quote],
  location: { kind: 'characters', document: 0, start: 0, end: quote.length },
});

/** Answers that say some texts in one way. */
const answers: Readonly<Record<Said, (texts: readonly string[]) => readonly AnswerEvent[]>> = {
  text: (texts) => [start, ...blocks('text', texts), ...end],
  'tool arguments': (texts) => [
    start,
    { kind: 'blockStart', index: 0, block: { kind: 'toolUse', id: 'tool_1', name: 'look_up' } },
    ...Array.from(JSON.stringify({ v: texts.join('') }), (text): AnswerEvent => ({ kind: 'delta', index: 0, text })),
    { kind: 'blockStop', index: 0 },
    { kind: 'stop', reason: 'toolUse' },
    usage,
  ],
  reasoning: (texts) => [
    start,
    ...blocks('reasoning', texts),
    ...block(texts.length, 'text', { text: 'So it is.' }),
    ...end,
  ],
  citation: (texts) => [start, ...block(0, 'text', { text: 'So it is.', citation: cited(texts.join('')) }), ...end],
};

const hiTo = ({ asks }: Surface, more: object) => JSON.stringify({ ...asks['user text']?.('hi'), ...more });

describe.each(surfaces.filter(({ says }) => says.length > 0))('a value that a model says over $name', (surface) => {
  it.each(surface.says)('does not reach the client in %s', async (said) => {
    const isSeveral = said === 'text' || said === 'reasoning';
    for (const [way, path, more] of waysOf(surface)) {
      const body = hiTo(surface, more);
      for (const { name, value, written } of isSeveral ? [...cells, ...cellsOfSeveral] : cells) {
        const { wire, fault } = await ask({ path, body, answer: answers[said](written.texts) });
        expect(fault, name).toBeUndefined();
        const strings = [...inOnePiece(readWireStrings(wire)).values()];
        for (const text of [...strings, strings.join('')]) {
          expect(holds(text, value, written), `${way}: ${name}: ${text}`).toBe(false);
        }
      }
    }
  });

  it.each(surface.says)(
    'is told from a harmless one, which reaches the client as the model said it, in %s',
    async (said) => {
      for (const [way, path, more] of waysOf(surface)) {
        const body = hiTo(surface, more);
        for (const [name, text] of Object.entries(harmless)) {
          const answer = answers[said]([text]);
          const { wire } = await ask({ path, body, answer });
          const { wire: uninspected } = await ask({ path, body, answer, isGuarded: false });
          if (way === 'buffered') expect(wire.equals(uninspected), name).toBe(true);
          const strings = readWireStrings(wire);
          expect(differences(strings, readWireStrings(uninspected)), name).toEqual([]);
          expect(
            [...inOnePiece(strings).values()].some((all) => showsIn(all, text)),
            name,
          ).toBe(true);
        }
      }
    },
  );
});

/** Ways to ask for an answer in JSON. */
const askingForJson: readonly (readonly [surface: string, more: object])[] = [
  ['chat completions', { response_format: { type: 'json_object' } }],
  ['responses', { text: { format: { type: 'json_object' } } }],
  ['messages', { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } }],
];

describe.each(askingForJson)('an answer in JSON over %s', (name, json) => {
  const surface = surfaces.find((one) => one.name === name);
  const ways =
    surface === undefined ? [] : waysOf(surface).map(([, path, more]) => [path, { ...json, ...more }] as const);
  const sayTo = async (text: string) =>
    Promise.all(
      ways.map(async ([path, more]) => {
        const body = surface === undefined ? '' : hiTo(surface, more);
        const { wire, fault } = await ask({ path, body, answer: answers.text([text]) });
        expect(fault).toBeUndefined();
        return [...inOnePiece(readWireStrings(wire)).values()];
      }),
    );

  it('stays the JSON it was where a value in it is masked', async () => {
    const said = await sayTo('{"list":"a\\njane.doe@example.com\\n","n":12345678901234567890}');
    expect(said).toHaveLength(2);
    for (const strings of said) {
      expect(strings).toContain('{"list":"a\\n{EMAIL}\\n","n":12345678901234567890}');
    }
  });

  it('ends before a number that would have to be masked', async () => {
    for (const strings of await sayTo('{"n":1,"card":4111111111111111}')) {
      expect(strings).toContain('{"n":1,"card":');
      expect(strings.join(' ')).not.toContain('4111');
    }
  });
});
