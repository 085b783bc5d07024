import { describe, expect, it } from 'vitest';
import { parseJson } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { readChat } from './chat-request.ts';
import { readResponse } from './response-request.ts';

const readParts = (...content: readonly unknown[]) =>
  readChat(parseJson(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] })));
const readInput = (...content: readonly unknown[]) =>
  readResponse(parseJson(JSON.stringify({ model: 'm', input: [{ role: 'user', content }] })));
const readOutput = (...output: readonly unknown[]) =>
  readResponse(
    parseJson(JSON.stringify({ model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output }] })),
  );

const base64 = (text: string) => Buffer.from(text).toString('base64');
const dataUrl = (type: string, text: string) => `data:${type};base64,${base64(text)}`;

/** The ways of an image and of a file into a request, by what says where it is. */
const images = {
  chat: (url: string) => readParts({ type: 'image_url', image_url: { url } }),
  responses: (url: string) => readInput({ type: 'input_image', image_url: url }),
};
const files = {
  chat: (file: object) => readParts({ type: 'file', file }),
  responses: (file: object) => readInput({ type: 'input_file', ...file }),
};

describe.each(['chat', 'responses'] as const)('an image in %s', (operation) => {
  const read = images[operation];
  const blockOf = (url: string) => read(url).request.messages[0]?.content[0];

  it.each([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
    ['IMAGE/PNG', 'png'],
  ])('of type %s is media of format %s', (type, format) => {
    const bytes = Buffer.from('x1');
    expect(blockOf(dataUrl(type, 'x1'))).toEqual({ kind: 'media', modality: 'image', format, bytes });
  });

  it('that stands elsewhere is a reference', () => {
    const { request, parts } = read('https://example.com/a?b=c');
    expect(request.messages[0]?.content[0]).toEqual({
      kind: 'reference',
      modality: 'image',
      source: { kind: 'url', url: 0 },
    });
    expect(parts).toEqual([
      {
        kind: 'identifier',
        origin: 'user',
        path: expect.stringContaining('/image_url'),
        text: 'https://example.com/a?b=c',
      },
    ]);
  });

  it.each([
    ['nothing', 'data:image/png;base64,'],
    ['no base64', 'data:image/png,xyz'],
    ['no type', `data:;base64,${base64('x')}`],
    ['base64 without its padding', 'data:image/png;base64,AAE'],
    ['base64 with bits beyond its end', 'data:image/png;base64,AAF='],
    ['base64 with a line break', 'data:image/png;base64,AAEC\nAAEC'],
    ['base64 in the alphabet of URLs', 'data:image/png;base64,AA-_'],
    ['a space before it', ` ${dataUrl('image/png', 'x')}`],
    ['a file of this machine', 'file:///etc/passwd'],
    ['an object of S3', 's3://bucket/key'],
    ['a URL with a space', 'https://example.com/a b'],
    ['a URL beyond ASCII', 'https://exämple.com'],
    ['no URL', 'canary-7f3a'],
  ])('of %s is not valid', (_, url) => {
    expect(codeOf(() => read(url))).toBe('invalidRequest');
    expect(String(errorOf(() => read(url)))).toContain('image_url');
  });

  it('of another type is not passed on, with the types that are', () => {
    const svg = dataUrl('image/svg+xml', '<svg/>');
    expect(codeOf(() => read(svg))).toBe('unsupported');
    expect(String(errorOf(() => read(svg)))).toContain('image/webp');
    expect(String(errorOf(() => read(svg)))).not.toContain('svg');
  });
});

describe('sound', () => {
  it.each(['wav', 'mp3'])('of format %s is media', (format) => {
    const { request } = readParts({ type: 'input_audio', input_audio: { data: base64('x1'), format } });
    expect(request.messages[0]?.content).toEqual([
      { kind: 'media', modality: 'audio', format, bytes: Buffer.from('x1') },
    ]);
  });

  it('is in canonical base64, and of a known format', () => {
    for (const input_audio of [
      { data: '', format: 'wav' },
      { data: 'AAF=', format: 'wav' },
      { data: 'AAEC', format: 'flac' },
    ]) {
      expect(codeOf(() => readParts({ type: 'input_audio', input_audio }))).toBe('invalidRequest');
    }
  });
});

