import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Embedding, Exchange } from '../../core/index.ts';
import { answerOf, clear, codeOf, TITAN_EMBED } from '../cleared.suite.ts';
import { exchangeOfRequest } from './inner-exchange.suite.ts';
import { connectTo, type Received, type ScriptedServer, serveScript } from './scripted-server.suite.ts';

const COHERE = 'cohere.embed-multilingual-v3';
const TITAN_V1 = 'amazon.titan-embed-text-v1';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function upstream(answer: (received: Received, response: ServerResponse, request: IncomingMessage) => void) {
  server = await serveScript((request, response) => {
    const received = server?.received.at(-1);
    if (received !== undefined) answer(received, response, request);
  });
  return connectTo(server.endpoint);
}

function embedding(texts: readonly string[], model: string, more: Partial<Embedding> = {}): Exchange {
  return exchangeOfRequest((add) => ({ kind: 'embedding', inputs: texts.map((text) => add(text)), ...more }), model);
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `text ${n}`);
const numberOf = (text: string) => Number(text.replace('text ', ''));
const counted = { 'x-amzn-bedrock-input-token-count': '5' };

/** A Cohere model, whose vectors hold the number of their text. */
const cohere = (more: object = {}) =>
  upstream(({ body }, response) => {
    const { texts } = JSON.parse(body);
    const embeddings = texts.map((text: string) => [numberOf(text), 0.5]);
    const answer = { embeddings, id: 'i', response_type: 'embeddings_floats', texts, ...more };
    response.writeHead(200, counted).end(JSON.stringify(answer));
  });

describe('embeddings of Cohere', () => {
  it('go out as many to a call as it takes, and come back in their order', async () => {
    const provider = await cohere();
    const answer = await answerOf(
      provider,
      embedding(numbered(200), COHERE, { inputType: 'search_document', truncate: 'end' }),
    );
    expect(answer.embeddings.map(([number]) => number)).toEqual(numbered(200).map(numberOf));
    expect(answer.usage).toEqual({ inputTokens: 15, outputTokens: 0 });
    const bodies = server?.received.map(({ body }) => JSON.parse(body)) ?? [];
    expect(bodies.map(({ texts }) => texts.length).sort()).toEqual([8, 96, 96]);
    expect(bodies[0]).toMatchObject({ input_type: 'search_document', truncate: 'END' });
  });

  it('may come by type', async () => {
    const provider = await upstream((_received, response) =>
      response.writeHead(200, counted).end('{"embeddings":{"float":[[1,2]]},"response_type":"embeddings_by_type"}'),
    );
    expect((await answerOf(provider, embedding(['x'], COHERE, { inputType: 'search_query' }))).embeddings).toEqual([
      [1, 2],
    ]);
    expect(JSON.parse(server?.received[0]?.body ?? '')).toEqual({ texts: ['x'], input_type: 'search_query' });
  });

  it('are refused without saying what they are for, and with what the model does not do', async () => {
    const provider = await cohere();
    const refused = [
      {},
      { inputType: 'clustering', dimensions: 256 },
      { inputType: 'clustering', normalize: true },
    ] as const;
    for (const more of refused) {
      expect(await codeOf(answerOf(provider, embedding(['x'], COHERE, more)))).toBe('unsupported');
    }
    expect(server?.paths).toEqual([]);
  });

  it.each([
    ['fewer vectors than texts', { embeddings: [] }, counted],
    ['more vectors than texts', { embeddings: [[1], [2]] }, counted],
    ['a vector that is none', { embeddings: ['x'] }, counted],
    ['no vectors', {}, counted],
    ['no count', { embeddings: [[1]] }, {}],
  ])('are refused with %s', async (_name, body, headers) => {
    const provider = await upstream((_received, response) =>
      response.writeHead(200, headers).end(JSON.stringify(body)),
    );
    expect(await codeOf(answerOf(provider, embedding(['x'], COHERE, { inputType: 'clustering' })))).toBe(
      'upstreamFailed',
    );
  });

  it('keep the provider’s id of the first call, and count what is not carried', async () => {
    const provider = await upstream(({ body }, response) => {
      const { texts } = JSON.parse(body);
      const headers = { ...counted, 'x-amzn-requestid': texts[0] };
      response.writeHead(200, headers).end(JSON.stringify({ embeddings: texts.map(() => [1]), surprise: 1 }));
    });
    const exchange = embedding(numbered(100), COHERE, { inputType: 'clustering' });
    const answer = await provider.invoke(await clear(exchange), AbortSignal.any([]));
    expect(answer.providerRequestId).toBe('text 0');
    expect(answer.dropped?.()).toBe(2);
  });
});

describe('embeddings of Titan', () => {
  const titan = () => upstream((_received, response) => response.end('{"embedding":[1,2],"inputTextTokenCount":3}'));

  it.each([TITAN_V1, 'amazon.titan-embed-g1-text-02'])('of the first version %s take a text alone', async (model) => {
    const provider = await titan();
    expect((await answerOf(provider, embedding(['x'], model))).embeddings).toEqual([[1, 2]]);
    expect(server?.received[0]?.body).toBe('{"inputText":"x"}');
    expect(await codeOf(answerOf(provider, embedding(['x'], model, { dimensions: 256 })))).toBe('unsupported');
  });

  it('are not for a purpose, and not of texts cut short', async () => {
    const provider = await titan();
    for (const more of [{ inputType: 'clustering' }, { truncate: 'end' }] as const) {
      expect(await codeOf(answerOf(provider, embedding(['x'], TITAN_EMBED, more)))).toBe('unsupported');
    }
    expect(await codeOf(answerOf(provider, embedding(['x'], TITAN_EMBED, { truncate: 'none' })))).toBe('resolved');
  });
});
