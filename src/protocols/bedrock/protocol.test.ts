import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ModelStreamErrorException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, GatewayError, parseModelId } from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { type Outcome, requestId, type Served, serve } from '../served.suite.ts';
import { bedrockProtocol } from './protocol.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-text-express-v1';
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'Grüße ' },
  { kind: 'delta', index: 0, text: 'aus \u2028 Köln' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'toolUse', id: 'call-1', name: 'look_up' } },
  { kind: 'delta', index: 1, text: '{"city":' },
  { kind: 'delta', index: 1, text: '"Köln"}' },
  { kind: 'blockStop', index: 1 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage: { inputTokens: 11, outputTokens: 7 } },
];
const textAlone: readonly AnswerEvent[] = [...events.slice(0, 5), ...events.slice(-2)];

let served: Served | undefined;
let client: BedrockRuntimeClient | undefined;

async function clientOf(outcome: Outcome, maxAttempts = 1): Promise<BedrockRuntimeClient> {
  served = await serve(bedrockProtocol, () => outcome);
  client = new BedrockRuntimeClient({
    endpoint: served.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts,
  });
  return client;
}

afterEach(async () => {
  client?.destroy();
  await served?.close();
});

const params = {
  modelId: NOVA,
  messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 64 },
};

async function gather<Event>(stream: AsyncIterable<Event> | undefined): Promise<readonly Event[]> {
  const all: Event[] = [];
  if (stream !== undefined) for await (const event of stream) all.push(event);
  return all;
}

