import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { type Answer, type AnswerEvent, GatewayError, parseModelId, toAnswer } from '../../core/index.ts';
import { codeOf, type Gathered, itAnswersAlikeWholeAndStreamed, itReadsEverything } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { chunkOf, eventsOf, headerOf, protocolFor, read, readFrames } from './wire.suite.ts';

const CLAUDE = 'anthropic.claude-3-haiku-20240307-v1:0';
const NOVA = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-text-express-v1';
const EMBED = 'amazon.titan-embed-text-v2:0';

const claudeBody = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'hello' }],
  system: 'be brief',
};
const novaBody = {
  schemaVersion: 'messages-v1',
  system: [{ text: 'be brief' }],
  messages: [
    { role: 'user', content: [{ text: 'hello' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'a', name: 'n', input: { b: 'c' } } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ json: { d: 'e' } }] } }] },
  ],
  inferenceConfig: {
    maxTokens: 64,
    temperature: 0.1,
    topP: 0.9,
    topK: 20,
    stopSequences: ['END'],
    reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
  },
  toolConfig: {
    tools: [{ toolSpec: { name: 'n', inputSchema: { json: { type: 'object' } } } }],
    toolChoice: { auto: {} },
  },
};
const titanBody = {
  inputText: 'User: hello\nBot:',
  textGenerationConfig: { maxTokenCount: 64, temperature: 0, topP: 0.5, stopSequences: ['User:'] },
};
const embedBody = { inputText: 'hello', dimensions: 256, normalize: true, embeddingTypes: ['float'] };
const bodies = { [CLAUDE]: claudeBody, [NOVA]: novaBody, [TITAN]: titanBody, [EMBED]: embedBody } as const;
type ModelName = keyof typeof bodies;

const invoke = (model: string, body: unknown) => read('InvokeModel', model, body);
const jsonOf = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

function createReply(model: ModelName, operation = 'InvokeModel') {
  const reply = read(operation, model, bodies[model]);
  return reply.createReply({ requestId, createdAt, model: parseModelId(model) });
}

function streamOf(model: ModelName, events: readonly AnswerEvent[]): readonly string[] {
  const writer = createReply(model, 'InvokeModelWithResponseStream');
  const bytes = [...events.map((event, at) => writer.events([event], at)), writer.end(90)];
  return readFrames(Buffer.concat(bytes)).map(chunkOf);
}

const events = (stop: Answer['stop'], ...texts: readonly string[]): readonly AnswerEvent[] => [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  ...texts.map((text): AnswerEvent => ({ kind: 'delta', index: 0, text })),
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: stop },
  { kind: 'usage', usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 } },
];
const toolCall: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'toolUse', id: 'a', name: 'n' } },
  { kind: 'delta', index: 0, text: '{ "n": 12345678901234567890 }' },
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
];

describe('reading InvokeModel for Claude', () => {
  itReadsEverything({ protocol: protocolFor(CLAUDE), operation: 'InvokeModel', body: claudeBody, raw: [], maps: [] });

  it('takes neither model nor stream from the body', () => {
    expect(invoke(CLAUDE, claudeBody)).toMatchObject({ model: CLAUDE, stream: false });
    expect(read('InvokeModelWithResponseStream', CLAUDE, claudeBody).stream).toBe(true);
    expect(codeOf(() => invoke(CLAUDE, { ...claudeBody, model: CLAUDE }))).toBe('invalidRequest');
    expect(codeOf(() => invoke(CLAUDE, { ...claudeBody, stream: true }))).toBe('invalidRequest');
    expect(codeOf(() => invoke(CLAUDE, { ...claudeBody, anthropic_version: '2020-01-01' }))).toBe('invalidRequest');
    expect(invoke(CLAUDE, { ...claudeBody, anthropic_version: '2023-06-01' })).toMatchObject({ model: CLAUDE });
  });
});

