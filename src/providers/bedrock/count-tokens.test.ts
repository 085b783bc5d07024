import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exchange, ModelRequest } from '../../core/index.ts';
import { batchesOf, CLAUDE, clear, codeOf } from '../cleared.suite.ts';
import { type AddPart, conversationWith, exchangeOfRequest } from './inner-exchange.suite.ts';
import { connectTo, type ScriptedServer, serveScript } from './scripted-server.suite.ts';
import { modelFaults } from './service-model.suite.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function upstream(answer: (response: ServerResponse, path: string) => void) {
  server = await serveScript((request, response) => answer(response, request.url ?? ''));
  return connectTo(server.endpoint);
}
const counting = (body = '{"inputTokens":12}') => upstream((response) => response.end(body));

const count = (
  of: (add: AddPart) => Extract<ModelRequest, { kind: 'tokenCount' }>['of'],
  model = CLAUDE,
): Exchange => ({
  ...exchangeOfRequest((add) => ({ kind: 'tokenCount', of: of(add) }), model),
  action: 'CountTokens',
});
const conversation = (add: AddPart) => conversationWith([{ kind: 'text', text: add('hello') }]);

describe('a count of tokens', () => {
  it('asks of a conversation, and is answered by its usage alone', async () => {
    expect(await batchesOf(await counting(), count(conversation))).toEqual([
      [{ kind: 'usage', usage: { inputTokens: 12, outputTokens: 0 } }],
    ]);
    const [request] = server?.received ?? [];
    expect(request?.path).toBe(`/model/${encodeURIComponent(CLAUDE)}/count-tokens`);
    const body = JSON.parse(request?.body ?? '');
    expect(body).toEqual({ input: { converse: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] } } });
    expect(modelFaults('CountTokensRequest', body)).toEqual([]);
  });

  it('asks of a raw prompt, in the body of its family', async () => {
    const completion = (add: AddPart) =>
      ({ kind: 'completion', prompt: add('hi 😀'), inference: { maxTokens: 5 } }) as const;
    await batchesOf(await counting(), count(completion, 'meta.llama3-8b-instruct-v1:0'));
    const body = JSON.parse(server?.received[0]?.body ?? '');
    expect(modelFaults('CountTokensRequest', body)).toEqual([]);
    const counted = Buffer.from(body.input.invokeModel.body, 'base64').toString();
    expect(JSON.parse(counted)).toEqual({ prompt: 'hi 😀', max_gen_len: 5 });
  });

  it('lets the provider join the trace of the caller, where there is one', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await batchesOf(await counting(), { ...count(conversation), traceparent });
    expect(server?.received[0]?.headers['traceparent']).toBe(traceparent);
  });

  it('keeps the provider’s id of the request', async () => {
    const provider = await upstream((response) =>
      response.writeHead(200, { 'x-amzn-requestid': 'an-id' }).end('{"inputTokens":1}'),
    );
    const answer = await provider.invoke(await clear(count(conversation)), AbortSignal.any([]));
    expect(answer.providerRequestId).toBe('an-id');
  });

  it.each([`us.${CLAUDE}`, `us-gov.${CLAUDE}`, `global.${CLAUDE}`])(
    'tries the model itself where the service does not count of its profile %s',
    async (model) => {
      const provider = await upstream((response, path) =>
        path.startsWith('/model/anthropic') ? response.end('{"inputTokens":3}') : response.writeHead(400).end('{}'),
      );
      const [[event] = []] = await batchesOf(provider, count(conversation, model));
      expect(event).toMatchObject({ usage: { inputTokens: 3 } });
      expect(server?.paths.map(decodeURIComponent)).toEqual([
        `/model/${model}/count-tokens`,
        `/model/${CLAUDE}/count-tokens`,
      ]);
      expect(server?.received[0]?.body).toBe(server?.received[1]?.body);
    },
  );

  it('is tried once where there is no other id, and where the fault is another', async () => {
    const refusing = (status: number) => upstream((response) => response.writeHead(status).end('{}'));
    expect(await codeOf(batchesOf(await refusing(400), count(conversation)))).toBe('upstreamInvalid');
    expect(server?.paths).toHaveLength(1);
    await server?.close();
    expect(await codeOf(batchesOf(await refusing(403), count(conversation, `us.${CLAUDE}`)))).toBe('upstreamForbidden');
    expect(server?.paths).toHaveLength(1);
  });

  it.each(['{}', '{"inputTokens":-1}', '{"inputTokens":"1"}', '[]', 'x'])('is refused where it is %s', async (body) => {
    expect(await codeOf(batchesOf(await counting(body), count(conversation)))).toBe('upstreamFailed');
  });
});
