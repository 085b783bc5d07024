import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { type Answer, type AnswerEvent, type Block, GatewayError, type Part, toAnswer } from '../../core/index.ts';
import { codeOf, type Gathered, itAnswersAlikeWholeAndStreamed, itReadsEverything } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { eventsOf, headerOf, protocolFor, read, readFrames } from './wire.suite.ts';

const MODEL = 'amazon.nova-lite-v1:0';
const hello = { role: 'user', content: [{ text: 'hello' }] };

const full = {
  messages: [
    { role: 'user', content: [{ text: 'what is the weather' }, { cachePoint: { type: 'default', ttl: '5m' } }] },
    {
      role: 'assistant',
      content: [{ text: 'I look' }, { toolUse: { toolUseId: 'call-1', name: 'weather', input: { city: 'Bern' } } }],
    },
    {
      role: 'user',
      content: [
        {
          toolResult: {
            toolUseId: 'call-1',
            content: [{ text: 'sunny' }, { json: { sky: ['blue'] } }, { json: 21 }],
            status: 'error',
          },
        },
      ],
    },
  ],
  system: [{ text: 'be brief' }, { cachePoint: { type: 'default' } }],
  inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 1, stopSequences: ['END'] },
  toolConfig: {
    tools: [
      {
        toolSpec: {
          name: 'weather',
          description: 'tells it',
          inputSchema: { json: { type: 'object' } },
          strict: true,
        },
      },
    ],
    toolChoice: { tool: { name: 'weather' } },
  },
  additionalModelRequestFields: { top_k: 5, inferenceConfig: { topK: 5 } },
  requestMetadata: { team: 'team' },
  performanceConfig: { latency: 'standard' },
  serviceTier: { type: 'default' },
  guardrailConfig: {},
};

const converse = (body: unknown) => read('Converse', MODEL, body);
const codeFor = (extra: object) => codeOf(() => converse({ messages: [hello], ...extra }));
const codeForContent = (...content: readonly unknown[]) =>
  codeOf(() => converse({ messages: [{ role: 'user', content }] }));

