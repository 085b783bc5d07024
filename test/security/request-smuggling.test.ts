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
});
