import { describe, expect, it } from 'vitest';
import type { CitationLocation } from './citation.ts';
import { createCitationPlaces, documentsOf } from './cited-documents.ts';
import type { Block, DocumentBlock, ReferenceBlock } from './conversation.ts';
import type { Part, PartIndex } from './part.ts';

const index = (position: number) => position as PartIndex;
const documentOf = (...text: number[]): DocumentBlock => ({
  kind: 'document',
  format: 'txt',
  text: text.map(index),
  citations: true,
});
const referenceTo = (modality: ReferenceBlock['modality']): ReferenceBlock => ({
  kind: 'reference',
  modality,
  source: { kind: 'fileId', id: index(0) },
});
const part = (edits?: Part['edits']): Part => ({
  kind: 'text',
  origin: 'document',
  path: '',
  text: 'mail {EMAIL} today',
  ...(edits === undefined ? {} : { edits }),
});
const parts = [part(), part([{ start: 5, end: 21, length: 7 }])];
const saying = (...content: readonly Block[]) => ({ messages: [{ role: 'user', content }] as const });

describe('the documents that citations count', () => {
  it('stand in reading order, those of tool results and those that stand elsewhere among them', () => {
    const [first, second, third] = [documentOf(0), referenceTo('document'), documentOf(1)];
    const { messages } = saying({ kind: 'text', text: index(0) }, first, referenceTo('image'), {
      kind: 'toolResult',
      id: index(0),
      content: [index(0), second],
      failed: false,
    });
    expect(documentsOf({ messages: [...messages, ...saying(third).messages] })).toEqual([first, second, third]);
  });
});

describe('the place of a citation', () => {
  const at = (document: number, start: number, end: number, kind: CitationLocation['kind'] = 'characters') => ({
    kind,
    document,
    start,
    end,
  });

  it('moves with what was rewritten before it, and spans what it was in', () => {
    const places = createCitationPlaces({ parts }, saying(referenceTo('document'), documentOf(1)));
    for (const [theirs, ours] of [
      [at(1, 22, 27), at(1, 13, 18)],
      [at(1, 0, 27), at(1, 0, 18)],
      [at(1, 5, 21), at(1, 5, 12)],
    ] as const) {
      expect(places.toRewritten(theirs)).toEqual(ours);
      expect(places.toOriginal(ours)).toEqual(theirs);
    }
    expect(places.toRewritten(at(1, 8, 10))).toEqual(at(1, 5, 12));
    expect(places.toOriginal(at(1, 8, 10))).toEqual(at(1, 5, 21));
  });

  it.each([
    ['a document that nothing was rewritten in', [documentOf(0)], at(0, 22, 27)],
    ['a document in several pieces, which came out of a file', [documentOf(1, 0)], at(0, 22, 27)],
    ['a document that has no text', [documentOf()], at(0, 22, 27)],
    ['a document that stands elsewhere', [referenceTo('document')], at(0, 22, 27)],
    ['a document that there is not', [documentOf(1)], at(7, 22, 27)],
    ['a text that there is not', [documentOf(9)], at(0, 22, 27)],
    ['pages', [documentOf(1)], at(0, 22, 27, 'pages')],
    ['chunks', [documentOf(1)], at(0, 22, 27, 'chunks')],
  ] as const)('stays in %s', (_, documents, location) => {
    const places = createCitationPlaces({ parts }, saying(...documents));
    expect(places.toOriginal(location)).toBe(location);
    expect(places.toRewritten(location)).toBe(location);
  });
});