describe('reading InvokeModel for Nova', () => {
  itReadsEverything({
    protocol: protocolFor(NOVA),
    operation: 'InvokeModel',
    body: novaBody,
    raw: [
      '/messages/1/content/0/toolUse/input',
      '/messages/2/content/0/toolResult/content/0/json',
      '/toolConfig/tools/0/toolSpec/inputSchema/json',
    ],
    maps: [],
  });

  it('gives a conversation with all its settings', () => {
    const { request } = invoke(NOVA, novaBody);
    expect(request).toMatchObject({
      kind: 'conversation',
      inference: { maxTokens: 64, temperature: 0.1, topP: 0.9, topK: 20 },
      toolChoice: { kind: 'auto' },
    });
    expect(invoke(NOVA, { messages: novaBody.messages }).request).toMatchObject({ tools: [], inference: {} });
  });

  it('takes how much it may reason', () => {
    const reasoningOf = (reasoningConfig: object) =>
      invoke(NOVA, { ...novaBody, inferenceConfig: { reasoningConfig } }).request;
    expect(reasoningOf({ type: 'enabled', maxReasoningEffort: 'low' })).toMatchObject({
      inference: { reasoning: { kind: 'effort', effort: 'low' } },
    });
    expect(reasoningOf({ type: 'disabled' })).toMatchObject({ inference: { reasoning: { kind: 'off' } } });
    expect(codeOf(() => reasoningOf({ type: 'enabled', budget_tokens: 5 }))).toBe('invalidRequest');
  });

  it('refuses what Converse has and Nova has not', () => {
    expect(codeOf(() => invoke(NOVA, { ...novaBody, additionalModelRequestFields: {} }))).toBe('invalidRequest');
  });
});

describe('reading InvokeModel for Titan', () => {
  itReadsEverything({ protocol: protocolFor(TITAN), operation: 'InvokeModel', body: titanBody, raw: [], maps: [] });

  it('gives a prompt to complete', () => {
    const { request, parts } = invoke(TITAN, titanBody);
    expect(request).toMatchObject({
      kind: 'completion',
      prompt: 0,
      inference: { maxTokens: 64, temperature: 0, topP: 0.5 },
    });
    expect(parts).toEqual([
      { kind: 'text', origin: 'user', path: '/inputText', text: 'User: hello\nBot:' },
      { kind: 'text', origin: 'parameter', path: '/textGenerationConfig/stopSequences/0', text: 'User:' },
    ]);
    expect(codeOf(() => invoke(TITAN, { inputText: '' }))).toBe('invalidRequest');
    expect(invoke(TITAN, { inputText: 'hello' }).request).toMatchObject({ inference: {} });
  });

  it('reads the text to embed and how', () => {
    const { request, parts } = invoke(EMBED, embedBody);
    expect(request).toMatchObject({ kind: 'embedding', dimensions: 256, normalize: true });
    expect(parts).toEqual([{ kind: 'text', origin: 'user', path: '/inputText', text: 'hello' }]);
    expect(invoke(EMBED, { inputText: 'hello' }).request).toEqual({ kind: 'embedding', inputs: [0] });
  });

  it.each([
    [{ dimensions: 300 }, 'invalidRequest'],
    [{ dimensions: '256' }, 'invalidRequest'],
    [{ inputText: '' }, 'invalidRequest'],
    [{ inputText: undefined }, 'invalidRequest'],
    [{ inputImage: 'x' }, 'invalidRequest'],
    [{ embeddingTypes: ['binary'] }, 'unsupported'],
    [{ embeddingTypes: ['float', 'binary'] }, 'unsupported'],
  ])('refuses to embed with %j', (extra, code) => {
    expect(codeOf(() => invoke(EMBED, { ...embedBody, ...extra }))).toBe(code);
  });

  it('does not stream embeddings', () => {
    expect(codeOf(() => read('InvokeModelWithResponseStream', EMBED, embedBody))).toBe('unsupported');
    const writer = createReply(EMBED);
    expect(codeOf(() => writer.events([], 1))).toBe('unsupported');
    expect(codeOf(() => writer.end(1))).toBe('unsupported');
  });
});