describe('reading Converse', () => {
  itReadsEverything({
    protocol: protocolFor(MODEL),
    operation: 'Converse',
    body: full,
    raw: [
      '/messages/1/content/1/toolUse/input',
      '/messages/2/content/0/toolResult/content/1/json',
      '/toolConfig/tools/0/toolSpec/inputSchema/json',
      '/additionalModelRequestFields',
    ],
    maps: ['/requestMetadata'],
  });

  it('gives the conversation its structure', () => {
    const { request, parts, model, stream } = converse(full);
    if (request.kind !== 'conversation') throw new Error('not a conversation');
    const texts = (block: Block | undefined) =>
      Object.entries(block ?? {}).map(([name, value]) => [
        name,
        typeof value === 'number' ? parts[value]?.text : value,
      ]);
    expect([model, stream]).toEqual([MODEL, false]);
    expect(request.system.map(({ kind }) => kind)).toEqual(['text', 'cachePoint']);
    expect(request.messages.map(({ role, content }) => [role, content.map(({ kind }) => kind)])).toEqual([
      ['user', ['text', 'cachePoint']],
      ['assistant', ['text', 'toolUse']],
      ['user', ['toolResult']],
    ]);
    expect(texts(request.messages[1]?.content[1])).toEqual([
      ['kind', 'toolUse'],
      ['id', 'call-1'],
      ['name', 'weather'],
      ['arguments', '{"city":"Bern"}'],
    ]);
    expect(request.messages[2]?.content[0]).toMatchObject({ failed: true });
    expect(request.tools).toHaveLength(1);
    expect(request.toolChoice).toMatchObject({ kind: 'tool' });
    expect(request.inference).toMatchObject({ maxTokens: 100, temperature: 0.5, topP: 1 });
    expect(request.metadata).toHaveLength(1);
    expect(parts[request.additionalFields ?? -1]?.text).toBe('{"top_k":5,"inferenceConfig":{"topK":5}}');
  });

  it('says of each part whose word it is and how it may be edited', () => {
    const of = (origin: Part['origin']) => converse(full).parts.filter((part) => part.origin === origin);
    expect(of('system').map(({ kind }) => kind)).toEqual(['text']);
    expect(of('user').map(({ kind }) => kind)).toEqual(['text']);
    expect(of('assistant').map(({ kind }) => kind)).toEqual(['text']);
    expect(of('toolCall').map(({ kind }) => kind)).toEqual(['identifier', 'identifier', 'json']);
    expect(of('toolResult').map(({ kind }) => kind)).toEqual(['identifier', 'text', 'json', 'json']);
    expect(of('toolDefinition').map(({ kind }) => kind)).toEqual(['identifier', 'text', 'json']);
    expect(of('parameter').map(({ kind }) => kind)).toEqual(['identifier', 'text', 'json']);
    expect(of('metadata').map(({ kind }) => kind)).toEqual(['identifier', 'identifier']);
  });

  it('keeps raw JSON byte for byte, and prints again what has no raw text', () => {
    const input = '{ "big" : 12345678901234567890, "z": 1, "a": "\\u0041" }';
    const body =
      '{"messages":[{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"n","input":' +
      `${input}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json": [ 1e2 ]},` +
      '{"json":"s"},{"json":null},{"json": 1e2 }]}}]}]}';
    const texts = converse(body)
      .parts.filter(({ kind }) => kind === 'json')
      .map(({ text }) => text);
    expect(texts).toEqual([input, '[ 1e2 ]', '"s"', 'null', '100']);
  });

  it('takes a history of tool use without tools', () => {
    const { request } = converse({ messages: full.messages });
    expect(request).toMatchObject({ tools: [], metadata: [], inference: {} });
    expect(request).not.toHaveProperty('toolChoice');
  });

  it('reads each tool choice', () => {
    const choose = (toolChoice: object) =>
      converse({ ...full, toolConfig: { ...full.toolConfig, toolChoice } }).request;
    expect(choose({ auto: {} })).toMatchObject({ toolChoice: { kind: 'auto' } });
    expect(choose({ any: {} })).toMatchObject({ toolChoice: { kind: 'any' } });
    expect(codeOf(() => choose({ any: {}, auto: {} }))).toBe('invalidRequest');
  });

  it('names a metadata key with a slash by an escaped pointer', () => {
    const { parts } = converse({ messages: [hello], requestMetadata: { 'a/b': 'c d' } });
    expect(parts.slice(1).map(({ path, text }) => [path, text])).toEqual([
      ['/requestMetadata/a~1b', 'a/b'],
      ['/requestMetadata/a~1b', 'c d'],
    ]);
  });

  it.each([
    ['messages that are none', { messages: [] }],
    ['no messages', { messages: undefined }],
    ['an empty system text', { system: [{ text: '' }] }],
    ['a temperature above 1', { inferenceConfig: { temperature: 1.1 } }],
    ['a topP below 0', { inferenceConfig: { topP: -0.1 } }],
    ['maxTokens of 0', { inferenceConfig: { maxTokens: 0 } }],
    ['maxTokens that are no integer', { inferenceConfig: { maxTokens: 1.5 } }],
    ['maxTokens beyond 32 bits', { inferenceConfig: { maxTokens: 2 ** 31 } }],
    ['2501 stop sequences', { inferenceConfig: { stopSequences: Array.from({ length: 2501 }, () => 'a') } }],
    ['an empty metadata key', { requestMetadata: { '': 'v' } }],
    ['a metadata key of 257 characters', { requestMetadata: { ['k'.repeat(257)]: 'v' } }],
    ['a metadata value of 257 characters', { requestMetadata: { key: 'v'.repeat(257) } }],
    ['an empty stop sequence', { inferenceConfig: { stopSequences: [''] } }],
    ['topK, which Converse does not have', { inferenceConfig: { topK: 5 } }],
    ['no tools in toolConfig', { toolConfig: { tools: [] } }],
    ['a tool with no specification', { toolConfig: { tools: [{}] } }],
    [
      'a tool name of 65 characters',
      { toolConfig: { tools: [{ toolSpec: { name: 'n'.repeat(65), inputSchema: { json: {} } } }] } },
    ],
    ['a schema that is no object', { toolConfig: { tools: [{ toolSpec: { name: 'n', inputSchema: { json: [] } } }] } }],
    ['empty metadata', { requestMetadata: {} }],
    [
      '17 metadata entries',
      { requestMetadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'v'])) },
    ],
    ['metadata outside its pattern', { requestMetadata: { key: 'a{b}' } }],
    ['metadata keys outside their pattern', { requestMetadata: { 'a;b': 'v' } }],
    ['additional fields that are no object', { additionalModelRequestFields: [1] }],
  ])('refuses %s as invalid', (_, extra) => {
    expect(codeFor(extra)).toBe('invalidRequest');
  });

  it.each([
    ['promptVariables', { name: { text: 'x' } }],
    ['performanceConfig', { latency: 'optimized' }],
    ['serviceTier', { type: 'flex' }],
    ['additionalModelResponseFieldPaths', ['/content']],
    ['toolConfig', { tools: [{ cachePoint: { type: 'default' } }] }],
    ['messages', [{ role: 'system', content: [{ text: 'x' }] }]],
  ])('refuses %s that it cannot carry: %j', (field, value) => {
    expect(codeFor({ [field]: value })).toBe('unsupported');
  });

  it.each([
    ['searchResult', 'unsupported'],
    ['toolAddition', 'unsupported'],
    ['toolRemoval', 'unsupported'],
  ])('refuses %s as %s', (member, code) => {
    expect(codeForContent({ [member]: { text: 'x' } })).toBe(code);
    expect(() => converse({ messages: [{ role: 'user', content: [{ [member]: 1 }] }] })).toThrow(`\`${member}\``);
  });

  it('refuses search results in a tool result, and provider-side tool use', () => {
    const result = (content: unknown) => ({ toolResult: { toolUseId: 't', content: [content] } });
    expect(codeForContent(result({ searchResult: {} }))).toBe('unsupported');
    expect(codeForContent({ toolResult: { toolUseId: 't', content: [], type: 'web' } })).toBe('unsupported');
    const use = { toolUse: { toolUseId: 't', name: 'n', input: {}, type: 'server_tool_use' } };
    expect(codeOf(() => converse({ messages: [{ role: 'assistant', content: [use] }] }))).toBe('unsupported');
  });

  it('refuses unions with no member or two, and blocks on the wrong side', () => {
    expect(codeForContent({})).toBe('invalidRequest');
    expect(codeForContent({ text: 'a', cachePoint: { type: 'default' } })).toBe('invalidRequest');
    expect(codeForContent({ toolUse: { toolUseId: 't', name: 'n', input: {} } })).toBe('invalidRequest');
    const result = { toolResult: { toolUseId: 't', content: [] } };
    expect(codeOf(() => converse({ messages: [{ role: 'assistant', content: [result] }] }))).toBe('invalidRequest');
    expect(codeForContent({ toolResult: { toolUseId: 't', content: [{ text: 'a', json: {} }] } })).toBe(
      'invalidRequest',
    );
  });

  it.each(['a b', '', 'a'.repeat(65), 'é'])('refuses a tool use id of %j', (toolUseId) => {
    expect(codeForContent({ toolResult: { toolUseId, content: [] } })).toBe('invalidRequest');
  });

  it('refuses a body that is not declared as JSON', () => {
    const declared = (type: string) =>
      codeOf(() =>
        read('Converse', MODEL, { messages: [hello] }, (name) => (name === 'content-type' ? type : undefined)),
      );
    expect(declared('application/json')).toBeUndefined();
    expect(declared('Application/JSON; charset=UTF-8')).toBeUndefined();
    for (const type of [
      'text/plain',
      'application/json; charset=utf-16',
      'application/cbor',
      'application/octet-stream',
    ]) {
      expect([type, declared(type)]).toEqual([type, 'unsupportedMediaType']);
    }
  });

  it('refuses a model id that cannot be one, and an operation it does not have', () => {
    expect(codeOf(() => read('Converse', 'a b', full))).toBe('invalidRequest');
    expect(codeOf(() => read('Converse', '', full))).toBe('invalidRequest');
    expect(codeOf(() => read('ApplyGuardrail', MODEL, full))).toBe('routeNotFound');
  });
});

