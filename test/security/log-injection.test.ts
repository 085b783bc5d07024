import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { exchangeBytes, raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const FORGED = '\n{"level":30,"event":"request","tenant":"forged","outcome":"complete"}\n';
const MARK = 'forged';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

describe('a line of the log that a caller writes', () => {
  it('is not there: whatever a request holds, each line is one event of known fields without its text', async () => {
    const headers = { authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` };
    const path = encodeURIComponent(FORGED);
    const body = JSON.stringify({ model: FORGED, messages: [{ role: FORGED, content: FORGED }], [FORGED]: FORGED });
    const good = JSON.stringify({ model: NOVA, user: FORGED, messages: [{ role: 'user', content: FORGED }] });
    const { endpoint } = gateway.demo;
    await raw(endpoint, { path: `/model/${path}/converse`, headers, body });
    await raw(endpoint, { path: `/${path}?${path}`, headers, body });
    await raw(endpoint, { path: '/openai/v1/chat/completions', headers, body });
    await raw(endpoint, { path: '/anthropic/v1/messages', headers, body });
    await raw(endpoint, { path: '/openai/v1/chat/completions', headers, body: good });
    await raw(endpoint, { path: '/openai/v1/models', headers: { 'x-api-key': `sp_${MARK}_${MARK}_x` }, body });
    await raw(endpoint, { path: '/x', headers: { ...headers, 'user-agent': MARK, host: MARK }, body });
    await exchangeBytes(endpoint, `${MARK} / HTTP/1.1\r\nhost: ${MARK}\r\n\r\n`, 200);
    await exchangeBytes(endpoint, `GET /\u001b[31m HTTP/1.1\r\nhost: \u001b[31m\r\n\r\n`, 200);
    await raw(endpoint, { method: MARK.toUpperCase(), path: '/', headers }).catch(() => undefined);
    await gateway.stop();

    const lines = gateway
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const events = lines.map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === 'request').length).toBeGreaterThanOrEqual(7);
    for (const line of lines) expect(line).not.toContain(MARK);
    expect(gateway.output()).not.toContain('\u001b[31m');
  });
});
