import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../../src/core/index.ts';
import { ask, askThrough } from './gateway.ts';
import { secrets, writings } from './planted.data.ts';
import { type Surface, surfaces } from './surfaces.data.ts';
import { inOnePiece, readWireStrings } from './wire-strings.ts';

const doors = ['rest', 'alb'] as const;

/** Every secret in every way of writing. */
const planted = Object.entries(secrets).flatMap(([name, value]) =>
  Object.entries(writings).map(([writing, write]) => ({
    name: `${name}, ${writing}`,
    value,
    texts: write(value).texts,
  })),
);

/** Buffered and, where there is that, streamed. */
function waysOf({ path, streamPath }: Surface): readonly (readonly [path: string, more: object])[] {
  if (streamPath === undefined) return [[path, {}]];
  return [
    [path, {}],
    [streamPath, streamPath === path ? { stream: true } : {}],
  ];
}

const saying = (text: string): readonly AnswerEvent[] => [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  ...Array.from(text, (unit): AnswerEvent => ({ kind: 'delta', index: 0, text: unit })),
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'endTurn' },
  { kind: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
];

describe.each(doors)('through the handler behind %s', (door) => {
  it.each(surfaces)('the model gets of $name what it gets in any case', async ({ asks, single, ...surface }) => {
    let reachedAtAll = 0;
    for (const [path, more] of waysOf({ asks, single, ...surface })) {
      for (const [carrier, bodyOf] of Object.entries(asks)) {
        for (const { name, texts } of planted) {
          const given = single.some((one) => one === carrier) ? [texts.join('')] : texts;
          const body = JSON.stringify({ ...bodyOf(...given), ...more });
          const direct = await ask({ path, body }).catch(() => undefined);
          if (direct === undefined) continue;
          const through = await askThrough(door, { path, body });
          expect(through.reached?.parts, name).toEqual(direct.reached?.parts);
          if (through.reached !== undefined) reachedAtAll += 1;
        }
      }
    }
    expect(reachedAtAll).toBeGreaterThan(0);
  });

  it.each(surfaces.filter(({ says }) => says.includes('text')))(
    'the client gets of an answer over $name what it gets in any case',
    async (surface) => {
      for (const [path, more] of waysOf(surface)) {
        for (const { name, value, texts } of planted) {
          const body = JSON.stringify({ ...surface.asks['user text']?.('hi'), ...more });
          const answer = saying(`It is ${texts.join('')}.`);
          const strings = (wire: Buffer) => [...inOnePiece(readWireStrings(wire)).values()].filter(isSaid);
          const through = strings((await askThrough(door, { path, body, answer })).wire);
          expect(through.length, name).toBeGreaterThan(0);
          expect(through.join(' '), name).not.toContain(value);
          expect(through, name).toEqual(strings((await ask({ path, body, answer })).wire));
        }
      }
    },
  );
});

const isSaid = (text: string) => text.startsWith('It is');
