import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

let gateway: GatewayProcess;
let developer = '';
let titanOnly = '';
beforeAll(async () => {
  gateway = await startGatewayProcess();
  developer = gateway.demo.principals.developer?.apiKey ?? '';
  titanOnly = gateway.demo.principals.titanOnly?.apiKey ?? '';
});
afterAll(() => gateway.stop());

const list = (headers: Record<string, string | readonly string[]>, query = '') =>
  raw(gateway.demo.endpoint, { method: 'GET', path: `/openai/v1/models${query}`, headers });

describe('a request', () => {
  it('with no credential is refused before its body is parsed', async () => {
    const answer = await raw(gateway.demo.endpoint, { path: '/openai/v1/chat/completions', body: '{"not json' });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body).error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    const bedrock = await raw(gateway.demo.endpoint, { path: '/model/amazon.nova-lite-v1:0/converse', body: '{' });
    expect(bedrock.status).toBe(403);
  });

  it('with two different ones is refused, whichever is valid and wherever they stand', async () => {
    expect((await list({ authorization: `Bearer ${developer}`, 'x-api-key': titanOnly })).status).toBe(401);
    expect((await list({ authorization: [`Bearer ${developer}`, `Bearer ${titanOnly}`] })).status).toBe(401);
    expect((await list({ 'x-api-key': [developer, titanOnly] })).status).toBe(401);
    const presigned =
      '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fbedrock%2Faws4_request';
    expect((await list({ authorization: `Bearer ${developer}` }, presigned)).status).toBe(401);
  });

  it('cannot name its tenant or principal itself', async () => {
    const answer = await list({
      authorization: `Bearer ${titanOnly}`,
      'x-sallyport-principal': 'developer',
      'x-tenant': 'demo',
    });
    expect(JSON.parse(answer.body).data).toHaveLength(2);
  });
});