describe('the AWS SDK', () => {
  it('gets an answer of Converse', async () => {
    const bedrock = await clientOf({ kind: 'answer', events });
    const answer = await bedrock.send(new ConverseCommand(params));
    expect(answer).toMatchObject({
      output: {
        message: {
          role: 'assistant',
          content: [
            { text: 'Grüße aus \u2028 Köln' },
            { toolUse: { toolUseId: 'call-1', name: 'look_up', input: { city: 'Köln' } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
      metrics: { latencyMs: 5 },
    });
    expect(answer.$metadata.requestId).toBe(requestId);
    expect(served?.seen[0]?.parts.map(({ text }) => text)).toEqual(['hello']);
    expect(served?.seen[0]?.model).toBe(NOVA);
  });

  it('gets an answer of ConverseStream', async () => {
    const bedrock = await clientOf({ kind: 'answer', events });
    const answer = await bedrock.send(new ConverseStreamCommand(params));
    expect(answer.$metadata.requestId).toBe(requestId);
    expect(await gather(answer.stream)).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Grüße ' } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'aus \u2028 Köln' } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'call-1', name: 'look_up' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"city":' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '"Köln"}' } } } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 }, metrics: { latencyMs: 5 } } },
    ]);
  });

  it('gets the body of InvokeModel, with or without saying what it sends', async () => {
    const bedrock = await clientOf({ kind: 'answer', events: textAlone });
    for (const types of [{}, { contentType: 'application/json', accept: 'application/json' }]) {
      const body = JSON.stringify({ inputText: 'hello' });
      const answer = await bedrock.send(new InvokeModelCommand({ modelId: TITAN, body, ...types }));
      expect(answer.contentType).toBe('application/json');
      expect(JSON.parse(answer.body.transformToString())).toMatchObject({
        results: [{ outputText: 'Grüße aus \u2028 Köln' }],
      });
    }
  });

  it('gets the chunks of InvokeModelWithResponseStream', async () => {
    const bedrock = await clientOf({ kind: 'answer', events: textAlone });
    const body = JSON.stringify({ inputText: 'hello' });
    const answer = await bedrock.send(new InvokeModelWithResponseStreamCommand({ modelId: TITAN, body }));
    expect(answer.contentType).toBe('application/json');
    const chunks = (await gather(answer.body)).map(({ chunk }) =>
      JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()),
    );
    expect(chunks.map(({ outputText }) => outputText).join('')).toBe('Grüße aus \u2028 Köln');
    expect(chunks.at(-1)).toMatchObject({ completionReason: 'FINISH' });
  });

  it('is told of a block as an answer', async () => {
    const bedrock = await clientOf({ kind: 'blocked', message: 'not that' });
    const answer = await bedrock.send(new ConverseCommand(params));
    expect(answer.stopReason).toBe('guardrail_intervened');
    expect(answer.output?.message?.content).toEqual([{ text: 'not that' }]);
  });

  it('throws its own exceptions for faults', async () => {
    const bedrock = await clientOf({ kind: 'fault', error: new GatewayError('upstreamThrottled') });
    const error = await bedrock.send(new ConverseCommand(params)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ThrottlingException);
    expect(error).toMatchObject({ $metadata: { requestId, httpStatusCode: 429 } });
    const invalid = bedrock.send(new ConverseCommand({ ...params, messages: [] }));
    await expect(invalid).rejects.toBeInstanceOf(ValidationException);
    const unknown = bedrock.send(new InvokeModelCommand({ modelId: 'a b', body: '{}' }));
    await expect(unknown).rejects.toBeInstanceOf(BedrockRuntimeServiceException);
  });

  it('does not repeat what the gateway refused for its own limits', async () => {
    const bedrock = await clientOf({ kind: 'fault', error: new GatewayError('tooManyRequests') }, 3);
    const error = await bedrock.send(new ConverseCommand(params)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ServiceQuotaExceededException);
    expect(error).toMatchObject({ $metadata: { requestId, httpStatusCode: 400, attempts: 1 } });
  });

  it('gets reasoning and citations, and brings the reasoning back as it came', async () => {
    const thought: readonly AnswerEvent[] = [
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
      { kind: 'delta', index: 0, text: 'let me see' },
      { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 'token-1' } },
      { kind: 'blockStop', index: 0 },
      { kind: 'blockStart', index: 1, block: { kind: 'reasoning' } },
      { kind: 'proof', index: 1, proof: { kind: 'sealed', token: 'token-2' } },
      { kind: 'blockStop', index: 1 },
      { kind: 'blockStart', index: 2, block: { kind: 'text' } },
      { kind: 'delta', index: 2, text: 'so' },
      { kind: 'citation', index: 2, citation: { title: 'notes', quotes: ['q'] } },
      { kind: 'blockStop', index: 2 },
      { kind: 'stop', reason: 'endTurn' },
    ];
    const bedrock = await clientOf({ kind: 'answer', events: thought });
    const { output } = await bedrock.send(new ConverseCommand(params));
    const content = output?.message?.content ?? [];
    expect(content.at(-1)).toMatchObject({
      citationsContent: {
        content: [{ text: 'so' }],
        citations: [{ title: 'notes', sourceContent: [{ text: 'q' }] }],
      },
    });
    const answered = { role: 'assistant' as const, content: content.slice(0, 2) };
    const { stream } = await bedrock.send(
      new ConverseStreamCommand({ ...params, messages: [...params.messages, answered, ...params.messages] }),
    );
    expect(served?.seen.at(-1)?.request).toMatchObject({
      messages: [
        {},
        {
          content: [
            { kind: 'reasoning', text: 1, proof: { kind: 'sealed', token: 'token-1' } },
            { kind: 'reasoning', proof: { kind: 'sealed', token: 'token-2' } },
          ],
        },
        {},
      ],
    });
    const deltas = (await gather(stream)).flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? []);
    expect(deltas).toEqual([
      { reasoningContent: { text: 'let me see' } },
      { reasoningContent: { signature: 'token-1' } },
      { reasoningContent: { redactedContent: Uint8Array.from(Buffer.from('token-2')) } },
      { text: 'so' },
      { citation: { title: 'notes', sourceContent: [{ text: 'q' }] } },
    ]);
  });

  it('gets a count of tokens', async () => {
    const usage = { inputTokens: 42, outputTokens: 0 };
    const bedrock = await clientOf({ kind: 'answer', events: [{ kind: 'usage', usage }] });
    const { messages } = params;
    const count = await bedrock.send(new CountTokensCommand({ modelId: NOVA, input: { converse: { messages } } }));
    expect(count.inputTokens).toBe(42);
    const body = Buffer.from(JSON.stringify({ messages }));
    await bedrock.send(new CountTokensCommand({ modelId: NOVA, input: { invokeModel: { body } } }));
    for (const { action, parts, request } of served?.seen ?? []) {
      expect([action, request.kind, parts.map(({ text }) => text)]).toEqual(['CountTokens', 'tokenCount', ['hello']]);
    }
    expect(served?.seen).toHaveLength(2);
  });

  it('throws in the middle of a stream that fails, after what came before', async () => {
    const error = new GatewayError('upstreamInterrupted');
    const bedrock = await clientOf({ kind: 'interrupted', events: events.slice(0, 3), error });
    const answer = await bedrock.send(new ConverseStreamCommand(params));
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const event of answer.stream ?? []) seen.push(event);
    };
    await expect(reading()).rejects.toBeInstanceOf(ModelStreamErrorException);
    expect(seen).toHaveLength(2);
  });
});

describe('the Bedrock protocol', () => {
  it('lists no models: the runtime has no such route', () => {
    expect(codeOf(() => bedrockProtocol.models([], 0))).toBe('routeNotFound');
    expect(codeOf(() => bedrockProtocol.model(parseModelId(NOVA), 0))).toBe('routeNotFound');
  });

  it('names no model where the route has none', () => {
    const route = { kind: 'invoke', operation: 'Converse' } as const;
    expect(codeOf(() => bedrockProtocol.read(route, Buffer.from('{}'), () => undefined))).toBe('invalidRequest');
  });
});
