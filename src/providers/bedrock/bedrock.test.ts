import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type AnswerEvent,
  type Cleared,
  GatewayError,
  type Provider,
  parseTenantId,
  toAnswer,
} from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import {
  answerOf,
  batchesOf,
  CLAUDE,
  clear,
  codeOf,
  converse,
  exchangeOf,
  NOVA,
  requestId,
  say,
  TITAN_EMBED,
  textOfAnswer,
} from '../cleared.suite.ts';
import { createSimulatorEndpoint, type ReceivedRequest, type SimulatorEndpoint } from '../simulator/endpoint.ts';
import { createBedrock } from './bedrock.ts';
import type { BedrockOptions } from './client.ts';

const received: ReceivedRequest[] = [];
const last = () => received.at(-1);
const lastBody = () => Buffer.from(last()?.body ?? []).toString();

let served: SimulatorEndpoint;
let bedrock: Provider;

function connect(more: Partial<BedrockOptions> = {}): Provider {
  return createBedrock({
    name: 'bedrock',
    region: 'eu-central-1',
    endpoint: served.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-no-account' },
    requestTimeoutMs: 5_000,
    maxAttempts: 1,
    ...more,
  });
}

beforeAll(async () => {
  served = await createSimulatorEndpoint({ onRequest: (request) => received.push(request) });
  bedrock = connect();
});
afterAll(async () => {
  await bedrock.close();
  await served.close();
});
afterEach(() => vi.unstubAllEnvs());

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (text: string, more: object = {}) => converse(say(text, more));
const stream = (text: string, more: object = {}) => converse(say(text, more), 'converse-stream');
const chat = (body: object) => exchangeOf(openaiProtocol, '/openai/v1/chat/completions', { model: NOVA, ...body });
const embed = (body: object) => exchangeOf(openaiProtocol, '/openai/v1/embeddings', { model: TITAN_EMBED, ...body });

