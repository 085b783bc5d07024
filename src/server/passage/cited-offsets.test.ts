import { expect, it } from 'vitest';
import type { AnswerEvent, DocumentBlock, Exchange, Part, PartIndex } from '../../core/index.ts';
import { createCitationMap } from './cited-offsets.ts';

const document = (...text: number[]): DocumentBlock => ({
  kind: 'document',
  format: 'txt',
  text: text as PartIndex[],
  citations: true,
});
const part = (edits?: Part['edits']): Part => ({
  kind: 'text',
  origin: 'document',
  path: '',
  text: 'mail {EMAIL} today',
  ...(edits === undefined ? {} : { edits }),
});
const edits = [{ start: 5, end: 21, length: 7 }];

function exchangeOf(...documents: readonly DocumentBlock[]): Pick<Exchange, 'request' | 'parts'> {
  const result = { kind: 'toolResult', id: 0 as PartIndex, content: documents.slice(1), failed: false } as const;
  return {
    parts: [part(), part(edits)],
    request: {
      kind: 'conversation',
      system: [],
      messages: [{ role: 'user', content: [...documents.slice(0, 1), result] }],
      tools: [],
      inference: {},
      metadata: [],
    },
  };
}

const cite = (kind: 'characters' | 'pages', document: number): AnswerEvent => ({
  kind: 'citation',
  index: 0,
  citation: { quotes: ['{EMAIL} today'], location: { kind, document, start: 5, end: 18 } },
});

it('counts in the document as the caller sent it, also within a tool result', () => {
  const map = createCitationMap(exchangeOf(document(0), document(1)));
  expect(map([cite('characters', 1)])).toEqual([
    {
      ...cite('characters', 1),
      citation: { quotes: ['{EMAIL} today'], location: { kind: 'characters', document: 1, start: 5, end: 27 } },
    },
  ]);
});

it('counts documents that stand elsewhere, which it has no text of', () => {
  const { parts, request } = exchangeOf(document(1));
  if (request.kind !== 'conversation') throw new Error('not a conversation');
  const source = { kind: 'fileId', id: 0 as PartIndex } as const;
  const before = { role: 'user', content: [{ kind: 'reference', modality: 'document', source }] } as const;
  const map = createCitationMap({ parts, request: { ...request, messages: [before, ...request.messages] } });
  expect(map([cite('characters', 0), cite('characters', 1)])).toMatchObject([
    cite('characters', 0),
    { citation: { location: { document: 1, start: 5, end: 27 } } },
  ]);
});

it('leaves the citations of an answer to a raw prompt', () => {
  const request = { kind: 'completion', prompt: 0 as PartIndex, inference: {} } as const;
  const events = [cite('characters', 0)];
  expect(createCitationMap({ parts: [], request })(events)).toBe(events);
});

it.each([
  ['pages', cite('pages', 1)],
  ['a document that nothing was rewritten in', cite('characters', 0)],
  ['a document that there is not', cite('characters', 7)],
  ['no place', { kind: 'citation', index: 0, citation: { quotes: [] } } as const],
])('leaves %s as they are', (_, event) => {
  const map = createCitationMap(exchangeOf(document(0), document(1)));
  expect(map([event])).toEqual([event]);
});

it('leaves offsets in a file of several pieces, which the caller does not have', () => {
  const events = [cite('characters', 0)];
  expect(createCitationMap(exchangeOf(document(1, 0)))(events)).toBe(events);
});

it('leaves answers without citations the very same', () => {
  const events: readonly AnswerEvent[] = [{ kind: 'start' }];
  expect(createCitationMap(exchangeOf(document(1)))(events)).toBe(events);
});
