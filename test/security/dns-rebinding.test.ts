import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

describe('DNS rebinding', () => {
  it('does not get a web page past the Host check, even with a valid key', async () => {
    const headers = { authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` };
    const list = (host: string) =>
      raw(gateway.demo.endpoint, { method: 'GET', path: '/openai/v1/models', headers: { ...headers, host } });
    expect((await list('evil.example')).status).toBe(403);
    expect((await list('localhost:8080')).status).toBe(200);
  });

  it('does not reach the admin port either', async () => {
    const answer = await raw(gateway.demo.adminEndpoint, {
      method: 'GET',
      path: '/readyz',
      headers: { host: 'evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});
