import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { exchangeBytes } from '../gateway/raw.ts';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

const INNER = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n';
const statusLines = (text: string) => text.match(/HTTP\/1\.1 \d{3}/g) ?? [];

describe('a request inside a request', () => {
  it('is not answered where the outer one is refused before its body is read', async () => {
    const outer = `POST /openai/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer nobody\r\ncontent-length: ${INNER.length}\r\n\r\n`;
    const answer = await exchangeBytes(gateway.demo.endpoint, outer + INNER, 500);
    expect(statusLines(answer)).toEqual(['HTTP/1.1 401']);
    const unfinished = outer.replace(/content-length: \d+/, 'content-length: 5000');
    const closed = await exchangeBytes(gateway.demo.endpoint, unfinished + INNER, 500);
    expect(statusLines(closed)).toEqual(['HTTP/1.1 401']);
    expect(closed.toLowerCase()).toContain('connection: close');
  });

  it('is refused where two lengths contradict each other', async () => {
    const both = `POST /openai/v1/models HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${INNER}`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, both, 500))).toEqual(['HTTP/1.1 400']);
    const twice = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\ncontent-length: 44\r\n\r\n${INNER}`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, twice, 500))).toEqual(['HTTP/1.1 400']);
  });

  it('does not come in through a header', async () => {
    const folded = `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\n\n${INNER}`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, folded, 500))).toEqual(['HTTP/1.1 400']);
  });

  const keyed = () => `authorization: Bearer ${gateway.demo.principals.developer?.apiKey}\r\n`;
  const POST = 'POST /openai/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n';

  it.each([
    ['CL.TE', 'content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nG'],
    ['TE.CL', 'transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['TE.TE, the second of two', 'transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n'],
    ['TE.TE, in one header', 'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['TE.TE, an unknown one', 'transfer-encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['TE.TE, hidden by a vertical tab', 'transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n'],
    ['TE.TE, hidden by a space before the colon', 'transfer-encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['TE.TE, hidden by obs-fold', 'transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n'],
    ['a bare LF between headers', 'x: a\ncontent-length: 5\r\n\r\n'],
    ['a bare LF at their end', 'content-length: 0\r\n\n'],
    ['a bare CR between headers', 'x: a\rcontent-length: 5\r\n\r\n'],
    ['NUL in a header', 'x: a\0b\r\n\r\n'],
    ['a space in a header’s name', 'x y: a\r\n\r\n'],
    ['a length with a sign', 'content-length: +2\r\n\r\n{}'],
    ['a negative length', 'content-length: -2\r\n\r\n{}'],
    ['a hexadecimal length', 'content-length: 0x2\r\n\r\n{}'],
    ['two lengths in one header', 'content-length: 2, 2\r\n\r\n{}'],
    ['two equal lengths', 'content-length: 2\r\ncontent-length: 2\r\n\r\n{}'],
    ['a length beyond any number', 'content-length: 99999999999999999999999\r\n\r\n{}'],
    ['an LF in a chunk extension', 'transfer-encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n'],
    ['a prefix in a chunk’s size', 'transfer-encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n'],
    ['a chunk’s size that overflows', 'transfer-encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is longer than its size', 'transfer-encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n'],
    ['chunks that end by LF', 'transfer-encoding: chunked\r\n\r\n2\n{}\n0\n\n'],
    ['a length in the trailers', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\ncontent-length: 44\r\n\r\n'],
  ])('is refused with its outer one, and the connection closed: %s', async (_name, headers) => {
    const answer = await exchangeBytes(gateway.demo.endpoint, POST + keyed() + headers + INNER, 1_000);
    expect(statusLines(answer)).toEqual(['HTTP/1.1 400']);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('is not made of what ends a body that is whole', async () => {
    const chunked = `${POST}${keyed()}transfer-encoding: chunked\r\n\r\n2;ext="x"\r\n{}\r\n0\r\n\r\n`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, chunked + INNER, 500))).toEqual([
      'HTTP/1.1 400',
      'HTTP/1.1 200',
    ]);
    const coded = chunked.replace('chunked', 'gzip, chunked');
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, coded, 500))).toEqual(['HTTP/1.1 415']);
    const long = chunked.replace('ext="x"', 'x'.repeat(20_000));
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, long + INNER, 500))).toEqual(['HTTP/1.1 413']);
  });

  it('does not come in the body of a GET', async () => {
    const outer = `GET /openai/v1/models HTTP/1.1\r\nhost: localhost\r\n${keyed()}content-length: ${INNER.length}\r\n\r\n`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, outer + INNER, 500))).toEqual(['HTTP/1.1 200']);
  });

  it.each([
    ['HTTP/0.9', 'GET /healthz\r\n\r\n', ['HTTP/1.1 505']],
    ['HTTP/2.0 in text', INNER.replace('1.1', '2.0'), ['HTTP/1.1 505']],
    ['HTTP/1.2', INNER.replace('1.1', '1.2'), ['HTTP/1.1 400']],
    [
      'chunks in HTTP/1.0',
      `${POST.replace('1.1', '1.0')}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      ['HTTP/1.1 400'],
    ],
    ['CONNECT', 'CONNECT other.example:443 HTTP/1.1\r\nhost: localhost\r\n\r\n', []],
  ])('does not come in by another version or a tunnel: %s', async (_name, outer, expected) => {
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, outer + INNER, 500))).toEqual(expected);
  });

  it('does not come in by an upgrade, which is not done', async () => {
    const upgrade = 'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n';
    const outer = `GET /healthz HTTP/1.1\r\nhost: localhost\r\n${upgrade}`;
    expect(statusLines(await exchangeBytes(gateway.demo.endpoint, outer + INNER, 500))).toEqual(['HTTP/1.1 200']);
  });
});