describe('a conversation', () => {
  it('is answered whole, in one batch', async () => {
    const [batch = [], ...others] = await batchesOf(bedrock, ask('hello 😀'));
    expect(others).toEqual([]);
    expect(toAnswer(batch)).toEqual({
      blocks: [{ kind: 'text', text: 'hello 😀' }],
      embeddings: [],
      stop: 'endTurn',
      usage: { inputTokens: 2, outputTokens: 2 },
    });
    expect(last()?.path).toBe(`/model/${encodeURIComponent(NOVA)}/converse`);
  });

  it('is answered in a stream with the same events', async () => {
    const text = 'hello there, 😀 and a few words more than fit in one delta';
    const batches = await batchesOf(bedrock, stream(text));
    expect(last()?.path).toBe(`/model/${encodeURIComponent(NOVA)}/converse-stream`);
    expect(toAnswer(batches.flat())).toEqual(await answerOf(bedrock, ask(text)));
    expect(batches.flat().map(({ kind }) => kind)).toEqual([
      'start',
      'blockStart',
      ...Array(batches.flat().length - 5).fill('delta'),
      'blockStop',
      'stop',
      'usage',
    ]);
  });

  it('goes out by its action, whatever protocol it came in', async () => {
    const messages = [{ role: 'user', content: 'hello' }];
    expect(await textOfAnswer(bedrock, chat({ messages }))).toBe('hello');
    expect(last()?.path).toMatch(/converse$/);
    expect(await textOfAnswer(bedrock, chat({ messages, stream: true }))).toBe('hello');
    expect(last()?.path).toMatch(/converse-stream$/);
  });

  it('lets the provider join the trace of the caller, where there is one', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    for (const exchange of [
      ask('hello'),
      stream('hello'),
      embed({ input: 'hello' }),
      converse({ inputText: 'hello' }, 'invoke', 'amazon.titan-text-express-v1'),
    ]) {
      await answerOf(bedrock, { ...exchange, traceparent });
      expect(last()?.headers.traceparent).toBe(traceparent);
      expect(last()?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
      await answerOf(bedrock, exchange);
      expect(last()?.headers).not.toHaveProperty('traceparent');
    }
  });

  it('names the model as the provider knows it, an ARN in one segment', async () => {
    const exchange = ask('hello');
    const providerModelId = `arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.${CLAUDE}`;
    await answerOf(bedrock, { ...exchange, model: { ...exchange.model, providerModelId } });
    expect(last()?.path).toBe(`/model/${encodeURIComponent(providerModelId)}/converse`);
  });

  it('is signed for the region, and carries the request id', async () => {
    const answer = await bedrock.invoke(await clear(ask('hello')), AbortSignal.any([]));
    expect(last()?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/eu-central-1\/bedrock\/aws4_request/);
    expect(JSON.parse(lastBody()).requestMetadata).toEqual({ 'sallyport-request-id': requestId });
    expect(answer.providerRequestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes raw tool arguments there byte for byte', async () => {
    const input = '{ "big": 12345678901234567890, "z": 1.50, "a": "\\u0041", "1": [ 1e2 ] }';
    const body =
      `{"messages":[{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"n","input":${input}}}]},` +
      '{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"text":"ok"}]}}]}]}';
    expect(await textOfAnswer(bedrock, converse(body))).toContain(input);
    expect(lastBody()).toContain(`"input":${input}`);
  });

  it('holds a history of tools without tools', async () => {
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'done' },
    ];
    expect(await textOfAnswer(bedrock, chat({ messages }))).toContain('done');
    expect(JSON.parse(lastBody()).toolConfig.tools).toHaveLength(1);
  });

  it('is answered by a tool call, its arguments as they came', async () => {
    const toolConfig = { tools: [{ toolSpec: { name: 'send', inputSchema: { json: { type: 'object' } } } }] };
    const whole = await answerOf(bedrock, ask('sim:tool-call', { toolConfig }));
    expect(whole).toMatchObject({ stop: 'toolUse', blocks: [{ kind: 'toolUse', id: 'call_1', name: 'send' }] });
    expect(await answerOf(bedrock, stream('sim:tool-call', { toolConfig }))).toEqual(whole);
  });

  it('stops where it should, and says at what if there was one thing only', async () => {
    const stop = async (inferenceConfig: object, exchange = stream) => {
      const answer = await answerOf(bedrock, exchange('one STOP two', { inferenceConfig }));
      return [answer.stop, answer.stopSequence];
    };
    expect(await stop({ maxTokens: 1 })).toEqual(['maxTokens', undefined]);
    expect(await stop({ stopSequences: ['STOP'] })).toEqual(['stopSequence', 'STOP']);
    expect(await stop({ stopSequences: ['STOP'] }, ask)).toEqual(['stopSequence', 'STOP']);
    expect(await stop({ stopSequences: ['STOP', 'END'] })).toEqual(['stopSequence', undefined]);
    expect(await stop({ stopSequences: ['END'] })).toEqual(['endTurn', undefined]);
  });
});

