import type {
  Message,
  RawContentBlockDelta,
  RawMessageStreamEvent,
  TextCitation,
  Usage,
} from '@anthropic-ai/sdk/resources/messages/messages';
import { describe, expect, it } from 'vitest';
import type { Answer, AnswerEvent, Citation } from '../../core/index.ts';
import { codeOf, type Gathered, itAnswersAlikeWholeAndStreamed } from '../protocol.suite.ts';
import { createMessageEvents, writeMessage } from './messages.ts';
import { anthropicProtocol } from './protocol.ts';

const meta = { id: 'msg_1', model: 'demo' };
const answer: Answer = {
  blocks: [
    { kind: 'text', text: 'a "b"\n' },
    { kind: 'toolUse', id: 't1', name: 'f', arguments: '{ "n": 12345678901234567890, "b": 1, "a": 2 }' },
  ],
  embeddings: [],
  stop: 'toolUse',
  usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 },
};

const usage: Usage = {
  cache_creation: null,
  cache_creation_input_tokens: 6,
  cache_read_input_tokens: 5,
  inference_geo: null,
  input_tokens: 3,
  output_tokens: 4,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
};

describe('a message', () => {
  it('has every member the SDK declares', () => {
    const expected: Message = {
      id: 'msg_1',
      container: null,
      content: [
        { type: 'text', text: 'a "b"\n', citations: null },
        {
          type: 'tool_use',
          id: 't1',
          name: 'f',
          input: { n: Number('12345678901234567890'), b: 1, a: 2 },
          caller: { type: 'direct' },
        },
      ],
      diagnostics: null,
      model: 'demo',
      role: 'assistant',
      stop_details: null,
      stop_reason: 'tool_use',
      stop_sequence: null,
      type: 'message',
      usage,
    };
    expect(JSON.parse(writeMessage(answer, meta))).toEqual(expected);
  });

  it('holds tool arguments byte for byte', () => {
    expect(writeMessage(answer, meta)).toContain('"input":{ "n": 12345678901234567890, "b": 1, "a": 2 },');
  });

  it.each(['', '{"a":', '[]', 'null', '7', '"x"', '{}},{"type":"text"', '{"a":1,"a":2}'])(
    'is not written with the arguments %j, which could reach past their tool call',
    (raw) => {
      const broken = { ...answer, blocks: [{ kind: 'toolUse', id: 't', name: 'f', arguments: raw }] as const };
      expect(codeOf(() => writeMessage(broken, meta))).toBe('upstreamFailed');
    },
  );

  it.each([
    ['endTurn', 'end_turn'],
    ['maxTokens', 'max_tokens'],
    ['contextWindow', 'model_context_window_exceeded'],
    ['stopSequence', 'stop_sequence'],
    ['toolUse', 'tool_use'],
    ['contentFilter', 'refusal'],
    ['guardrail', 'refusal'],
  ] as const)('that stopped for %s says %s', (stop, expected) => {
    const message = JSON.parse(writeMessage({ ...answer, stop, stopSequence: 'END' }, meta));
    expect([message.stop_reason, message.stop_sequence, message.stop_details?.type ?? null]).toEqual([
      expected,
      'END',
      expected === 'refusal' ? 'refusal' : null,
    ]);
  });
});

describe('what a model thought', () => {
  const sealed = { kind: 'sealed', token: 'sp.1"' } as const;
  const contentOf = (block: Answer['blocks'][number]) =>
    JSON.parse(writeMessage({ ...answer, blocks: [block] }, meta)).content[0];

  it.each([
    [
      { kind: 'reasoning', text: 'hm', proof: sealed },
      { type: 'thinking', thinking: 'hm', signature: 'sp.1"' },
    ],
    [
      { kind: 'reasoning', text: 'hm' },
      { type: 'thinking', thinking: 'hm', signature: '' },
    ],
    [
      { kind: 'reasoning', text: '', proof: sealed },
      { type: 'redacted_thinking', data: 'sp.1"' },
    ],
    [
      { kind: 'reasoning', text: '' },
      { type: 'thinking', thinking: '', signature: '' },
    ],
  ] as const)('stands before the answer: %j', (block, expected) => {
    expect(contentOf(block)).toEqual(expected);
  });

  it.each([
    { kind: 'signature', signature: 'EqQB' },
    { kind: 'encrypted', data: 'EqQB' },
  ] as const)('does not leave with a proof that nobody sealed: $kind', (proof) => {
    for (const text of ['hm', '']) expect(codeOf(() => contentOf({ kind: 'reasoning', text, proof }))).toBe('internal');
    const stream = createMessageEvents(meta);
    stream.events([{ kind: 'blockStart', index: 0, block: { kind: 'reasoning' } }]);
    expect(codeOf(() => stream.events([{ kind: 'proof', index: 0, proof }]))).toBe('internal');
  });

  it('counts among the tokens', () => {
    const message = JSON.parse(writeMessage({ ...answer, usage: { ...answer.usage, reasoningTokens: 2 } }, meta));
    expect(message.usage.output_tokens_details).toEqual({ thinking_tokens: 2 });
  });
});

