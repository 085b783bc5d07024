import { describe, expect, it } from 'vitest';
import type { Conversation } from './conversation.ts';
import type { ModelRequest } from './exchange.ts';
import type { Part, PartIndex, PartKind } from './part.ts';
import { textRuns } from './text-runs.ts';

const at = (index: number) => index as PartIndex;
const partsOf = (...kinds: readonly PartKind[]): readonly Part[] =>
  kinds.map((kind) => ({ kind, origin: 'user', path: '', text: '' }));
const texts = (count: number) => partsOf(...Array.from({ length: count }, () => 'text' as const));

const indexesOf = (request: ModelRequest, parts: readonly Part[]) =>
  textRuns({ request, parts }).map((run) =>
    run.map(({ index, part }) => {
      expect(part).toBe(parts[index]);
      return index;
    }),
  );

const conversation = (more: Partial<Conversation>): Conversation => ({
  kind: 'conversation',
  system: [],
  messages: [],
  tools: [],
  inference: {},
  metadata: [],
  ...more,
});

describe('the runs of texts of a request', () => {
  it('are the system prompt, the turns, and each other part', () => {
    const request = conversation({
      system: [{ kind: 'text', text: at(0) }, { kind: 'cachePoint' }, { kind: 'text', text: at(1) }],
      messages: [
        { role: 'user', content: [{ kind: 'text', text: at(2) }, { kind: 'cachePoint' }] },
        {
          role: 'assistant',
          content: [
            { kind: 'reasoning', text: at(3) },
            { kind: 'reasoning' },
            { kind: 'toolUse', id: at(4), name: at(5), arguments: at(6) },
          ],
        },
        { role: 'user', content: [{ kind: 'text', text: at(7) }] },
      ],
      metadata: [{ key: at(8), value: at(9) }],
    });
    expect(indexesOf(request, texts(10))).toEqual([[0, 1], [2, 3, 7], [4], [5], [6], [8], [9]]);
    expect(indexesOf({ kind: 'tokenCount', of: request }, texts(10))).toHaveLength(7);
  });

  it('take in documents and tool results where they stand, in whatever order their parts are', () => {
    const document = { kind: 'document', format: 'pdf', citations: false } as const;
    const request = conversation({
      messages: [
        {
          role: 'user',
          content: [
            { kind: 'media', modality: 'image', format: 'png', bytes: new Uint8Array(1) },
            { ...document, name: at(1), context: at(0), text: [at(5), at(6)] },
            {
              kind: 'toolResult',
              id: at(7),
              content: [
                at(3),
                { ...document, text: [at(4)] },
                { kind: 'reference', modality: 'image', source: { kind: 'url', url: at(8) } },
              ],
              failed: false,
            },
            { kind: 'text', text: at(2) },
          ],
        },
      ],
    });
    expect(indexesOf(request, texts(9))).toEqual([[1, 0, 5, 6, 3, 4, 2], [7], [8]]);
  });

  it('leave out what is no text, so that each part is in one run', () => {
    const request = conversation({
      system: [{ kind: 'text', text: at(0) }],
      messages: [{ role: 'user', content: [0, 1, 2, 3, 4].map((index) => ({ kind: 'text', text: at(index) })) }],
    });
    const parts = partsOf('text', 'sealed', 'json', 'identifier');
    expect(indexesOf(request, parts)).toEqual([[0], [1], [2], [3]]);
  });

  it.each<ModelRequest>([
    { kind: 'embedding', inputs: [at(0), at(1)] },
    { kind: 'completion', prompt: at(0), inference: { stopSequences: [at(1)] } },
    { kind: 'tokenCount', of: { kind: 'completion', prompt: at(0), inference: {} } },
  ])('are single parts where nothing is read on: $kind', (request) => {
    expect(indexesOf(request, texts(2))).toEqual([[0], [1]]);
  });
});