describe('faults of the provider', () => {
  it('keep their meaning', async () => {
    await expect(answerOf(bedrock, ask('sim:throttle'))).rejects.toMatchObject({
      code: 'upstreamThrottled',
      retryAfterSeconds: 1,
    });
    expect(await codeOf(answerOf(bedrock, ask('sim:unavailable')))).toBe('upstreamUnavailable');
    expect(await codeOf(answerOf(bedrock, stream('sim:throttle')))).toBe('upstreamThrottled');
  });

  it('in the middle of a stream come after what was said before', async () => {
    const { events } = await bedrock.invoke(await clear(stream('sim:die-mid-stream')), AbortSignal.any([]));
    const seen: AnswerEvent[] = [];
    const reading = (async () => {
      for await (const batch of events) seen.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstreamInterrupted' });
    expect(seen.filter(({ kind }) => kind === 'delta').length).toBeGreaterThan(20);
  });

  it('are tried again as often as allowed, and no more', async () => {
    const count = async (maxAttempts?: number) => {
      const before = received.length;
      const provider = connect(maxAttempts === undefined ? {} : { maxAttempts });
      expect(await codeOf(answerOf(provider, ask('sim:unavailable')))).toBe('upstreamUnavailable');
      return received.length - before;
    };
    expect(await count(1)).toBe(1);
    expect(await count(2)).toBe(2);
  });

  it('are tried again within a budget that all calls share', async () => {
    const provider = connect({ maxAttempts: 3, retryBudget: 2 });
    const before = received.length;
    const calls = Array.from({ length: 4 }, () => codeOf(answerOf(provider, ask('sim:unavailable'))));
    expect(await Promise.all(calls)).toEqual(Array(4).fill('upstreamUnavailable'));
    expect(received.length - before).toBe(4 + 2);
    expect(await codeOf(answerOf(provider, ask('sim:unavailable')))).toBe('upstreamUnavailable');
    expect(received.length - before).toBe(4 + 2 + 1);
    await expect(answerOf(provider, ask('sim:throttle'))).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(await textOfAnswer(provider, ask('hello'))).toBe('hello');
  });

  it('do not use the budget up where a try more would not help', async () => {
    const provider = connect({ maxAttempts: 2, retryBudget: 1 });
    const unsigned = { ...ask('hello'), model: { ...ask('x').model, providerModelId: 'not a model' } };
    for (let call = 0; call < 3; call += 1) await codeOf(answerOf(provider, unsigned));
    const before = received.length;
    await codeOf(answerOf(provider, ask('sim:unavailable')));
    expect(received.length - before).toBe(2);
  });

  it('are not tried again once an answer has begun', async () => {
    const before = received.length;
    const provider = connect({ maxAttempts: 3 });
    expect(await codeOf(answerOf(provider, stream('sim:die-mid-stream')))).toBe('upstreamInterrupted');
    expect(received.length - before).toBe(1);
  });

  it('include taking too long to begin', async () => {
    const provider = connect({ requestTimeoutMs: 100 });
    expect(await codeOf(answerOf(provider, ask('sim:timeout')))).toBe('upstreamTimeout');
  });

  it('include beginning for ever', async () => {
    const dripping = createServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-more: x\r\n'), 20);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => clearInterval(drip));
    });
    const provider = connect({ requestTimeoutMs: 200, endpoint: await listen(dripping) });
    expect(await codeOf(answerOf(provider, ask('hello')))).toBe('upstreamTimeout');
    dripping.close();
  });

  it('include taking too long between two events', async () => {
    const provider = connect({ requestTimeoutMs: 200 });
    expect(await codeOf(answerOf(provider, stream('sim:stream 3x60000ms')))).toBe('upstreamTimeout');
  });
});

describe('cancelling', () => {
  it('sends nothing where it came first', async () => {
    const before = received.length;
    const pending = bedrock.invoke(await clear(ask('hello')), AbortSignal.abort());
    expect(await codeOf(pending)).toBe('upstreamInterrupted');
    expect(received.length).toBe(before);
  });

  it('ends a call that has no answer yet', async () => {
    const pending = bedrock.invoke(await clear(ask('sim:timeout')), AbortSignal.timeout(50));
    expect(await codeOf(pending)).toBe('upstreamTimeout');
  });

  it.each(['while the answer is read', 'before it is read'])('closes the connection %s', async (when) => {
    // A relay in between sees the sockets: closed means closed on the wire.
    const upstream = new URL(served.endpoint);
    const closed = Promise.withResolvers<void>();
    const relay = createServer((socket) => {
      const onward = dial(Number(upstream.port), upstream.hostname);
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy());
      socket.on('close', () => closed.resolve());
    });
    const abort = new AbortController();
    const provider = connect({ endpoint: await listen(relay) });
    const { events } = await provider.invoke(await clear(stream('sim:stream 1000x20ms')), abort.signal);
    const iterator = events[Symbol.asyncIterator]();
    if (when.startsWith('while')) await iterator.next();
    abort.abort();
    await closed.promise;
    await expect(iterator.next()).rejects.toMatchObject({ code: 'upstreamInterrupted' });
    relay.close();
  });

  it('closes the connection when nobody reads on', async () => {
    const { events } = await bedrock.invoke(await clear(stream('sim:stream 1000x20ms')), AbortSignal.any([]));
    for await (const _batch of events) break;
    expect(await answerOf(bedrock, ask('next'))).toMatchObject({ stop: 'endTurn' });
  });
});