const answer: Answer = {
  blocks: [
    { kind: 'text', text: 'a "quoted" line\n' },
    { kind: 'toolUse', id: 'call-1', name: 'weather', arguments: '{ "n": 12345678901234567890 }' },
  ],
  embeddings: [],
  stop: 'toolUse',
  usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 },
};
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'hello' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 3, block: { kind: 'toolUse', id: 'call-1', name: 'weather' } },
  { kind: 'delta', index: 3, text: '{"a":1}' },
  { kind: 'blockStop', index: 3 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage: answer.usage },
];

function createReply(operation: string) {
  const request = read(operation, MODEL, { messages: [hello] });
  return request.createReply({ requestId, createdAt, model: 'm' as never });
}

const jsonOf = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

describe('answering Converse', () => {
  it('gives the message, why it ended, all tokens and the time', () => {
    const reply = createReply('Converse').whole(answer, 12.4);
    expect(reply.status).toBe(200);
    expect(reply.headers).toEqual({ 'content-type': 'application/json', 'x-amzn-requestid': requestId });
    const body = jsonOf(reply.body);
    expect(body).toMatchObject({
      output: {
        message: { role: 'assistant', content: [{ text: 'a "quoted" line\n' }, { toolUse: { name: 'weather' } }] },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 18, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 },
      metrics: { latencyMs: 12 },
    });
    expect(Buffer.from(reply.body).toString()).toContain('"input":{ "n": 12345678901234567890 }');
  });

  it.each(['{"a":1},"b":{}', '[1]', '{"a":', '', '"text"'])('does not let tool arguments %s write the reply', (raw) => {
    const forged: Answer = { ...answer, blocks: [{ kind: 'toolUse', id: 'a', name: 'b', arguments: raw }] };
    expect(codeOf(() => createReply('Converse').whole(forged, 1))).toBe('upstreamFailed');
  });

  it('tells of a block as a guardrail that intervened', () => {
    const reply = createReply('Converse').blocked({ types: ['EMAIL'], message: 'no' }, 1);
    expect(reply.status).toBe(200);
    expect(jsonOf(reply.body)).toMatchObject({
      output: { message: { content: [{ text: 'no' }] } },
      stopReason: 'guardrail_intervened',
    });
  });

  it('streams events in their order, text blocks without a start, blocks without gaps', () => {
    const writer = createReply('ConverseStream');
    expect(writer.streamHeaders).toEqual({
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': requestId,
    });
    const frames = readFrames(Buffer.concat([writer.events(events, 1), writer.end(7)]));
    expect(frames.map((frame) => [headerOf(frame, ':event-type'), jsonOf(frame.payload)])).toEqual([
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'hello' } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'call-1', name: 'weather' } } }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"a":1}' } } }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['messageStop', { stopReason: 'tool_use' }],
      [
        'metadata',
        {
          usage: {
            inputTokens: 3,
            outputTokens: 4,
            totalTokens: 18,
            cacheReadInputTokens: 5,
            cacheWriteInputTokens: 6,
          },
          metrics: { latencyMs: 7 },
        },
      ],
    ]);
    for (const frame of frames) {
      expect(headerOf(frame, ':message-type')).toBe('event');
      expect(headerOf(frame, ':content-type')).toBe('application/json');
    }
  });

  it('ends a stream that failed with one exception frame', () => {
    const [frame, ...more] = readFrames(createReply('ConverseStream').fault(new GatewayError('upstreamInterrupted')));
    expect(more).toEqual([]);
    expect(headerOf(frame, ':exception-type')).toBe('modelStreamErrorException');
  });

  it
    .skipIf(!hasServiceModel)
    .each(['endTurn', 'maxTokens', 'contextWindow', 'stopSequence', 'toolUse', 'contentFilter', 'guardrail'] as const)(
    'is of the service model’s shapes when it ends by %s',
    (stop) => {
      expect(
        violations('ConverseResponse', jsonOf(createReply('Converse').whole({ ...answer, stop }, 1).body)),
      ).toEqual([]);
      const writer = createReply('ConverseStream');
      const ending = events.map((event) => (event.kind === 'stop' ? { ...event, reason: stop } : event));
      const frames = readFrames(Buffer.concat([writer.events(ending, 1), writer.end(2)]));
      expect(frames).toHaveLength(8);
      for (const frame of frames) {
        const event = { [headerOf(frame, ':event-type') ?? '']: jsonOf(frame.payload) };
        expect(violations('ConverseStreamOutput', event)).toEqual([]);
      }
      expect(jsonOf(createReply('Converse').whole(toAnswer(ending), 2).body).stopReason).toBe(
        jsonOf(frames[6]?.payload ?? Buffer.of()).stopReason,
      );
    },
  );

  itAnswersAlikeWholeAndStreamed({
    protocol: protocolFor(MODEL),
    operation: 'ConverseStream',
    body: { messages: [hello] },
    gatherWhole: (body) => gatherMessage(JSON.parse(body)),
    gatherStream: (lines) => gatherEvents(eventsOf(lines)),
  });
});

