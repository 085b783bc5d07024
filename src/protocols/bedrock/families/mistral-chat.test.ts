import { describe, expect, it } from 'vitest';
import { type AnswerEvent, parseModelId, toAnswer } from '../../../core/index.ts';
import { codeOf, type Gathered, itAnswersAlikeWholeAndStreamed, itReadsEverything } from '../../protocol.suite.ts';
import { createdAt, requestId } from '../../served.suite.ts';
import { chunkOf, eventsOf, protocolFor, read, readFrames } from '../wire.suite.ts';

const MODEL = 'mistral.mistral-large-2407-v1:0';
const chat = {
  messages: [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'what is the weather' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'call00001', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }],
    },
    { role: 'tool', tool_call_id: 'call00001', content: 'sunny' },
    { role: 'assistant', content: 'It is sunny.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'and here' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ],
    },
  ],
  tools: [{ type: 'function', function: { name: 'weather', description: 'tells it', parameters: { type: 'object' } } }],
  tool_choice: 'any',
  max_tokens: 64,
  temperature: 0.5,
  top_p: 0.9,
};
const invoke = (body: unknown) => read('InvokeModel', MODEL, body);
const user = (...content: readonly object[]) => invoke({ messages: [{ role: 'user', content }] });

describe('reading a chat of Mistral', () => {
  const { messages } = chat;
  itReadsEverything({
    protocol: protocolFor(MODEL),
    operation: 'InvokeModel',
    body: { ...chat, messages: [...messages.slice(0, 1), ...messages.slice(3)] },
    raw: ['/tools/0/function/parameters'],
    maps: [],
  });

  it('gives the conversation its structure', () => {
    const { request, parts } = invoke(chat);
    expect(request).toMatchObject({
      kind: 'conversation',
      system: [{ kind: 'text', text: 0 }],
      messages: [
        { role: 'user', content: [{ kind: 'text' }] },
        { role: 'assistant', content: [{ kind: 'toolUse' }] },
        { role: 'user', content: [{ kind: 'toolResult', failed: false }] },
        { role: 'assistant', content: [{ kind: 'text' }] },
        {
          role: 'user',
          content: [{ kind: 'text' }, { kind: 'reference', modality: 'image', source: { kind: 'url' } }],
        },
      ],
      toolChoice: { kind: 'any' },
      inference: { maxTokens: 64, temperature: 0.5, topP: 0.9 },
    });
    expect(parts.map(({ kind, origin, text }) => [kind, origin, text])).toEqual([
      ['text', 'system', 'be brief'],
      ['text', 'user', 'what is the weather'],
      ['identifier', 'toolCall', 'call00001'],
      ['identifier', 'toolCall', 'weather'],
      ['json', 'toolCall', '{"city":"Bern"}'],
      ['identifier', 'toolResult', 'call00001'],
      ['text', 'toolResult', 'sunny'],
      ['text', 'assistant', 'It is sunny.'],
      ['text', 'user', 'and here'],
      ['identifier', 'user', 'https://example.com/a.png'],
      ['identifier', 'toolDefinition', 'weather'],
      ['text', 'toolDefinition', 'tells it'],
      ['json', 'toolDefinition', '{"type":"object"}'],
    ]);
  });

  it('keeps a text beside tool calls, and one that is empty where it is all there is', () => {
    const [, , call] = chat.messages;
    const contentOf = (message: object) => {
      const { request } = invoke({ messages: [...chat.messages.slice(0, 2), message] });
      return request.kind === 'conversation' ? request.messages.at(-1)?.content.map(({ kind }) => kind) : [];
    };
    expect(contentOf({ ...call, content: 'I look' })).toEqual(['text', 'toolUse']);
    expect(contentOf({ ...call, content: null })).toEqual(['toolUse']);
    expect(contentOf({ role: 'assistant', content: '', tool_calls: null })).toEqual(['text']);
  });

  it('takes an image out of its URL', () => {
    const { request, parts } = user({ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } });
    const bytes = Buffer.from('iVBORw==', 'base64');
    expect(request).toMatchObject({
      messages: [{ content: [{ kind: 'media', modality: 'image', format: 'png', bytes }] }],
    });
    expect(parts).toEqual([]);
  });

  it.each([
    'data:image/png;base64,',
    'data:image/png;base64,iVBORw',
    'data:image/png;base64,iVBORx==',
    'data:image/png,text',
    ' data:image/png;base64,iVBORw==',
    'file:///etc/passwd',
    'gopher://example.com/a.png',
    '',
  ])('refuses an image of %j', (url) => {
    expect(codeOf(() => user({ type: 'image_url', image_url: { url } }))).toBe('invalidRequest');
  });

  it.each(['data:image/svg+xml;base64,iVBORw==', 'data:text/plain;base64,aGk=', 'DATA:text/plain;base64,aGk='])(
    'does not know the format of %j',
    (url) => {
      expect(codeOf(() => user({ type: 'image_url', image_url: { url } }))).toBe('unsupported');
    },
  );

  it('takes for an image within the body what any reader would', () => {
    const { request } = user({ type: 'image_url', image_url: { url: 'DATA:image/png;base64,iVBORw==' } });
    expect(request).toMatchObject({ messages: [{ content: [{ kind: 'media', format: 'png' }] }] });
  });

  it.each([
    [{ messages: [] }, 'invalidRequest'],
    [{ messages: [...chat.messages, chat.messages[0]] }, 'unsupported'],
    [{ messages: [{ role: 'assistant', content: 'x', prefix: true }] }, 'unsupported'],
    [{ tool_choice: 'required' }, 'invalidRequest'],
    [{ prompt: 'x' }, 'invalidRequest'],
    [{ response_format: { type: 'json_object' } }, 'invalidRequest'],
  ])('refuses %j', (extra, code) => {
    expect(codeOf(() => invoke({ ...chat, ...extra }))).toBe(code);
  });

  it.each(['', '[]', '{"a":1,"a":2}', 'text'])('refuses arguments of %j', (raw) => {
    const tool_calls = [{ id: 'a', function: { name: 'n', arguments: raw } }];
    expect(codeOf(() => invoke({ messages: [{ role: 'assistant', tool_calls }] }))).toBe('invalidRequest');
  });
});