describe('embeddings', () => {
  it('come in the order of their inputs, with their tokens added up', async () => {
    const input = Array.from({ length: 11 }, (_, n) => `text number ${n}`);
    const before = received.length;
    const many = await answerOf(bedrock, embed({ input, dimensions: 256 }));
    expect(received.length - before).toBe(11);
    expect(many.embeddings).toHaveLength(11);
    expect(many.usage).toEqual({ inputTokens: 44, outputTokens: 0 });
    for (const at of [0, 10]) {
      const one = await answerOf(bedrock, embed({ input: input[at], dimensions: 256 }));
      expect(one.embeddings).toEqual([many.embeddings[at]]);
    }
  });

  it('go out as Titan takes them, with the request id in a header', async () => {
    await answerOf(bedrock, converse({ inputText: 'x', normalize: false }, 'invoke', TITAN_EMBED));
    expect(last()?.path).toBe(`/model/${encodeURIComponent(TITAN_EMBED)}/invoke`);
    expect(lastBody()).toBe('{"inputText":"x","normalize":false}');
    expect(last()?.headers['x-amzn-bedrock-request-metadata']).toBe(`{"sallyport-request-id":"${requestId}"}`);
    expect(last()?.headers.authorization).toContain('x-amzn-bedrock-request-metadata');
  });

  it('fail where one of them does', async () => {
    expect(await codeOf(answerOf(bedrock, embed({ input: ['a', 'b'], dimensions: 100 })))).toBe('upstreamInvalid');
  });

  it('are refused for a model whose format is not known', async () => {
    const exchange = embed({ input: 'x' });
    const model = {
      ...exchange.model,
      id: CLAUDE,
      providerModelId: 'cohere.embed-v4:0',
    } as typeof exchange.model;
    expect(await codeOf(answerOf(bedrock, { ...exchange, model }))).toBe('unsupported');
  });
});

describe('the environment', () => {
  it('sends calls nowhere else', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_REGION', 'us-west-2');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await textOfAnswer(connect(), ask('hello'))).toBe('hello');
    expect(last()?.headers.authorization).toContain('/eu-central-1/');
  });

  it('does not give the endpoint where the configuration leaves it to the region', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', served.endpoint);
    const { endpoint: _ours, ...options } = {
      name: 'bedrock',
      endpoint: '',
      region: 'nowhere-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestTimeoutMs: 2_000,
      maxAttempts: 1,
    };
    const before = received.length;
    await codeOf(answerOf(createBedrock(options), ask('hello')));
    expect(received.length).toBe(before);
  });

  it('does not sign with a bearer token in the place of credentials', async () => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'token');
    await answerOf(connect(), ask('hello'));
    expect(last()?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/);
  });
});

