import { describe, expect, it } from 'vitest';
import { createPartList, type DocumentBlock, type MediaBlock, type PartIndex } from '../../core/index.ts';
import { type ContentBlock, printContent, printTextContent } from './chat-content.ts';

const bytes = new Uint8Array([0, 1, 250, 255]);
const base64 = 'AAH6/w==';

/** Blocks made with parts, printed for a user's message and for one that takes text alone. */
function printed(make: (add: (text: string) => PartIndex) => readonly ContentBlock[], isTextOnly = false): unknown {
  const list = createPartList();
  const blocks = make((text) => list.add({ kind: 'text', origin: 'user', path: '', text }));
  return JSON.parse((isTextOnly ? printTextContent : printContent)({ parts: list.parts }, blocks));
}

const media = (modality: MediaBlock['modality'], format: string): MediaBlock => ({
  kind: 'media',
  modality,
  format,
  bytes,
});
const refused = (code: string) => expect.objectContaining({ code });

describe('content', () => {
  it('is one string where all of it is text, documents included', () => {
    const content = printed((add) => [
      { kind: 'text', text: add('compare') },
      {
        kind: 'document',
        format: 'txt',
        name: add('one.txt'),
        text: [add('first'), add('page two')],
        context: add('the older one'),
        citations: false,
      },
      { kind: 'document', format: 'md', text: [add('# second')], citations: false },
    ]);
    expect(content).toBe(
      ['compare', '[Document: one.txt]', 'the older one', 'first', 'page two', '[Document]', '# second'].join('\n'),
    );
  });

  it('is refused with citations, for which no part has a place', () => {
    for (const isTextOnly of [false, true]) {
      const cited = () =>
        printed((add) => [{ kind: 'text', text: add('so'), citations: [{ quotes: [] }] }], isTextOnly);
      expect(cited).toThrow(refused('unsupported'));
    }
  });

  it('is a list of parts in their order where not all is text', () => {
    const content = printed((add) => [
      { kind: 'text', text: add('what is "this"?') },
      media('image', 'png'),
      media('audio', 'wav'),
      media('audio', 'mp3'),
      { kind: 'reference', modality: 'image', source: { kind: 'url', url: add('https://images.example/"a".png') } },
      { kind: 'document', format: 'csv', text: [add('a,b')], citations: false },
    ]);
    expect(content).toEqual([
      { type: 'text', text: 'what is "this"?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${base64}` } },
      { type: 'input_audio', input_audio: { data: base64, format: 'wav' } },
      { type: 'input_audio', input_audio: { data: base64, format: 'mp3' } },
      { type: 'image_url', image_url: { url: 'https://images.example/"a".png' } },
      { type: 'text', text: '[Document]\na,b' },
    ]);
  });

  it.each([
    ['video', media('video', 'mp4')],
    ['audio of another format', media('audio', 'flac')],
    ['an image whose format would be more than that', media('image', 'png;base64,AA"},"x":{"y":"')],
  ])('is refused with %s', (_, block) => {
    expect(() => printed(() => [block])).toThrow(refused('unsupported'));
  });

  it('is refused with references the API has no field for', () => {
    const reference = (modality: 'image' | 'document' | 'audio', kind: 'url' | 's3Location' | 'fileId') => () =>
      printed((add) => [
        {
          kind: 'reference',
          modality,
          source:
            kind === 'url'
              ? { kind, url: add('https://a.example') }
              : kind === 'fileId'
                ? { kind, id: add('file-1') }
                : { kind, uri: add('s3://a/b') },
        },
      ]);
    expect(reference('document', 'url')).toThrow(refused('unsupported'));
    expect(reference('audio', 'url')).toThrow(refused('unsupported'));
    expect(reference('image', 's3Location')).toThrow(refused('unsupported'));
    expect(reference('image', 'fileId')).toThrow(refused('unsupported'));
  });

  it('that takes text alone is refused with anything else', () => {
    expect(() => printed(() => [media('image', 'png')], true)).toThrow(refused('unsupported'));
    const url = (add: (text: string) => PartIndex) =>
      [{ kind: 'reference', modality: 'image', source: { kind: 'url', url: add('https://a.example') } }] as const;
    expect(() => printed(url, true)).toThrow(refused('unsupported'));
  });
});

describe('a document', () => {
  const pdf = (add: (text: string) => PartIndex, more: Partial<DocumentBlock> = {}): DocumentBlock => ({
    kind: 'document',
    format: 'pdf',
    bytes,
    text: [add('what it says')],
    citations: false,
    ...more,
  });

  it('goes as the file it is where that may go', () => {
    const file = (filename: string) => ({
      type: 'file',
      file: { filename, file_data: `data:application/pdf;base64,${base64}` },
    });
    expect(printed((add) => [pdf(add, { name: add('Report') })])).toEqual([file('Report.pdf')]);
    expect(printed((add) => [pdf(add, { name: add('Report.PDF') })])).toEqual([file('Report.PDF')]);
    expect(printed((add) => [pdf(add, { context: add('of 2024') })])).toEqual([
      { type: 'text', text: 'of 2024' },
      file('document.pdf'),
    ]);
  });

  it('goes as its text where that was rewritten', () => {
    const list = createPartList();
    const edits = [{ start: 0, end: 4, length: 7 }];
    const text = list.add({ kind: 'text', origin: 'document', path: '', text: '{EMAIL} was here', edits });
    const block: DocumentBlock = { kind: 'document', format: 'pdf', bytes, text: [text], citations: false };
    expect(printContent(list, [block])).toBe('"[Document]\\n{EMAIL} was here"');
  });

  it('goes as its text where no file goes', () => {
    expect(printed((add) => [pdf(add)], true)).toBe('[Document]\nwhat it says');
  });

  it('is refused where nothing of it could go', () => {
    const empty: DocumentBlock = { kind: 'document', format: 'pdf', text: [], citations: false };
    expect(() => printed(() => [empty])).toThrow(refused('uninspectable'));
    expect(() => printed(() => [{ ...empty, bytes }], true)).toThrow(refused('uninspectable'));
  });

  it('is refused where it is to be cited', () => {
    expect(() => printed((add) => [pdf(add, { citations: true })])).toThrow(refused('unsupported'));
    expect(() => printed((add) => [pdf(add, { citations: true })], true)).toThrow(refused('unsupported'));
  });
});