interface WholeBody {
  readonly output: { readonly message: { readonly content: readonly WholeBlock[] } };
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, number>>;
}
interface WholeBlock {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
}

function gatherMessage({ output, stopReason, usage }: WholeBody): Gathered {
  const { content } = output.message;
  return {
    text: content.map(({ text }) => text ?? '').join(''),
    calls: content.flatMap(({ toolUse }) =>
      toolUse === undefined
        ? []
        : [{ id: toolUse.toolUseId, name: toolUse.name, arguments: JSON.stringify(toolUse.input) }],
    ),
    stop: stopReason,
    usage: Object.values(usage),
  };
}

function gatherEvents(all: readonly { readonly type: string; readonly json: string }[]): Gathered {
  const blocks: { text: string; id?: string; name?: string }[] = [];
  let stop = '';
  let usage: readonly number[] = [];
  for (const { type, json } of all) {
    const event = JSON.parse(json);
    if (type === 'contentBlockStart') blocks[event.contentBlockIndex] = { text: '', ...named(event.start.toolUse) };
    else if (type === 'contentBlockDelta') {
      blocks[event.contentBlockIndex] ??= { text: '' };
      const block = blocks[event.contentBlockIndex];
      if (block !== undefined) block.text += event.delta.text ?? event.delta.toolUse.input;
    } else if (type === 'messageStop') stop = event.stopReason;
    else if (type === 'metadata') usage = Object.values(event.usage);
  }
  return {
    text: blocks.map(({ id, text }) => (id === undefined ? text : '')).join(''),
    calls: blocks.flatMap(({ id, name = '', text }) =>
      id === undefined ? [] : [{ id, name, arguments: JSON.stringify(JSON.parse(text)) }],
    ),
    stop,
    usage,
  };
}

function named({ toolUseId, name }: { readonly toolUseId: string; readonly name: string }) {
  return { id: toolUseId, name };
}