describe('a citation', () => {
  const cited = (citation: Citation) =>
    JSON.parse(writeMessage({ ...answer, blocks: [{ kind: 'text', text: 'x', citations: [citation] }] }, meta))
      .content[0].citations[0];
  const base = { cited_text: 'ab', document_index: 2, document_title: null, file_id: null };
  const quotes = ['a', 'b'];

  it.each([
    ['characters', { ...base, type: 'char_location', start_char_index: 3, end_char_index: 5 }],
    ['pages', { ...base, type: 'page_location', start_page_number: 3, end_page_number: 5 }],
    ['chunks', { ...base, type: 'content_block_location', start_block_index: 3, end_block_index: 5 }],
  ] as const satisfies readonly (readonly [string, TextCitation])[])('says in which %s it stands', (kind, expected) => {
    const location = { kind, document: 2, start: 3, end: 5 };
    expect(cited({ quotes, location })).toEqual(expected);
    expect(cited({ quotes, location, title: 't', source: 's' })).toEqual({ ...expected, document_title: 't' });
    expect(cited({ quotes, location, source: 's' })).toEqual({ ...expected, document_title: 's' });
  });

  it('of no document names a page', () => {
    const url = 'https://example.com';
    const expected: TextCitation = {
      type: 'web_search_result_location',
      cited_text: 'ab',
      encrypted_index: '',
      title: null,
      url,
    };
    expect(cited({ quotes, source: url })).toEqual(expected);
    expect(cited({ quotes, source: url, title: 't' })).toEqual({ ...expected, title: 't' });
  });

  it('of nothing fails the answer rather than being left out', () => {
    expect(codeOf(() => cited({ quotes, title: 't' }))).toBe('upstreamFailed');
  });
});

describe('the events of a message', () => {
  it('come in the order of the API', () => {
    const stream = createMessageEvents(meta);
    const events = stream.events([
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text: 'hi' },
      { kind: 'delta', index: 0, text: '' },
      { kind: 'blockStop', index: 0 },
      { kind: 'blockStart', index: 3, block: { kind: 'toolUse', id: 't1', name: 'f' } },
      { kind: 'delta', index: 3, text: '{"a":1}' },
      { kind: 'delta', index: 9, text: 'of no block' },
      { kind: 'blockStop', index: 9 },
      { kind: 'embedding', index: 0, vector: [1] },
      { kind: 'stop', reason: 'stopSequence', stopSequence: 'END' },
      { kind: 'usage', usage: answer.usage },
    ]);
    const all = [...events, ...stream.end()].map(({ type, json }) => ({ type, data: JSON.parse(json) }));
    for (const { type, data } of all) expect(data.type).toBe(type);
    expect(all.map(({ data }) => data).slice(1)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'hi' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 't1', name: 'f', input: {}, caller: { type: 'direct' } },
      },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
      { type: 'content_block_stop', index: 1 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', stop_details: null, container: null },
        usage: {
          input_tokens: 3,
          output_tokens: 4,
          cache_creation_input_tokens: 6,
          cache_read_input_tokens: 5,
          output_tokens_details: null,
          server_tool_use: null,
        },
      },
      { type: 'message_stop' },
    ] satisfies RawMessageStreamEvent[]);
    const opening = all[0]?.data.message;
    expect(Object.keys(opening).sort()).toEqual(Object.keys(JSON.parse(writeMessage(answer, meta))).sort());
    expect(opening).toMatchObject({ content: [], stop_reason: null, usage: { input_tokens: 0, output_tokens: 0 } });
  });
});

