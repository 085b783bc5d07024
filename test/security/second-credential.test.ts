import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { exchangeBytes, raw } from '../gateway/raw.ts';

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

  it.each(['api_key', 'apikey', 'key', 'access_token', 'token', 'authorization', 'x-api-key'])(
    'has none in the query: a valid key as %s is none, and a foreign one beside a valid key is not looked at',
    async (name) => {
      expect((await list({}, `?${name}=${developer}`)).status).toBe(401);
      const beside = await list({ authorization: `Bearer ${titanOnly}` }, `?${name}=${developer}`);
      expect(JSON.parse(beside.body).data).toHaveLength(2);
    },
  );

  it.each([
    'proxy-authorization',
    'x-amz-security-token',
    'x-goog-api-key',
    'api-key',
    'x-portkey-api-key',
    'x-forwarded-authorization',
    'cookie',
    'x-api_key',
    'x_api_key',
  ])('has none in %s: a valid key there is none, and is not looked at beside another', async (name) => {
    for (const value of [developer, `Bearer ${developer}`]) {
      expect((await list({ [name]: value })).status).toBe(401);
      const beside = await list({ authorization: `Bearer ${titanOnly}`, [name]: value });
      expect(JSON.parse(beside.body).data).toHaveLength(2);
    }
  });

  it('has none in a second value that is hidden in the one header', async () => {
    for (const value of [
      `Bearer ${titanOnly}, Bearer ${developer}`,
      `Bearer ${titanOnly} ${developer}`,
      `Bearer ${titanOnly}\t`,
      `Basic ${Buffer.from(`x:${developer}`).toString('base64')}`,
      `Bearer\t${developer}`,
      `bearer${developer}`,
    ]) {
      const { status, body } = await list({ authorization: value });
      expect(status === 401 || JSON.parse(body).data.length === 2, value).toBe(true);
    }
    expect((await list({ authorization: '', 'x-api-key': developer })).status).toBe(401);
  });

  it('has none in trailers, which come when it has been decided', async () => {
    const chunked =
      'POST /openai/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n' +
      `trailer: authorization\r\n\r\n2\r\n{}\r\n0\r\nauthorization: Bearer ${developer}\r\n\r\n`;
    // Its source has failed often by now, so that the answer is slowed.
    expect(await exchangeBytes(gateway.demo.endpoint, chunked, 2_500)).toMatch(/^HTTP\/1\.1 401 /);
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