describe('credentials', () => {
  it('may come from a function', async () => {
    const credentials = async () => ({ accessKeyId: 'FROMFUNCTION', secretAccessKey: 's', sessionToken: 'session' });
    await answerOf(connect({ credentials }), ask('hello'));
    expect(last()?.headers.authorization).toContain('Credential=FROMFUNCTION/');
    expect(last()?.headers['x-amz-security-token']).toBe('session');
  });

  it('of a function are those of the caller, also of many at once and of one tried again', async () => {
    const keysOf = (tenant: string) => ({ accessKeyId: tenant.toUpperCase(), secretAccessKey: `secret of ${tenant}` });
    const known = new Map(['acme', 'globex'].map((tenant) => [tenant, keysOf(tenant)]));
    const asked: string[] = [];
    const credentials: BedrockOptions['credentials'] = async ({ tenant }) => {
      asked.push(tenant);
      return known.get(tenant) ?? keysOf(tenant);
    };
    const before = received.length;
    const provider = connect({ credentials, maxAttempts: 2 });
    const from = (tenant: string, text: string) => {
      const exchange = ask(text);
      return answerOf(provider, { ...exchange, caller: { ...exchange.caller, tenant: parseTenantId(tenant) } });
    };
    const tenants = ['acme', 'globex', 'initech', 'acme', 'globex', 'initech'];
    await Promise.all(tenants.map((tenant) => from(tenant, `I am ${tenant.toUpperCase()}`)));
    await codeOf(from('globex', 'sim:unavailable I am GLOBEX'));
    expect(asked.sort()).toEqual([...tenants, 'globex'].sort());
    const seen = received.slice(before);
    expect(seen).toHaveLength(8);
    for (const { headers, body } of seen) {
      const [, name] = /I am ([A-Z]+)/.exec(Buffer.from(body).toString()) ?? [];
      expect(headers.authorization).toContain(`Credential=${name}/`);
    }
  });

  it('are used in the region they are for', async () => {
    const credentials = async () => ({ accessKeyId: 'AKIDWEST', secretAccessKey: 's', region: 'us-west-2' });
    await answerOf(connect({ credentials }), ask('hello'));
    expect(last()?.headers.authorization).toMatch(/Credential=AKIDWEST\/\d{8}\/us-west-2\/bedrock\//);
  });

  it('that keep the call waiting are waited for no longer than it may take', async () => {
    const provider = connect({ credentials: () => new Promise(() => {}) });
    const pending = provider.invoke(await clear(ask('hello')), AbortSignal.timeout(20));
    expect(await codeOf(pending)).toBe('upstreamTimeout');
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('the secret is hunter2'))],
    [
      'throws',
      () => {
        throw new Error('the secret is hunter2');
      },
    ],
  ])(
    'that cannot be had are the gateway being refused, without a word of why, where their function %s',
    async (_name, credentials) => {
      const error = await answerOf(connect({ credentials }), ask('hello')).catch((reason) => reason);
      expect(error.code).toBe('upstreamForbidden');
      expect(error.message).not.toContain('hunter2');
    },
  );

  it('may be late by a fault of their own', async () => {
    const credentials = () => Promise.reject(new GatewayError('upstreamThrottled', { retryAfterSeconds: 3 }));
    await expect(answerOf(connect({ credentials }), ask('hello'))).rejects.toMatchObject({
      code: 'upstreamThrottled',
      retryAfterSeconds: 3,
    });
  });

  it('that the SDK cannot find are the gateway being refused', async () => {
    const nowhere = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
    for (const name of nowhere) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    const provider = createBedrock({
      name: 'bedrock',
      region: 'eu-central-1',
      endpoint: served.endpoint,
      requestTimeoutMs: 1_000,
    });
    expect(await codeOf(answerOf(provider, ask('hello')))).toBe('upstreamForbidden');
  });

  it('are looked for by the SDK where none are given', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'FROMENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    const provider = createBedrock({
      name: 'bedrock',
      region: 'eu-central-1',
      endpoint: served.endpoint,
      requestTimeoutMs: 1_000,
    });
    await answerOf(provider, ask('hello'));
    expect(last()?.headers.authorization).toContain('Credential=FROMENVIRONMENT/');
  });
});

describe('a provider', () => {
  it('takes nothing that the pipeline has not cleared', async () => {
    const before = received.length;
    // The brand keeps an exchange from being passed by mistake; the check keeps one from being passed by a cast.
    expect(await codeOf(bedrock.invoke(ask('hello') as Cleared, AbortSignal.any([])))).toBe('inspectionFailed');
    expect(received.length).toBe(before);
  });
});