describe('the headers of InvokeModel', () => {
  const codeWith = (headers: Readonly<Record<string, string>>, operation = 'InvokeModel') =>
    codeOf(() => read(operation, TITAN, titanBody, (name) => headers[name]));

  it.each([
    {},
    { 'content-type': 'application/json', accept: 'application/json' },
    { 'content-type': 'application/octet-stream', accept: '*/*' },
    { accept: 'text/html, application/json;q=0.9' },
    { accept: 'application/vnd.amazon.eventstream', 'x-amzn-bedrock-accept': 'application/json' },
    { 'x-amzn-bedrock-trace': 'DISABLED', 'x-amzn-bedrock-performanceconfig-latency': 'standard' },
    { 'x-amzn-bedrock-service-tier': 'default', 'x-amzn-bedrock-guardrailidentifier': '' },
  ])('may be %j', (headers) => {
    expect(codeWith(headers)).toBeUndefined();
  });

  it.each([
    { 'x-amzn-bedrock-trace': 'SOMETIMES' },
    { 'x-amzn-bedrock-performanceconfig-latency': 'optimized' },
    { 'x-amzn-bedrock-service-tier': 'flex' },
    { 'x-amzn-bedrock-request-metadata': '{"a":"b"}' },
    { accept: 'image/png' },
    { 'x-amzn-bedrock-accept': 'text/plain' },
  ])('are refused rather than left unmet: %j', (headers) => {
    expect(codeWith(headers)).toBe('unsupported');
    expect(codeWith(headers, 'InvokeModelWithResponseStream')).toBe('unsupported');
  });

  it('name a guardrail whole or not at all', () => {
    expect(codeWith({ 'x-amzn-bedrock-guardrailidentifier': 'abc' })).toBe('invalidRequest');
    expect(codeWith({ 'x-amzn-bedrock-guardrailversion': 'DRAFT' })).toBe('invalidRequest');
    const both = { 'x-amzn-bedrock-guardrailidentifier': 'abc', 'x-amzn-bedrock-guardrailversion': 'DRAFT' };
    expect(codeWith({ ...both, 'x-amzn-bedrock-trace': 'ENABLED_FULL' })).toBeUndefined();
    expect(codeWith({ ...both, 'x-amzn-bedrock-guardrailversion': '01' })).toBe('invalidRequest');
  });

  it('are refused where they declare a body other than JSON', () => {
    expect(codeWith({ 'content-type': 'text/plain' })).toBe('unsupportedMediaType');
  });
});

describe('answering InvokeModel', () => {
  it('counts tokens and time in headers', () => {
    const { status, headers } = createReply(TITAN).whole(toAnswer(events('endTurn', 'hi')), 12.6);
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-bedrock-input-token-count': '3',
      'x-amzn-bedrock-output-token-count': '4',
      'x-amzn-bedrock-cache-read-input-token-count': '5',
      'x-amzn-bedrock-cache-write-input-token-count': '6',
      'x-amzn-bedrock-invocation-latency': '13',
    });
    const uncached = createReply(TITAN).whole(toAnswer(events('endTurn', 'hi').slice(0, -1)), 1).headers;
    expect(Object.keys(uncached).filter((name) => name.includes('cache'))).toEqual([]);
  });

  it('writes a Messages API message for Claude', () => {
    const { body } = createReply(CLAUDE).whole(toAnswer(toolCall), 1);
    expect(jsonOf(body)).toMatchObject({
      id: `msg_bdrk_${requestId.replaceAll('-', '')}`,
      type: 'message',
      model: CLAUDE,
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id: 'a', name: 'n' }],
    });
    expect(Buffer.from(body).toString()).toContain('"input":{ "n": 12345678901234567890 }');
  });

  it('writes Converse’s message for Nova, with Nova’s names for the cache', () => {
    expect(jsonOf(createReply(NOVA).whole(toAnswer(events('maxTokens', 'hi')), 1).body)).toEqual({
      output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
      stopReason: 'max_tokens',
      usage: {
        inputTokens: 3,
        outputTokens: 4,
        totalTokens: 18,
        cacheReadInputTokenCount: 5,
        cacheWriteInputTokenCount: 6,
      },
    });
    const { usage } = jsonOf(createReply(NOVA).whole(toAnswer(toolCall), 1).body);
    expect(usage).toEqual({ inputTokens: 3, outputTokens: 4, totalTokens: 7 });
  });

  it.each([
    ['endTurn', 'FINISH'],
    ['maxTokens', 'LENGTH'],
    ['stopSequence', 'STOP_CRITERIA_MET'],
    ['contentFilter', 'CONTENT_FILTERED'],
  ] as const)('writes one result for Titan; %s is %s', (stop, completionReason) => {
    expect(jsonOf(createReply(TITAN).whole(toAnswer(events(stop, 'hi')), 1).body)).toEqual({
      inputTextTokenCount: 3,
      results: [{ tokenCount: 4, outputText: 'hi', completionReason }],
    });
  });

  it('refuses a tool call where the format has none', () => {
    expect(codeOf(() => createReply(TITAN).whole(toAnswer(toolCall), 1))).toBe('upstreamFailed');
    expect(codeOf(() => streamOf(TITAN, toolCall))).toBe('upstreamFailed');
  });

  it('writes the vector, also by its type', () => {
    const answer: Answer = { ...toAnswer([]), embeddings: [[0.5, -1e-7]], usage: { inputTokens: 3, outputTokens: 0 } };
    expect(jsonOf(createReply(EMBED).whole(answer, 1).body)).toEqual({
      embedding: [0.5, -1e-7],
      inputTextTokenCount: 3,
      embeddingsByType: { float: [0.5, -1e-7] },
    });
    expect(codeOf(() => createReply(EMBED).whole(toAnswer([]), 1))).toBe('upstreamFailed');
  });

  it.each([CLAUDE, NOVA, TITAN] as const)('tells of a block in the format of %s', (model) => {
    const reply = createReply(model).blocked({ types: ['EMAIL'], message: 'not "that"' }, 1);
    expect(reply.status).toBe(200);
    expect(jsonOf(reply.body)).toMatchObject({ 'amazon-bedrock-guardrailAction': 'INTERVENED' });
    expect(Buffer.from(reply.body).toString()).toContain('not \\"that\\"');
    const plain = createReply(model).whole(toAnswer(events('endTurn', 'hi')), 1);
    expect(jsonOf(plain.body)).not.toHaveProperty('amazon-bedrock-guardrailAction');
  });

  it('tells of a blocked embedding as a fault: a vector of the message would be stored as one of the text', () => {
    const reply = createReply(EMBED).blocked({ types: ['EMAIL'], message: 'no' }, 1);
    expect(reply.status).toBe(400);
    expect(reply.headers['x-amzn-errortype']).toBe('ValidationException');
    expect(jsonOf(reply.body).message).toContain('blocked by a content policy');
  });
});

