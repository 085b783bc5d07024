import { describe, expect, it } from 'vitest';
import { parseJson } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { readMessages } from './messages.ts';

const read = (...content: readonly unknown[]) =>
  readMessages(parseJson(JSON.stringify({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content }] })), 'api');
const blockOf = (block: unknown) => read(block).request.messages[0]?.content[0];
const image = (source: object) => ({ type: 'image', source });
const document = (source: object, rest: object = {}) => ({ type: 'document', source, ...rest });
const base64 = (media_type: string, data: string) => ({ type: 'base64', media_type, data });
const pdf = base64('application/pdf', 'JVBERi0=');

describe('an image', () => {
  it.each([
    ['image/jpeg', 'jpeg'],
    ['image/png', 'png'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
  ])('of type %s is media of format %s', (type, format) => {
    expect(blockOf(image(base64(type, 'AAEC')))).toEqual({
      kind: 'media',
      modality: 'image',
      format,
      bytes: Buffer.from([0, 1, 2]),
    });
  });

  it('that stands elsewhere is a reference', () => {
    const { request, parts } = read(
      image({ type: 'url', url: 'https://example.com/a?b=c' }),
      image({ type: 'file', file_id: 'file_011C' }),
    );
    expect(request.messages[0]?.content).toEqual([
      { kind: 'reference', modality: 'image', source: { kind: 'url', url: 0 } },
      { kind: 'reference', modality: 'image', source: { kind: 'fileId', id: 1 } },
    ]);
    const common = { kind: 'identifier', origin: 'user' };
    expect(parts).toEqual([
      { ...common, path: '/messages/0/content/0/source/url', text: 'https://example.com/a?b=c' },
      { ...common, path: '/messages/0/content/1/source/file_id', text: 'file_011C' },
    ]);
  });
});

describe('a document', () => {
  it('of a file keeps its bytes, and what is said of it', () => {
    const { request, parts } = read(
      document(pdf, { title: 'a title', context: 'a context', citations: { enabled: true } }),
      document(pdf, { title: null, context: null, citations: null }),
      document(pdf, { citations: {} }),
    );
    const bytes = Buffer.from('%PDF-');
    expect(request.messages[0]?.content).toEqual([
      { kind: 'document', format: 'pdf', bytes, text: [], name: 0, context: 1, citations: true },
      { kind: 'document', format: 'pdf', bytes, text: [], citations: false },
      { kind: 'document', format: 'pdf', bytes, text: [], citations: false },
    ]);
    const common = { kind: 'text', origin: 'document' };
    expect(parts).toEqual([
      { ...common, path: '/messages/0/content/0/title', text: 'a title' },
      { ...common, path: '/messages/0/content/0/context', text: 'a context' },
    ]);
  });

  it('of text is that text, whole or in the pieces it came in', () => {
    const { request, parts } = read(
      document({ type: 'text', media_type: 'text/plain', data: 'all' }),
      document({ type: 'content', content: 'one' }),
      document({
        type: 'content',
        content: [
          { type: 'text', text: 'two' },
          { type: 'text', text: 'three', citations: null, cache_control: null },
        ],
      }),
    );
    expect(request.messages[0]?.content).toEqual([
      { kind: 'document', format: 'txt', text: [0], citations: false },
      { kind: 'document', format: 'txt', text: [1], citations: false },
      { kind: 'document', format: 'txt', text: [2, 3], citations: false },
    ]);
    expect(parts.map(({ path, text }) => [path.slice('/messages/0/content/'.length), text])).toEqual([
      ['0/source/data', 'all'],
      ['1/source/content', 'one'],
      ['2/source/content/0/text', 'two'],
      ['2/source/content/1/text', 'three'],
    ]);
  });

  it('that stands elsewhere is a reference', () => {
    const { request, parts } = read(
      document({ type: 'url', url: 'http://example.com/a.pdf' }, { title: 'afar', citations: { enabled: false } }),
      document({ type: 'file', file_id: 'file_1' }),
    );
    expect(request.messages[0]?.content).toEqual([
      { kind: 'reference', modality: 'document', format: 'pdf', name: 0, source: { kind: 'url', url: 1 } },
      { kind: 'reference', modality: 'document', source: { kind: 'fileId', id: 2 } },
    ]);
    expect(parts.map(({ kind, origin }) => `${origin}:${kind}`)).toEqual([
      'document:text',
      'user:identifier',
      'user:identifier',
    ]);
  });

  it.each([{ context: 'x' }, { citations: { enabled: true } }])('that stands elsewhere has no place for %j', (rest) => {
    expect(codeOf(() => read(document({ type: 'file', file_id: 'f' }, rest)))).toBe('unsupported');
    expect(codeOf(() => read(document({ type: 'url', url: 'https://example.com' }, rest)))).toBe('unsupported');
  });
});

describe('a file in the result of a tool', () => {
  it('is read like any other, as a result', () => {
    const content = [
      { type: 'text', text: 'see' },
      image(base64('image/png', 'AAEC')),
      image({ type: 'url', url: 'https://example.com/a.png' }),
      document({ type: 'text', media_type: 'text/plain', data: 'all' }),
    ];
    const { request, parts } = read({ type: 'tool_result', tool_use_id: 'a', content });
    expect(request.messages[0]?.content[0]).toMatchObject({
      kind: 'toolResult',
      content: [1, { kind: 'media' }, { kind: 'reference' }, { kind: 'document', text: [3] }],
    });
    expect(parts.map(({ origin, kind }) => `${origin}:${kind}`)).toEqual([
      'toolResult:identifier',
      'toolResult:text',
      'toolResult:identifier',
      'document:text',
    ]);
  });

  it('has no cache point of its own', () => {
    const cached = { cache_control: { type: 'ephemeral' } };
    for (const block of [
      { ...image(base64('image/png', 'AAEC')), ...cached },
      { ...document(pdf), ...cached },
      { type: 'text', text: 'x', ...cached },
    ]) {
      const result = { type: 'tool_result', tool_use_id: 'a', content: [block] };
      expect(codeOf(() => read(result))).toBe('unsupported');
    }
  });
});

describe('a file that two readers could read in two ways', () => {
  it.each([
    ['of nothing', ''],
    ['without padding', 'AAE'],
    ['with padding too much', 'AAEC===='],
    ['with bits beyond its end', 'AAF='],
    ['with a line break', 'AAEC\nAAEC'],
    ['in the alphabet of URLs', 'AA-_'],
    ['with text behind its padding', 'AAE=AAEC'],
    ['with another character', 'AA!C'],
  ])('is refused: %s', (_, data) => {
    expect(codeOf(() => read(image(base64('image/png', data))))).toBe('invalidRequest');
    expect(codeOf(() => read(document(base64('application/pdf', data))))).toBe('invalidRequest');
    const error = String(errorOf(() => read(image(base64('image/png', data)))));
    expect(error).toContain('`messages.0.content.0.source.data`: expected bytes in canonical base64');
  });
});

describe('a source', () => {
  it.each([
    ['an image of another type', image(base64('image/svg+xml', 'AAEC'))],
    ['an image of text', image({ type: 'text', media_type: 'text/plain', data: 'x' })],
    ['a file in the place of a page', document(base64('image/png', 'AAEC'))],
    ['text of another type', document({ type: 'text', media_type: 'text/html', data: 'x' })],
    ['text of nothing', document({ type: 'text', media_type: 'text/plain', data: '' })],
    ['content of nothing', document({ type: 'content', content: '' })],
    ['content of no piece', document({ type: 'content', content: [] })],
    ['content in a data URL', image({ type: 'url', url: 'data:image/png;base64,AAEC' })],
    ['a file of this machine', document({ type: 'url', url: 'file:///etc/passwd' })],
    ['a URL with a space', image({ type: 'url', url: 'https://example.com/a b' })],
    ['a URL beyond ASCII', image({ type: 'url', url: 'https://exämple.com' })],
    ['a file id with a slash', image({ type: 'file', file_id: 'a/b' })],
    ['a source of no known type', image({ type: 's3', uri: 's3://b/k' })],
    ['a source with a field too much', image({ ...base64('image/png', 'AAEC'), url: 'https://example.com' })],
  ])('that is %s is not valid', (_, block) => {
    expect(codeOf(() => read(block))).toBe('invalidRequest');
  });

  it.each([
    ['an image among pieces of text', document({ type: 'content', content: [image(base64('image/png', 'AAEC'))] })],
    [
      'a piece of text with a cache point',
      document({ type: 'content', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }),
    ],
    [
      'an image that must not be scaled down',
      { ...image(base64('image/png', 'AAEC')), transformations: { oversized_image: 'error' } },
    ],
  ])('that is %s is not passed on', (_, block) => {
    expect(codeOf(() => read(block))).toBe('unsupported');
  });

  it('may say of an image what is so anyway', () => {
    for (const transformations of [null, {}, { oversized_image: 'downsize' }]) {
      expect(blockOf({ ...image(base64('image/png', 'AAEC')), transformations })).toMatchObject({ kind: 'media' });
    }
  });
});
