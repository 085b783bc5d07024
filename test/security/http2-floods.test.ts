import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FLAG,
  FRAME,
  headersFrame,
  openRawHttp2,
  pseudoHeaders,
  toHeaderBlock,
  uint32,
} from '../../src/server/http/raw-http2.suite.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

const bearer = () => ({ authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` });
const requestsLogged = () => gateway.output().split('"event":"request"').length - 1;

/** Whether others are still served, and how long that takes. */
async function expectService(): Promise<void> {
  const before = performance.now();
  const path = '/openai/v1/models';
  expect((await raw(gateway.demo.endpoint, { method: 'GET', path, headers: bearer() })).status).toBe(200);
  expect(performance.now() - before).toBeLessThan(10_000);
}

describe('a flood over HTTP/2', () => {
  it('of requests that are reset at once (CVE-2023-44487) is cut, and hardly any of them is begun', async () => {
    const before = requestsLogged();
    const client = openRawHttp2(gateway.demo.endpoint);
    const post = { ...pseudoHeaders('POST', '/openai/v1/chat/completions'), ...bearer() };
    for (let stream = 1; stream < 20_000; stream += 2) {
      client.send(headersFrame(stream, post, FLAG.endHeaders), { type: FRAME.reset, stream, payload: uint32(8) });
    }
    await client.closed;
    await expectService();
    expect(requestsLogged() - before).toBeLessThan(500);
  });

  it('of CONTINUATION frames (CVE-2024-27316) is cut', async () => {
    const client = openRawHttp2(gateway.demo.endpoint);
    client.send({ type: FRAME.headers, stream: 1, payload: toHeaderBlock(pseudoHeaders('GET', '/')) });
    const piece = { type: FRAME.continuation, stream: 1, payload: toHeaderBlock({ x: 'y'.repeat(1_000) }) };
    for (let at = 0; at < 2_000; at += 1) client.send(piece);
    await client.closed;
    await expectService();
  });

  it.each([
    ['SETTINGS (CVE-2019-9515)', { type: FRAME.settings }],
    ['PING (CVE-2019-9512)', { type: FRAME.ping, payload: Buffer.alloc(8) }],
  ])('of %s is cut', async (_name, frame) => {
    const client = openRawHttp2(gateway.demo.endpoint);
    for (let at = 0; at < 5_000; at += 1) client.send(frame);
    await client.closed;
    await expectService();
  });
});