describe('streaming InvokeModel', () => {
  it('names the type of its chunks in the headers', () => {
    expect(createReply(NOVA).streamHeaders).toEqual({
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': requestId,
      'x-amzn-bedrock-content-type': 'application/json',
    });
  });

  it('sends the Messages API’s events for Claude', () => {
    expect(streamOf(CLAUDE, events('endTurn', 'hi')).map((json) => JSON.parse(json).type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('sends Converse’s events for Nova, each under its name', () => {
    const chunks = streamOf(NOVA, events('endTurn', 'hi')).map((json) => JSON.parse(json));
    expect(chunks.slice(0, -1)).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'hi' } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
    ]);
    expect(chunks.at(-1)).toMatchObject({ metadata: { usage: { inputTokens: 3, cacheReadInputTokenCount: 5 } } });
  });

  it('sends text for Titan, and what it all came to in the last chunk', () => {
    const chunks = streamOf(TITAN, events('maxTokens', 'h', 'i')).map((json) => JSON.parse(json));
    expect(chunks).toMatchObject([
      { outputText: 'h', index: 0, completionReason: null },
      { outputText: 'i', index: 0, completionReason: null },
      { outputText: '', completionReason: 'LENGTH', inputTextTokenCount: 3, totalOutputTextTokenCount: 4 },
    ]);
  });

  it.each([
    [CLAUDE, 0],
    [NOVA, 0],
    [TITAN, 2],
  ] as const)('measures the invocation in the last chunk, and only there: %s', (model, firstByteLatency) => {
    const chunks = streamOf(model, events('endTurn', 'hi')).map((json) => JSON.parse(json));
    expect(chunks.pop()['amazon-bedrock-invocationMetrics']).toEqual({
      inputTokenCount: 3,
      outputTokenCount: 4,
      invocationLatency: 90,
      firstByteLatency,
      cacheReadInputTokenCount: 5,
      cacheWriteInputTokenCount: 6,
    });
    for (const chunk of chunks) expect(chunk).not.toHaveProperty('amazon-bedrock-invocationMetrics');
  });

  it('closes an answer of which nothing came', () => {
    const writer = createReply(TITAN, 'InvokeModelWithResponseStream');
    const [chunk, ...more] = readFrames(writer.end(9)).map(chunkOf);
    expect(more).toEqual([]);
    expect(JSON.parse(chunk ?? '')['amazon-bedrock-invocationMetrics']).toEqual({
      inputTokenCount: 0,
      outputTokenCount: 0,
      invocationLatency: 9,
      firstByteLatency: 9,
    });
  });

  it.each([CLAUDE, NOVA, TITAN] as const)('says at its end that a guardrail intervened, if one did: %s', (model) => {
    const action = 'amazon-bedrock-guardrailAction';
    expect(JSON.parse(streamOf(model, events('guardrail', 'no')).at(-1) ?? '')[action]).toBe('INTERVENED');
    expect(JSON.parse(streamOf(model, events('endTurn', 'hi')).at(-1) ?? '')).not.toHaveProperty(action);
  });

  it('ends with an exception frame where it failed', () => {
    const writer = createReply(NOVA, 'InvokeModelWithResponseStream');
    const [frame, ...more] = readFrames(writer.fault(new GatewayError('upstreamTimeout')));
    expect(more).toEqual([]);
    expect(headerOf(frame, ':exception-type')).toBe('modelTimeoutException');
  });

  it.skipIf(!hasServiceModel).each([CLAUDE, NOVA, TITAN] as const)(
    'is of the service model’s shape, also where a delta is longer than a chunk may be: %s',
    (model) => {
      const long = `${'\u0001'.repeat(149_999)}${'😀'.repeat(100_000)}`;
      const writer = createReply(model, 'InvokeModelWithResponseStream');
      const frames = readFrames(Buffer.concat([writer.events(events('endTurn', long), 1), writer.end(1)]));
      for (const frame of frames) {
        expect(violations('ResponseStream', { [headerOf(frame, ':event-type') ?? '']: jsonOf(frame.payload) })).toEqual(
          [],
        );
      }
      expect(frames.map(chunkOf).join('')).not.toMatch(/\\ud[89a-f]/);
      const text = frames.map((frame) => textOf(JSON.parse(chunkOf(frame)))).join('');
      expect(text === long).toBe(true);
    },
  );
});

function textOf(chunk: {
  readonly outputText?: string;
  readonly delta?: { readonly text?: string };
  readonly contentBlockDelta?: { readonly delta: { readonly text: string } };
}): string {
  return chunk.outputText ?? chunk.delta?.text ?? chunk.contentBlockDelta?.delta.text ?? '';
}

describe('any answer of Claude', () => {
  itAnswersAlikeWholeAndStreamed({
    protocol: protocolFor(CLAUDE),
    operation: 'InvokeModelWithResponseStream',
    body: claudeBody,
    gatherWhole(body) {
      const message = JSON.parse(body);
      return gatherBlocks(message.content, message.stop_reason, message.usage);
    },
    gatherStream(lines) {
      const blocks: ClaudeBlock[] = [];
      let stop = '';
      let usage: Readonly<Record<string, unknown>> = {};
      for (const { json } of eventsOf(lines)) {
        const event = JSON.parse(json);
        const block = blocks[event.index];
        if (event.type === 'content_block_start') blocks[event.index] = { ...event.content_block, json: '' };
        else if (event.type === 'content_block_delta' && block !== undefined) {
          block.text = (block.text ?? '') + (event.delta.text ?? '');
          block.json = (block.json ?? '') + (event.delta.partial_json ?? '');
        } else if (event.type === 'message_delta') {
          stop = event.delta.stop_reason;
          usage = event.usage;
        }
      }
      const read = blocks.map((each) =>
        each.type === 'text' ? each : { ...each, input: JSON.parse(each.json ?? '') },
      );
      return gatherBlocks(read, stop, usage);
    },
  });
});

interface ClaudeBlock {
  readonly type: string;
  text?: string;
  json?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
}

function gatherBlocks(
  blocks: readonly ClaudeBlock[],
  stop: string,
  usage: Readonly<Record<string, unknown>>,
): Gathered {
  return {
    text: blocks.map(({ type, text }) => (type === 'text' ? text : '')).join(''),
    calls: blocks.flatMap(({ type, id = '', name = '', input }) =>
      type === 'tool_use' ? [{ id, name, arguments: JSON.stringify(input) }] : [],
    ),
    stop,
    usage: ['input_tokens', 'output_tokens', 'cache_read_input_tokens'].map((name) => Number(usage[name])),
  };
}

describe('any answer of Titan', () => {
  it('has the same text whole and streamed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), (texts) => {
        const whole = jsonOf(createReply(TITAN).whole(toAnswer(events('endTurn', ...texts)), 1).body);
        const streamed = streamOf(TITAN, events('endTurn', ...texts)).map((json) => JSON.parse(json).outputText);
        expect(streamed.join('')).toBe(whole.results[0].outputText);
      }),
    );
  });
});
