import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, type Exchange, type GatewayError, type Inference, toAnswer } from '../../core/index.ts';
import { answerOf, CLAUDE, clear, codeOf, requestId } from '../cleared.suite.ts';
import { type AddPart, exchangeOfRequest } from './inner-exchange.suite.ts';
import {
  connectTo,
  encodeChunk,
  encodeEvent,
  encodeFrame,
  type ScriptedServer,
  serveScript,
} from './scripted-server.suite.ts';

const LLAMA = 'us.meta.llama3-1-8b-instruct-v1:0';
const MISTRAL = 'mistral.mistral-7b-instruct-v0:2';
const DEEPSEEK = 'us.deepseek.r1-v1:0';
const COHERE = 'cohere.command-light-text-v14';
const TITAN = 'amazon.titan-text-express-v1';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function upstream(answer: (response: ServerResponse) => void) {
  server = await serveScript((_request, response) => answer(response));
  return connectTo(server.endpoint);
}

const counted = { 'x-amzn-bedrock-input-token-count': '7', 'x-amzn-bedrock-output-token-count': '9' };
const answering = (body: unknown, headers: Record<string, string> = counted) =>
  upstream((response) => response.writeHead(200, headers).end(typeof body === 'string' ? body : JSON.stringify(body)));
const streaming = (...frames: readonly Uint8Array[]) => upstream((response) => response.end(Buffer.concat(frames)));

function prompt(model: string, inference: (add: AddPart) => Inference = () => ({})): Exchange {
  const text = '<s>[INST] hello 😀 [/INST]';
  return exchangeOfRequest((add) => ({ kind: 'completion', prompt: add(text), inference: inference(add) }), model);
}
const asStream = (exchange: Exchange): Exchange => ({ ...exchange, action: 'InvokeModelWithResponseStream' });

const all = (add: AddPart): Inference => ({
  maxTokens: 5,
  temperature: 0.5,
  topP: 0.9,
  topK: 3,
  stopSequences: [add('END')],
});
const of =
  (...names: readonly (keyof Inference)[]) =>
  (add: AddPart): Inference =>
    Object.fromEntries(Object.entries(all(add)).filter(([name]) => names.some((each) => each === name)));

interface Case {
  readonly model: string;
  readonly inference: (add: AddPart) => Inference;
  readonly body: object;
  readonly streamed?: object;
  readonly whole: (text: string, reason: string | null) => object;
  readonly chunk?: (text: string, reason: string | null) => object;
  readonly reasons: readonly (readonly [string, string])[];
}

