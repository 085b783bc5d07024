import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAG, FRAME, headersFrame, openRawHttp2, type RawFrame } from '../../src/server/http/raw-http2.suite.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { exchangeBytes } from '../gateway/raw.ts';

let gateway: GatewayProcess;
let key = '';
beforeAll(async () => {
  gateway = await startGatewayProcess();
  key = gateway.demo.principals.developer?.apiKey ?? '';
});
afterAll(() => gateway.stop());

/** What comes of a listing over HTTP/2 with these headers: its text, or `reset`. */
async function listHttp2(headers: Readonly<Record<string, string>>): Promise<string> {
  const client = openRawHttp2(gateway.demo.endpoint);
  const all = { ':method': 'GET', ':scheme': 'http', ':path': '/openai/v1/models', ...headers };
  client.send(headersFrame(1, { ...all, authorization: `Bearer ${key}` }, FLAG.endHeaders | FLAG.endStream));
  const ofRequest = (type: number) => (frame: Required<RawFrame>) => frame.type === type && frame.stream === 1;
  const isOver = () =>
    client.goaways().some((code) => code !== 0) ||
    client
      .frames()
      .some((frame) => ofRequest(FRAME.reset)(frame) || (ofRequest(FRAME.data)(frame) && (frame.flags & 1) === 1));
  await expect.poll(isOver).toBe(true);
  const text = client
    .frames()
    .filter(ofRequest(FRAME.data))
    .map(({ payload }) => Buffer.from(payload).toString())
    .join('');
  client.socket.destroy();
  return text === '' ? 'reset' : text;
}

describe('a request that names two hosts', () => {
  it('is refused over HTTP/2 where :authority and host are not both loopback', async () => {
    expect(await listHttp2({ ':authority': 'localhost' })).toContain('"object":"list"');
    expect(await listHttp2({ ':authority': 'localhost', host: 'evil.example' })).not.toContain('"object":"list"');
    expect(await listHttp2({ ':authority': 'evil.example', host: 'localhost' })).not.toContain('"object":"list"');
    expect(await listHttp2({ host: 'evil.example' })).not.toContain('"object":"list"');
  });

  it('is refused over HTTP/1.1 where one of them is foreign', async () => {
    const list = (lines: string) =>
      exchangeBytes(
        gateway.demo.endpoint,
        `GET /openai/v1/models HTTP/1.1\r\n${lines}authorization: Bearer ${key}\r\nconnection: close\r\n\r\n`,
        1_000,
      );
    expect(await list('host: localhost\r\n')).toContain(' 200 OK');
    expect(await list('host: localhost\r\nhost: evil.example\r\n')).toContain(' 403 ');
    expect(await list('host: evil.example\r\nhost: localhost\r\n')).toContain(' 403 ');
    expect(await list('host: localhost\r\nx-forwarded-host: evil.example\r\n')).toContain(' 200 OK');
    expect(await list('host: evil.example\r\nx-forwarded-host: localhost\r\n')).toContain(' 403 ');
  });
});
