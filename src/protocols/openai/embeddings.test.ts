import { describe, expect, it } from 'vitest';
import { parseJson, parseModelId } from '../../core/index.ts';
import { codeOf, itReadsEverything } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { readEmbeddings } from './embeddings-request.ts';
import { openaiProtocol } from './protocol.ts';

const body = {
  model: 'amazon.titan-embed-text-v2:0',
  input: ['one', 'two'],
  encoding_format: 'float',
  dimensions: 256,
  user: 'user 7',
};

const read = (value: unknown) => readEmbeddings(parseJson(JSON.stringify(value)));

describe('an embeddings request', () => {
  itReadsEverything({
    protocol: openaiProtocol,
    operation: 'embeddings',
    body,
    raw: [],
    maps: [],
  });

  it('has one input or many', () => {
    expect(read(body).request).toMatchObject({ kind: 'embedding', inputs: [0, 1], dimensions: 256 });
    expect(read({ model: 'm', input: 'one' })).toMatchObject({
      format: 'float',
      request: { kind: 'embedding', inputs: [0] },
      parts: [{ kind: 'text', origin: 'user', path: '/input', text: 'one' }],
    });
  });

  it('may not be in tokens, which nothing here could read', () => {
    for (const input of [
      [1, 2],
      [[1, 2], [3]],
    ]) {
      expect(codeOf(() => read({ model: 'm', input }))).toBe('uninspectable');
    }
  });

  it.each([
    ['no input', []],
    ['an empty text', ''],
    ['an empty text among others', ['a', '']],
    ['too many inputs', Array(2049).fill('a')],
    ['an object', { text: 'a' }],
  ])('refuses %s', (_, input) => {
    expect(codeOf(() => read({ model: 'm', input }))).toBe('invalidRequest');
  });

  it('is answered whole: a block is a fault, and there is no stream', () => {
    const route = { kind: 'invoke', operation: 'embeddings' } as const;
    const request = openaiProtocol.read(route, Buffer.from(JSON.stringify(body)), () => undefined);
    const writer = request.createReply({ requestId, createdAt, model: parseModelId('m') });
    const { status, body: blocked } = writer.blocked({ types: ['EMAIL'], message: 'not here' }, 1);
    expect([status, JSON.parse(Buffer.from(blocked).toString()).error.code]).toEqual([400, 'content_filter']);
    expect(codeOf(() => writer.events([], 1))).toBe('internal');
  });
});
