import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-text-express-v1';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

const ask = (path: string, principal: string, method = 'GET') =>
  raw(gateway.demo.endpoint, {
    method,
    path,
    headers: { authorization: `Bearer ${gateway.demo.principals[principal]?.apiKey}` },
    ...(method === 'POST' ? { body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] }) } : {}),
  });

describe('a path that two readers could read differently', () => {
  it.each([
    '/openai/v1/../v1/models',
    '/openai/v1/%2e%2e/v1/models',
    '/openai/v1/./models',
    '/./openai/v1/models',
    '//openai/v1/models',
    '/openai//v1/models',
    '/openai%2Fv1%2Fmodels',
    '/openai%2fv1/models',
    '/openai/v1/models/',
    '/openai/v1/models%00',
    '/openai/v1/models;x=1',
    '/openai/v1/models#x',
    '/openai/v1\\models',
    '/OPENAI/v1/models',
    '/%6fpenai/v1/models',
    '/healthz/../openai/v1/models',
    'http://localhost/openai/v1/models',
  ])('is no route: %s', async (path) => {
    expect((await ask(path, 'developer')).status).toBe(404);
  });

  it.each([
    `/model/${TITAN}/../${NOVA}/converse`,
    `/model/${TITAN}%2F..%2F${NOVA}/converse`,
    `/model/${TITAN}/%2e%2e/${NOVA}/converse`,
    `/model/${TITAN}%00${NOVA}/converse`,
    `/model/${TITAN}%0d%0ax/converse`,
    `/model/${TITAN}/converse/../../${NOVA}/converse`,
    `/model/${NOVA.replace(':', '%253A')}/converse`,
  ])('does not reach a model past the one that is decided on: %s', async (path) => {
    const answer = await ask(path, 'titanOnly', 'POST');
    expect([400, 404]).toContain(answer.status);
  });

  it('is decided on by the model it names, in whatever escapes', async () => {
    for (const model of [NOVA, NOVA.replace(':', '%3A'), NOVA.replace('a', '%61')]) {
      expect((await ask(`/model/${model}/converse`, 'titanOnly', 'POST')).status).toBe(403);
      expect((await ask(`/model/${model}/converse`, 'developer', 'POST')).status).toBe(200);
    }
  });
});