describe('the events of reasoning', () => {
  const eventsOf = (...events: readonly AnswerEvent[]) => {
    const stream = createMessageEvents(meta);
    stream.events([{ kind: 'start' }]);
    return [...stream.events(events), ...stream.end()].map(({ json }) => JSON.parse(json)).slice(0, -2);
  };
  const start: AnswerEvent = { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } };
  const proof: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 'tok' } };
  const thinking = { type: 'thinking', thinking: '', signature: '' } as const;
  const delta = (delta: RawContentBlockDelta): RawMessageStreamEvent => ({
    type: 'content_block_delta',
    index: 0,
    delta,
  });
  const stop = { type: 'content_block_stop', index: 0 } as const;

  it('are thinking, and its signature last', () => {
    expect(
      eventsOf(start, { kind: 'delta', index: 0, text: 'h' }, { kind: 'delta', index: 0, text: 'm' }, proof, {
        kind: 'blockStop',
        index: 0,
      }),
    ).toEqual([
      { type: 'content_block_start', index: 0, content_block: thinking },
      delta({ type: 'thinking_delta', thinking: 'h' }),
      delta({ type: 'thinking_delta', thinking: 'm' }),
      delta({ type: 'signature_delta', signature: 'tok' }),
      stop,
    ] satisfies RawMessageStreamEvent[]);
  });

  it('are one block that nobody can read where there is no text', () => {
    expect(eventsOf(start, { kind: 'delta', index: 0, text: '' }, proof, { kind: 'blockStop', index: 0 })).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'redacted_thinking', data: 'tok' } },
      stop,
    ] satisfies RawMessageStreamEvent[]);
  });

  it('are an empty block where nothing came of it', () => {
    expect(eventsOf(start)).toEqual([
      { type: 'content_block_start', index: 0, content_block: thinking },
      stop,
    ] satisfies RawMessageStreamEvent[]);
  });
});

describe('an answer in the Anthropic protocol', () => {
  itAnswersAlikeWholeAndStreamed({
    protocol: anthropicProtocol,
    operation: 'messages',
    body: { model: 'demo', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] },
    gatherWhole: (body) => toGathered(JSON.parse(body), (block) => JSON.stringify(block.input)),
    gatherStream,
  });
});

interface AnyBlock {
  type: string;
  text: string;
  id: string;
  name: string;
  input: unknown;
  partial: string;
}

function toGathered(
  message: { content: AnyBlock[]; stop_reason: string; usage: Record<string, number> },
  argumentsOf: (block: AnyBlock) => string,
): Gathered {
  const calls = message.content.filter(({ type }) => type === 'tool_use');
  return {
    text: message.content.map((block) => (block.type === 'text' ? `[${block.text}]` : '')).join(''),
    calls: calls.map((block) => ({ id: block.id, name: block.name, arguments: argumentsOf(block) })),
    stop: message.stop_reason,
    usage: ['input_tokens', 'output_tokens', 'cache_read_input_tokens'].map((name) => message.usage[name] ?? -1),
  };
}

function gatherStream(body: string): Gathered {
  let message = { content: [] as AnyBlock[], stop_reason: '', usage: {} };
  for (const frame of body.split('\n\n').slice(0, -1)) {
    const [, name, json] = /^event: ([^\n]*)\ndata: ([^\n]*)$/.exec(frame) ?? [];
    const event = JSON.parse(json ?? '');
    expect(event.type).toBe(name);
    const block = message.content[event.index];
    if (name === 'message_start') message = event.message;
    if (name === 'content_block_start') {
      expect(event.index).toBe(message.content.length);
      message.content.push({ ...event.content_block, partial: '' });
    }
    if (block && event.delta?.type === 'text_delta') block.text += event.delta.text;
    if (block && event.delta?.type === 'input_json_delta') block.partial += event.delta.partial_json;
    if (name === 'message_delta') message = { ...message, ...event.delta, usage: event.usage };
  }
  expect(body.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
  return toGathered(message, (block) => JSON.stringify(JSON.parse(block.partial)));
}