describe.each(['chat', 'responses'] as const)('a document in %s', (operation) => {
  const read = files[operation];

  it.each([
    ['application/pdf', 'pdf'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['application/msword', 'doc'],
    ['application/vnd.ms-excel', 'xls'],
    ['text/html', 'html'],
  ])('of type %s keeps its bytes until its text is taken out', (type, format) => {
    const { request, parts } = read({ filename: 'a name', file_data: dataUrl(type, 'x1') });
    expect(request.messages[0]?.content).toEqual([
      { kind: 'document', name: 0, format, bytes: Buffer.from('x1'), text: [], citations: false },
    ]);
    expect(parts).toEqual([
      { kind: 'text', origin: 'document', path: expect.stringContaining('/filename'), text: 'a name' },
    ]);
  });

  it.each([
    ['text/plain', 'txt'],
    ['text/plain;charset=UTF-8', 'txt'],
    ['text/markdown', 'md'],
    ['text/csv', 'csv'],
  ])('of type %s is its text', (type, format) => {
    const { request, parts } = read({ file_data: dataUrl(type, '\ufeffGrüße') });
    expect(request.messages[0]?.content).toEqual([{ kind: 'document', format, text: [0], citations: false }]);
    expect(parts).toEqual([
      { kind: 'text', origin: 'document', path: expect.stringContaining('/file_data'), text: '\ufeffGrüße' },
    ]);
  });

  it('of malformed text is not inspectable', () => {
    expect(codeOf(() => read({ file_data: 'data:text/plain;base64,/w==' }))).toBe('uninspectable');
  });

  it('that was uploaded before is a reference', () => {
    const { request, parts } = read({ filename: 'a name', file_id: 'file-1' });
    expect(request.messages[0]?.content).toEqual([
      { kind: 'reference', modality: 'document', name: 0, source: { kind: 'fileId', id: 1 } },
    ]);
    expect(parts[1]).toEqual({
      kind: 'identifier',
      origin: 'user',
      path: expect.stringContaining('/file_id'),
      text: 'file-1',
    });
  });

  it.each([
    ['of no source', { filename: 'a' }],
    ['of two sources', { file_data: dataUrl('text/plain', 'x'), file_id: 'file-1' }],
    ['of bare base64', { file_data: base64('x') }],
    ['without a name in the place of it', { filename: '', file_id: 'file-1' }],
    ['of an id with a slash', { file_id: '../file' }],
  ])('%s is not valid', (_, file) => {
    expect(codeOf(() => read(file))).toBe('invalidRequest');
  });

  it('of another type is not passed on', () => {
    expect(codeOf(() => read({ file_data: dataUrl('application/zip', 'x') }))).toBe('unsupported');
  });
});

describe('a file that only responses have a way for', () => {
  it('is one that stands elsewhere, or an image that was uploaded before', () => {
    const { request, parts } = readInput(
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
      { type: 'input_image', file_id: 'file-2' },
    );
    expect(request.messages[0]?.content).toEqual([
      { kind: 'reference', modality: 'document', source: { kind: 'url', url: 0 } },
      { kind: 'reference', modality: 'image', source: { kind: 'fileId', id: 1 } },
    ]);
    expect(parts.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'identifier /input/0/content/0/file_url',
      'identifier /input/0/content/1/file_id',
    ]);
  });

  it('is that of a tool', () => {
    const { request, parts } = readOutput(
      { type: 'input_text', text: 'see' },
      { type: 'input_image', image_url: dataUrl('image/png', 'x1') },
      { type: 'input_file', file_data: dataUrl('text/csv', 'a,b') },
    );
    expect(request.messages[0]?.content).toEqual([
      {
        kind: 'toolResult',
        id: 0,
        content: [1, { kind: 'media', modality: 'image', format: 'png', bytes: Buffer.from('x1') }, expect.anything()],
        failed: false,
      },
    ]);
    expect(parts.map(({ origin, text }) => `${origin} ${text}`)).toEqual([
      'toolResult c',
      'toolResult see',
      'document a,b',
    ]);
  });

  it.each([
    ['an image of no source', { type: 'input_image' }],
    ['an image of two sources', { type: 'input_image', image_url: 'https://example.com', file_id: 'file-1' }],
    ['a file in a data URL', { type: 'input_file', file_url: dataUrl('text/plain', 'x') }],
    [
      'a file of two sources',
      { type: 'input_file', file_url: 'https://example.com', file_data: dataUrl('text/plain', 'x') },
    ],
  ])('is not %s', (_, part) => {
    expect(codeOf(() => readInput(part))).toBe('invalidRequest');
  });
});
