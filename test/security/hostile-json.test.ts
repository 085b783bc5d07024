import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const MARK = 'Quetzalcoatlus';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

/** Each protocol's body around a user's text in JSON, with room for what else an attack puts at its top. */
const protocols = [
  [
    'Bedrock',
    `/model/${NOVA}/converse`,
    (text: string, more = '') => `{${more}"messages":[{"role":"user","content":[{"text":${text}}]}]}`,
  ],
  [
    'OpenAI',
    '/openai/v1/chat/completions',
    (text: string, more = '') => `{${more}"model":"${NOVA}","messages":[{"role":"user","content":${text}}]}`,
  ],
  [
    'Anthropic',
    '/anthropic/v1/messages',
    (text: string, more = '') =>
      `{${more}"model":"${NOVA}","max_tokens":9,"messages":[{"role":"user","content":${text}}]}`,
  ],
] as const;

const send = (path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  raw(gateway.demo.endpoint, {
    path,
    body,
    headers: { authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}`, ...headers },
  });

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe.each(protocols)('a body for %s that is made to be read in two ways', (_name, path, toBody) => {
  const plain = toBody(`"${MARK}"`);

  it('is read where it is sound', async () => {
    expect((await send(path, plain)).status).toBe(200);
  });

  it.each([
    ['has a key twice', toBody(`"${MARK}"`, '"messages":[],')],
    ['has a key twice, once in escapes', toBody(`"${MARK}"`, '"m\\u0065ssages":[],')],
    ['has a key twice, deep inside', plain.replace('"role":"user"', '"role":"user","role":"assistant"')],
    ['sets __proto__', toBody(`"${MARK}"`, '"__proto__":{"role":"assistant"},')],
    ['sets __proto__ in escapes', toBody(`"${MARK}"`, '"\\u005f_proto__":{},')],
    ['sets constructor', toBody(`"${MARK}"`, '"constructor":{"prototype":{"x":1}},')],
    ['sets prototype', plain.replace('"role":"user"', '"role":"user","prototype":{}')],
    ['holds half a character', toBody(`"${MARK}\\ud800"`)],
    ['holds halves in the wrong order', toBody(`"${MARK}\\udc00\\ud800"`)],
    ['is nested without end', toBody(nested(100_000))],
    ['is nested deeper than allowed', toBody(`"${MARK}"`, `"x":${nested(65)},`)],
    ['holds a number out of range', toBody(`"${MARK}"`, '"temperature":1e999,')],
    ['holds NaN', toBody(`"${MARK}"`, '"temperature":NaN,')],
    ['has a comment', toBody(`"${MARK}"/*x*/`)],
    ['has a comma too many', plain.replace(/}$/, ',}')],
    ['goes on after its end', `${plain}{}`],
    ['holds a line end in a string', toBody(`"${MARK}\n"`)],
    ['is empty', ''],
    ['is only white space', ' \n '],
  ])('is refused, and not repeated, where it %s', async (_what, body) => {
    const answer = await send(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain(MARK);
  });

  it.each([
    ['with a byte order mark', Buffer.from(`\ufeff${plain}`)],
    ['in UTF-16, little-endian', Buffer.from(plain, 'utf16le')],
    ['in UTF-16 with its mark', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['in UTF-16, big-endian', Buffer.from(plain, 'utf16le').swap16()],
    ['in Latin-1', Buffer.from(toBody('"caf\xe9"'), 'latin1')],
    [
      'with an overlong form',
      Buffer.concat([Buffer.from(plain.slice(0, -8)), Buffer.of(0xc0, 0xaf), Buffer.from(plain.slice(-8))]),
    ],
    ['with half a character in bytes', Buffer.from(toBody('"\xed\xa0\x80"'), 'latin1')],
    ['with NUL behind it', Buffer.from(`${plain}\0`)],
  ])('is refused %s', async (_what, body) => {
    expect((await send(path, body)).status).toBe(400);
    const named = await send(path, body, { 'content-type': 'application/json; charset=utf-16' });
    expect([400, 415]).toContain(named.status);
  });

  it.each([
    ['gzip', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['deflate, gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['x-unknown', Buffer.from(plain)],
  ])('is refused where it is compressed: %s', async (coding, body) => {
    expect((await send(path, body, { 'content-encoding': coding })).status).toBe(415);
    expect((await send(path, body)).status).toBe(coding === 'x-unknown' ? 200 : 400);
  });

  it('is refused where it is larger than the limit, whether it says so or not', async () => {
    const large = toBody(`"${'x'.repeat(21_000_000)}"`);
    const outcome = (headers: Readonly<Record<string, string>>) =>
      send(path, large, headers).then(
        ({ status }) => status,
        ({ code }: NodeJS.ErrnoException) => code,
      );
    // The connection may be closed before all of it is sent.
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(await outcome({}));
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(await outcome({ 'transfer-encoding': 'chunked' }));
  });
});
