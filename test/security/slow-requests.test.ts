import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import {
  FLAG,
  FRAME,
  headersFrame,
  openRawHttp2,
  pseudoHeaders,
  toHeaderBlock,
} from '../../src/server/http/raw-http2.suite.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';

const CHAT = '/openai/v1/chat/completions';
const limits = 'limits: { headersTimeoutMs: 500, bodyTimeoutMs: 500, requestTimeoutMs: 1500, idleTimeoutMs: 1000 }';

let gateway: GatewayProcess;
let authorization = '';
beforeAll(async () => {
  gateway = await startGatewayProcess({ config: `${demoConfigText}\n${limits}\n` });
  const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
  const { out } = await runSallyport(['key', 'create', '-t', 'demo', '-p', 'developer', '--json', ...places]);
  authorization = `Bearer ${JSON.parse(out).apiKey}`;
});
afterAll(() => gateway.stop());

/** Sends `head` and then `piece` again and again, until the connection is closed; gives what came back, and when. */
async function dribble(head: string, piece: string): Promise<{ readonly answer: string; readonly ms: number }> {
  const { hostname, port } = new URL(gateway.demo.endpoint);
  const socket = connect(Number(port), hostname);
  const before = performance.now();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  if (head !== '') socket.write(head);
  const timer = piece === '' ? undefined : setInterval(() => socket.write(piece), 100);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  return { answer, ms: performance.now() - before };
}

describe('a client that takes its time', () => {
  it.each([
    ['before it says anything', '', '', /^$/],
    ['with its headers (Slowloris)', `GET ${CHAT} HTTP/1.1\r\nhost: localhost\r\n`, 'x: y\r\n', /^HTTP\/1\.1 408 /],
    ['with the preface of HTTP/2', 'PRI * HT', '', /^$/],
    ['between two requests', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n', '', /^HTTP\/1\.1 200 /],
  ])('is cut off %s', async (_name, head, piece, expected) => {
    const { answer, ms } = await dribble(head, piece);
    expect(answer).toMatch(expected);
    expect(ms).toBeLessThan(20_000);
  });

  it('with a body (R.U.D.Y.) is told so and cut off', async () => {
    const head = `POST ${CHAT} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\ncontent-length: 5000\r\n\r\n`;
    const { answer, ms } = await dribble(head, '{');
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*The request was not received in time/);
    expect(ms).toBeLessThan(20_000);
  });

  it('with a body over HTTP/2 is told so, and loses its stream', async () => {
    const client = openRawHttp2(gateway.demo.endpoint);
    client.send(headersFrame(1, { ...pseudoHeaders('POST', CHAT), authorization }, FLAG.endHeaders));
    const timer = setInterval(() => client.send({ type: FRAME.data, stream: 1, payload: Buffer.from('{') }), 100);
    await client.closed;
    clearInterval(timer);
    const data = client.frames().filter(({ type }) => type === FRAME.data);
    expect(Buffer.concat(data.map(({ payload }) => payload)).toString()).toContain('not received in time');
  });

  it('with a header block over HTTP/2 is cut off', async () => {
    const client = openRawHttp2(gateway.demo.endpoint);
    client.send({ type: FRAME.headers, stream: 1, payload: toHeaderBlock(pseudoHeaders('GET', '/healthz')) });
    await client.closed;
    expect(client.frames().filter(({ type }) => type === FRAME.headers)).toEqual([]);
  });
});