const text = '<s>[INST] hello 😀 [/INST]';
const cases: readonly Case[] = [
  {
    model: LLAMA,
    inference: of('maxTokens', 'temperature', 'topP'),
    body: { prompt: text, max_gen_len: 5, temperature: 0.5, top_p: 0.9 },
    whole: (generation, stop_reason) => ({ generation, stop_reason, prompt_token_count: 7, generation_token_count: 9 }),
    reasons: [
      ['stop', 'endTurn'],
      ['length', 'maxTokens'],
    ],
  },
  {
    model: MISTRAL,
    inference: all,
    body: { prompt: text, max_tokens: 5, stop: ['END'], temperature: 0.5, top_p: 0.9, top_k: 3 },
    whole: (said, stop_reason) => ({ outputs: [{ text: said, stop_reason }] }),
    reasons: [
      ['stop', 'endTurn'],
      ['length', 'maxTokens'],
    ],
  },
  {
    model: DEEPSEEK,
    inference: of('maxTokens', 'temperature', 'topP', 'stopSequences'),
    body: { prompt: text, temperature: 0.5, top_p: 0.9, max_tokens: 5, stop: ['END'] },
    whole: (said, stop_reason) => ({ choices: [{ index: 0, text: said, stop_reason }] }),
    reasons: [
      ['stop', 'endTurn'],
      ['length', 'maxTokens'],
      ['content_filter', 'contentFilter'],
    ],
  },
  {
    model: COHERE,
    inference: all,
    body: { prompt: text, temperature: 0.5, p: 0.9, k: 3, max_tokens: 5, stop_sequences: ['END'] },
    streamed: { stream: true },
    whole: (said, finish_reason) => ({ generations: [{ id: 'g', text: said, finish_reason }], id: 'i', prompt: text }),
    chunk: (said, finish_reason) =>
      finish_reason === null
        ? { text: said, is_finished: false, index: 0 }
        : { finish_reason, is_finished: true, response: { generations: [] } },
    reasons: [
      ['COMPLETE', 'endTurn'],
      ['MAX_TOKENS', 'maxTokens'],
      ['STOP_SEQUENCE', 'stopSequence'],
      ['ERROR_TOXIC', 'contentFilter'],
    ],
  },
  {
    model: TITAN,
    inference: of('maxTokens', 'temperature', 'topP', 'stopSequences'),
    body: {
      inputText: text,
      textGenerationConfig: { maxTokenCount: 5, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
    },
    whole: (outputText, completionReason) => ({
      inputTextTokenCount: 7,
      results: [{ tokenCount: 9, outputText, completionReason }],
    }),
    chunk: (outputText, completionReason) => ({
      outputText,
      index: 0,
      totalOutputTextTokenCount: completionReason === null ? null : 9,
      completionReason,
      inputTextTokenCount: completionReason === null ? null : 7,
    }),
    reasons: [
      ['FINISH', 'endTurn'],
      ['FINISHED', 'endTurn'],
      ['LENGTH', 'maxTokens'],
      ['STOP_CRITERIA_MET', 'stopSequence'],
      ['CONTENT_FILTERED', 'contentFilter'],
    ],
  },
];
const metrics = {
  'amazon-bedrock-invocationMetrics': { inputTokenCount: 7, outputTokenCount: 9, firstByteLatency: 1 },
};

describe.each(cases)(
  'a raw prompt for $model',
  ({ model, inference, body, streamed, whole, chunk = whole, reasons }) => {
    it('goes out as it is, in the family’s body', async () => {
      await answerOf(await answering(whole('x', reasons[0]?.[0] ?? '')), prompt(model, inference));
      const [request] = server?.received ?? [];
      expect(request?.path).toBe(`/model/${encodeURIComponent(model)}/invoke`);
      expect(JSON.parse(request?.body ?? '')).toEqual(body);
      expect(request?.headers.accept).toBe('application/json');
      expect(request?.headers['x-amzn-bedrock-request-metadata']).toBe(`{"sallyport-request-id":"${requestId}"}`);
    });

    it('goes out alone where nothing steers it', async () => {
      await answerOf(await answering(whole('x', reasons[0]?.[0] ?? '')), prompt(model));
      const alone = model === TITAN ? { inputText: text } : { prompt: text };
      expect(JSON.parse(server?.received[0]?.body ?? '')).toEqual(alone);
    });

    it.each(reasons)('is answered whole, ended by %s as %s', async (word, stop) => {
      const provider = await answering(whole('hi "there" 😀', word));
      const answer = await provider.invoke(await clear(prompt(model, inference)), AbortSignal.any([]));
      const events: AnswerEvent[] = [];
      for await (const batch of answer.events) events.push(...batch);
      expect(toAnswer(events)).toEqual({
        blocks: [{ kind: 'text', text: 'hi "there" 😀' }],
        embeddings: [],
        stop,
        ...(stop === 'stopSequence' ? { stopSequence: 'END' } : {}),
        usage: { inputTokens: 7, outputTokens: 9 },
      });
      expect(answer.dropped?.()).toBe(0);
    });

    it.each(reasons)('is answered in a stream, ended by %s as %s', async (word, stop) => {
      const chunks = [chunk('hi ', null), chunk('😀', null), { ...chunk('', word), ...metrics }];
      const provider = await streaming(...chunks.map(encodeChunk));
      const answer = await provider.invoke(await clear(asStream(prompt(model, inference))), AbortSignal.any([]));
      const events: AnswerEvent[] = [];
      for await (const batch of answer.events) events.push(...batch);
      expect(toAnswer(events)).toMatchObject({
        blocks: [{ kind: 'text', text: 'hi 😀' }],
        stop,
        usage: { inputTokens: 7, outputTokens: 9 },
      });
      expect(events.map(({ kind }) => kind)).toEqual([
        'start',
        'blockStart',
        'delta',
        'delta',
        'blockStop',
        'stop',
        'usage',
      ]);
      expect(answer.dropped?.()).toBe(0);
      const [request] = server?.received ?? [];
      expect(request?.path).toBe(`/model/${encodeURIComponent(model)}/invoke-with-response-stream`);
      expect(request?.headers['x-amzn-bedrock-accept']).toBe('application/json');
      expect(JSON.parse(request?.body ?? '')).toEqual({ ...body, ...streamed });
    });

    it('has what it took from another chunk than the last, where it is told there', async () => {
      const [[word = ''] = []] = reasons;
      const bare = { ...chunk('', word), inputTextTokenCount: null, prompt_token_count: null };
      const provider = await streaming(
        encodeChunk(chunk('hi', null)),
        encodeChunk(bare),
        encodeChunk({ ...chunk('', null), ...metrics }),
      );
      expect((await answerOf(provider, asStream(prompt(model)))).usage).toEqual({ inputTokens: 7, outputTokens: 9 });
    });

    it('is refused where the family has no field for what steers it', async () => {
      const provider = await answering({});
      for (const more of [{ seed: 1 }, { frequencyPenalty: 1 }, { reasoning: { kind: 'adaptive' } }] as const) {
        expect(
          await codeOf(
            answerOf(
              provider,
              prompt(model, () => more),
            ),
          ),
        ).toBe('unsupported');
      }
      const missing = (['topK', 'stopSequences'] as const).filter((name) => !(name in inference(() => 0 as never)));
      for (const name of missing) {
        expect(await codeOf(answerOf(provider, prompt(model, of(name))))).toBe('unsupported');
      }
      expect(server?.paths).toEqual([]);
    });

    it.each([
      ['no end', (said: string) => whole(said, null)],
      ['an end that is none', (said: string) => whole(said, 'constructor')],
      ['nothing', () => ({})],
      ['no object', () => []],
    ])('is not answered by %s', async (_name, broken) => {
      expect(await codeOf(answerOf(await answering(broken('x')), prompt(model)))).toBe('upstreamFailed');
    });

    it('counts what of an answer is not carried', async () => {
      const [[word = ''] = []] = reasons;
      const provider = await answering({ ...whole('x', word), surprise: 1, 'amazon-bedrock-trace': {} });
      const answer = await provider.invoke(await clear(prompt(model)), AbortSignal.any([]));
      expect(answer.dropped?.()).toBe(2);
    });
  },
);

describe('a raw prompt', () => {
  it('is refused for a family that takes none', async () => {
    expect(await codeOf(answerOf(await answering({}), prompt(CLAUDE)))).toBe('unsupported');
    expect(server?.paths).toEqual([]);
  });

  it('that a guardrail cut off ends by it', async () => {
    const cut = { 'amazon-bedrock-guardrailAction': 'INTERVENED' };
    const provider = await answering({ outputs: [{ text: 'no', stop_reason: 'stop' }], ...cut });
    expect(await answerOf(provider, prompt(MISTRAL))).toMatchObject({ stop: 'guardrail' });
  });

  it('is not answered by several texts, or by text that is none', async () => {
    const output = { text: 'x', stop_reason: 'stop' };
    for (const outputs of [[output, output], [], [{ ...output, text: 1 }], 'x']) {
      expect(await codeOf(answerOf(await answering({ outputs }), prompt(MISTRAL)))).toBe('upstreamFailed');
      await server?.close();
    }
  });

  it.each([
    [{ 'x-amzn-bedrock-input-token-count': '7' }],
    [{ 'x-amzn-bedrock-input-token-count': '-7', 'x-amzn-bedrock-output-token-count': '1e3' }],
  ])('is not answered where nobody says what it took: %j', async (headers) => {
    const provider = await answering({ outputs: [{ text: 'x', stop_reason: 'stop' }] }, headers);
    expect(await codeOf(answerOf(provider, prompt(MISTRAL)))).toBe('upstreamFailed');
  });

  it('may have what it took in the body alone', async () => {
    const body = { generation: 'x', stop_reason: 'stop', prompt_token_count: 3, generation_token_count: 4 };
    expect((await answerOf(await answering(body, {}), prompt(LLAMA))).usage).toEqual({
      inputTokens: 3,
      outputTokens: 4,
    });
    const streamed = await streaming(encodeChunk(body));
    expect((await answerOf(streamed, asStream(prompt(LLAMA)))).usage).toEqual({ inputTokens: 3, outputTokens: 4 });
  });
});

describe('a streamed answer to a raw prompt', () => {
  const said = (words: string, stop_reason: string | null = null) =>
    encodeChunk({ outputs: [{ text: words, stop_reason }], ...(stop_reason === null ? {} : metrics) });

  async function play(...frames: readonly Uint8Array[]): Promise<{ text: unknown; fault: GatewayError | undefined }> {
    const provider = await streaming(...frames);
    const { events } = await provider.invoke(await clear(asStream(prompt(MISTRAL))), AbortSignal.any([]));
    const seen: AnswerEvent[] = [];
    let fault: GatewayError | undefined;
    try {
      for await (const batch of events) seen.push(...batch);
    } catch (error) {
      fault = error as GatewayError;
    }
    return { text: toAnswer(seen).blocks[0], fault };
  }

  it.each([
    ['modelStreamErrorException', 'upstreamInterrupted'],
    ['throttlingException', 'upstreamThrottled'],
    ['validationException', 'upstreamInvalid'],
    ['serviceUnavailableException', 'upstreamUnavailable'],
    ['internalServerException', 'upstreamFailed'],
    ['modelTimeoutException', 'upstreamTimeout'],
  ])('that ends in %s gives what came before, then %s', async (type, code) => {
    const exception = encodeFrame({ ':message-type': 'exception', ':exception-type': type }, '{"message":"a secret"}');
    const { text: seen, fault } = await play(said('one'), exception);
    expect(fault).toMatchObject({ code });
    expect(fault?.message).not.toContain('secret');
    expect(seen).toMatchObject({ text: 'one' });
  });

  it.each([
    ['content behind its end', [said('', 'stop'), said('more')]],
    ['a second end', [said('', 'stop'), said('', 'stop')]],
    ['bytes that are not base64', [encodeEvent('chunk', { bytes: '{}' })]],
    ['no bytes', [encodeEvent('chunk', {})]],
    ['a chunk that is not JSON', [encodeChunk('x')]],
    ['a chunk that is no object', [encodeChunk([])]],
    ['a new kind of event', [encodeEvent('surprise', {})]],
  ])('is refused with %s', async (_name, frames) => {
    const { text: seen, fault } = await play(said('one'), ...frames, said('', 'stop'));
    expect(fault?.code).toBe('upstreamFailed');
    expect(seen).toMatchObject({ text: 'one' });
  });

  it('that is cut does not pass for a whole one', async () => {
    expect((await play(said('one'))).fault?.code).toBe('upstreamInterrupted');
    const uncounted = encodeChunk({ outputs: [{ text: '', stop_reason: 'stop' }] });
    expect((await play(said('one'), uncounted)).fault?.code).toBe('upstreamInterrupted');
  });
});