const call: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'I look' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'toolUse', id: 'a', name: 'n' } },
  { kind: 'delta', index: 1, text: '{ "n":' },
  { kind: 'delta', index: 1, text: ' 12345678901234567890 }' },
  { kind: 'blockStop', index: 1 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
];
const tool_calls = [{ id: 'a', type: 'function', function: { name: 'n', arguments: '{ "n": 12345678901234567890 }' } }];

const createReply = (operation: string) =>
  read(operation, MODEL, chat).createReply({ requestId, createdAt, model: parseModelId(MODEL) });
const wholeOf = (events: readonly AnswerEvent[]) =>
  JSON.parse(Buffer.from(createReply('InvokeModel').whole(toAnswer(events), 1).body).toString());
const chunksOf = (events: readonly AnswerEvent[]) => {
  const writer = createReply('InvokeModelWithResponseStream');
  return readFrames(Buffer.concat([writer.events(events, 1), writer.end(2)])).map((frame) =>
    JSON.parse(chunkOf(frame)),
  );
};

describe('answering a chat of Mistral', () => {
  it('gives one choice, with both names of why it ended', () => {
    expect(wholeOf(call)).toEqual({
      id: requestId,
      object: 'chat.completion',
      created: Math.floor(createdAt / 1000),
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'I look', tool_calls },
          stop_reason: 'tool_calls',
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
  });

  it('streams text as it comes, and each call in one piece', () => {
    const choices = chunksOf(call).map((chunk) => chunk.choices[0]);
    expect(choices).toEqual([
      { index: 0, message: { role: 'assistant', content: 'I look' }, stop_reason: null, finish_reason: null },
      { index: 0, message: { role: 'assistant', content: '', tool_calls }, stop_reason: null, finish_reason: null },
      {
        index: 0,
        message: { role: 'assistant', content: '' },
        stop_reason: 'tool_calls',
        finish_reason: 'tool_calls',
      },
    ]);
  });

  it('fails on arguments that no chunk could hold', () => {
    const long = call.map(
      (event): AnswerEvent => (event.kind === 'delta' ? { ...event, text: 'x'.repeat(100_000) } : event),
    );
    expect(codeOf(() => chunksOf(long))).toBe('upstreamFailed');
  });

  it.each([
    [{ kind: 'blockStart', index: 5, block: { kind: 'reasoning' } }],
    [
      { kind: 'blockStart', index: 5, block: { kind: 'text' } },
      { kind: 'citation', index: 5, citation: { quotes: [] } },
    ],
  ] as readonly (readonly AnswerEvent[])[])('fails rather than leave something out of an answer', (...events) => {
    expect(codeOf(() => wholeOf(events))).toBe('upstreamFailed');
    expect(codeOf(() => chunksOf(events))).toBe('upstreamFailed');
  });

  it('fails on a proof of reasoning too', () => {
    const proof: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } };
    expect(codeOf(() => chunksOf([...call.slice(0, 3), proof]))).toBe('upstreamFailed');
  });

  itAnswersAlikeWholeAndStreamed({
    protocol: protocolFor(MODEL),
    operation: 'InvokeModelWithResponseStream',
    body: chat,
    gatherWhole(body) {
      const { choices, usage } = JSON.parse(body);
      const { prompt_tokens, completion_tokens } = usage;
      return gatherChoices(choices, [prompt_tokens, completion_tokens]);
    },
    gatherStream(lines) {
      const chunks = eventsOf(lines).map(({ json }) => JSON.parse(json));
      const metrics = chunks.at(-1)?.['amazon-bedrock-invocationMetrics'];
      const choices = chunks.map((chunk) => chunk.choices[0]);
      return gatherChoices(choices, [metrics.inputTokenCount, metrics.outputTokenCount]);
    },
  });
});

interface WireChoice {
  readonly message: { readonly content: string; readonly tool_calls?: readonly WireCall[] };
  readonly stop_reason: string | null;
}
interface WireCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

function gatherChoices(choices: readonly WireChoice[], usage: readonly number[]): Gathered {
  return {
    text: choices.map(({ message }) => message.content).join(''),
    calls: choices
      .flatMap(({ message }) => message.tool_calls ?? [])
      .map(({ id, function: { name, arguments: raw } }) => ({ id, name, arguments: raw })),
    stop: choices.at(-1)?.stop_reason ?? '',
    usage,
  };
}
