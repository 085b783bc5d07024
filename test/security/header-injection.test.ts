import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const INJECTED = 'x\r\nset-cookie: stolen=1\r\n\r\n<script>';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

const bearer = () => ({ authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` });
const encoded = encodeURIComponent(INJECTED);
const chat = (more: object) => JSON.stringify({ model: NOVA, messages: [{ role: 'user', content: 'hi' }], ...more });

/** Places whose value could find its way into a header of the answer, or into its text. */
const attacks = [
  ['a model in the path', { path: `/model/${encoded}/converse`, body: '{}' }],
  ['a route', { path: `/openai/v1/${encoded}`, body: '{}' }],
  ['a query', { path: `/openai/v1/chat/completions?x=${encoded}`, body: chat({}) }],
  ['a model in the body', { path: '/openai/v1/chat/completions', body: chat({ model: INJECTED }) }],
  ['a model to be listed', { method: 'GET', path: `/openai/v1/models/${encoded}` }],
  ['a field’s name', { path: '/openai/v1/chat/completions', body: chat({ [INJECTED]: 1 }) }],
  [
    'a role',
    { path: '/anthropic/v1/messages', body: chat({ max_tokens: 5, messages: [{ role: INJECTED, content: 'x' }] }) },
  ],
  ['the user', { path: '/openai/v1/chat/completions', body: chat({ user: INJECTED }) }],
  [
    'a version',
    {
      path: '/anthropic/v1/messages',
      headers: { 'anthropic-version': 'x set-cookie: y' },
      body: chat({ max_tokens: 5 }),
    },
  ],
  [
    'a request id',
    {
      path: '/openai/v1/chat/completions',
      headers: { 'x-request-id': 'mine', 'x-sallyport-request-id': 'mine' },
      body: chat({}),
    },
  ],
] as const;

describe('a value with line ends in it', () => {
  it.each(attacks)('makes no header of the answer: %s', async (_name, sent) => {
    const headers = { ...bearer(), ...('headers' in sent ? sent.headers : {}) };
    const answer = await raw(gateway.demo.endpoint, { ...sent, headers });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(JSON.stringify(answer.headers)).not.toMatch(/stolen|mine|script/);
    // A model that is not there, or a text that is answered, is not said again as it was.
    expect(answer.body).not.toContain(INJECTED);
    expect(answer.headers['content-type']).toContain('application/json');
  });
});
