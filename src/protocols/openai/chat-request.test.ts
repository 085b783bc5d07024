import { describe, expect, it } from 'vitest';
import { parseJson, textOf } from '../../core/index.ts';
import { codeOf, errorOf, itReadsEverything } from '../protocol.suite.ts';
import { readChat } from './chat-request.ts';
import { openaiProtocol } from './protocol.ts';

const body = {
  model: 'amazon.nova-lite-v1:0',
  messages: [
    { role: 'system', content: 'be brief' },
    {
      role: 'developer',
      content: [
        { type: 'text', text: 'be kind' },
        { type: 'text', text: 'be exact' },
      ],
    },
    { role: 'user', content: 'hello' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'again', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'auto' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAEC' } },
        { type: 'input_audio', input_audio: { data: 'AAEC', format: 'wav' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
        { type: 'file', file: { filename: 'b.pdf', file_id: 'file-b' } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'let me look' },
        { type: 'refusal', refusal: 'not that' },
      ],
      refusal: 'nor this',
      reasoning_content: 'what would they want',
      annotations: [],
      audio: null,
      function_call: null,
      tool_calls: [
        { type: 'function', id: 'call_1', function: { name: 'look_up', arguments: '{"id":"x","n":[1]}' } },
        { type: 'function', id: 'call_2', function: { name: 'look_up', arguments: '{ }' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'a row' },
    { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'no row' }] },
    { role: 'assistant', content: 'found' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'look_up',
        description: 'finds',
        parameters: { type: 'object', required: ['id'] },
        strict: true,
      },
    },
    { type: 'function', function: { name: 'now', strict: false } },
  ],
  tool_choice: { type: 'function', function: { name: 'look_up' } },
  parallel_tool_calls: false,
  max_completion_tokens: 50,
  temperature: 1.5,
  top_p: 0.9,
  stop: ['END', 'STOP'],
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
  user: 'user 7',
  safety_identifier: 'hash 9',
  metadata: { team: 'claims', 'cost/center': '42 b' },
  n: 2,
  frequency_penalty: 0.5,
  presence_penalty: -0.5,
  seed: 7,
  reasoning_effort: 'low',
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'row', description: 'a row', schema: { type: 'object' }, strict: true },
  },
  prompt_cache_key: 'key 3',
  prompt_cache_options: { mode: 'explicit', ttl: '30m' },
  prompt_cache_retention: 'in_memory',
  modalities: ['text'],
  service_tier: 'auto',
  store: false,
};

const simple = { model: 'demo', messages: [{ role: 'user', content: 'hi' }] };
const assistantCalling = (raw: string, type = 'function') => ({
  ...simple,
  messages: [
    { role: 'assistant', content: null, tool_calls: [{ type, id: 'c', function: { name: 'f', arguments: raw } }] },
  ],
});

const low = { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } };

const read = (value: unknown) => readChat(parseJson(JSON.stringify(value)));

describe('a chat completion request', () => {
  itReadsEverything({
    protocol: openaiProtocol,
    operation: 'chat.completions',
    body,
    raw: ['/tools/0/function/parameters', '/response_format/json_schema/schema'],
    maps: ['/metadata'],
    supplied: ['/tools/1/function/parameters'],
  });

  it('keeps the structure: system text, turns, tool calls and results, tools, limits', () => {
    const { request, parts, model, stream, includeUsage } = read(body);
    const text = (index: Parameters<typeof textOf>[1]) => textOf({ parts }, index);
    expect([model, stream, includeUsage]).toEqual(['amazon.nova-lite-v1:0', true, true]);
    expect(request.system.map((block) => block.kind === 'text' && text(block.text))).toEqual([
      'be brief',
      'be kind',
      'be exact',
    ]);
    expect(request.messages.map(({ role, content }) => [role, content.map(({ kind }) => kind).join()])).toEqual([
      ['user', 'text'],
      ['user', 'text,cachePoint,reference,media,media,document,reference'],
      ['assistant', 'reasoning,text,text,text,toolUse,toolUse'],
      ['user', 'toolResult'],
      ['user', 'toolResult'],
      ['assistant', 'text'],
    ]);
    expect(request.tools.map((tool) => [text(tool.name), text(tool.schema), tool.strict])).toEqual([
      ['look_up', '{"type":"object","required":["id"]}', true],
      ['now', '{"type":"object","properties":{}}', undefined],
    ]);
    expect([request.toolChoice?.kind, request.parallelToolCalls]).toEqual(['tool', false]);
    expect(request.inference).toMatchObject({
      maxTokens: 50,
      temperature: 1.5,
      topP: 0.9,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
      seed: 7,
      reasoning: { kind: 'effort', effort: 'low' },
      choices: 2,
    });
    const { outputFormat } = request.inference;
    if (outputFormat?.kind !== 'jsonSchema') throw new Error('no schema');
    const { name, description, schema, strict } = outputFormat;
    expect([name, description, schema].map((index) => index !== undefined && text(index))).toEqual([
      'row',
      'a row',
      '{"type":"object"}',
    ]);
    expect(strict).toBe(true);
    expect(request.inference.stopSequences?.map(text)).toEqual(['END', 'STOP']);
    expect(request.metadata.map(({ key, value }) => [text(key), text(value)])).toEqual([
      ['team', 'claims'],
      ['cost/center', '42 b'],
      ['user', 'user 7'],
      ['safety_identifier', 'hash 9'],
    ]);
  });

  it('has nothing in it that asks for nothing', () => {
    const asking = {
      ...simple,
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      parallel_tool_calls: true,
      response_format: { type: 'text' },
      logprobs: false,
      top_logprobs: 0,
      store: false,
    };
    expect(read(asking)).toEqual(read(simple));
    const loose = { name: 'row', description: null, schema: {}, strict: false };
    const { request } = read({ ...simple, response_format: { type: 'json_schema', json_schema: loose } });
    expect(Object.keys(request.inference.outputFormat ?? {})).toEqual(['kind', 'name', 'schema']);
    const { request: plain } = read({ ...simple, response_format: { type: 'json_object' } });
    expect(plain.inference.outputFormat).toEqual({ kind: 'json' });
  });

  it('keeps up to a breakpoint what was read, wherever the text stands', () => {
    const text = { type: 'text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } };
    const { request } = read({
      model: 'm',
      messages: [
        { role: 'system', content: [text] },
        { role: 'assistant', content: [text] },
      ],
    });
    const kinds = ({ kind }: { readonly kind: string }) => kind;
    expect(request.system.map(kinds)).toEqual(['text', 'cachePoint']);
    expect(request.messages[0]?.content.map(kinds)).toEqual(['text', 'cachePoint']);
    const result = { role: 'tool', tool_call_id: 'c', content: [text] };
    expect(codeOf(() => read({ ...simple, messages: [result] }))).toBe('unsupported');
  });

  it('takes the arguments of a tool call as the JSON they are', () => {
    const raw = ' { "n": 12345678901234567890, "e": "\\u00e9" } ';
    const { parts } = read(assistantCalling(raw));
    expect(parts.filter(({ kind }) => kind === 'json')).toEqual([
      { kind: 'json', origin: 'toolCall', path: '/messages/0/tool_calls/0/function/arguments', text: raw },
    ]);
  });

  it.each(['', '[]', 'null', '"x"', '{"a":', '{"a":1,"a":2}', '{} {}'])(
    'refuses the arguments %j, which are not one JSON object',
    (raw) => {
      expect(codeOf(() => read(assistantCalling(raw)))).toBe('invalidRequest');
    },
  );

  it('takes null for absent', () => {
    const nulls = {
      tools: null,
      tool_choice: null,
      stop: null,
      stream: null,
      stream_options: null,
      max_tokens: null,
      max_completion_tokens: null,
      temperature: null,
      top_p: null,
      metadata: null,
      user: null,
      safety_identifier: null,
      logit_bias: null,
      store: null,
      n: null,
      seed: null,
      frequency_penalty: null,
      presence_penalty: null,
      reasoning_effort: null,
      response_format: null,
      parallel_tool_calls: null,
      logprobs: null,
      prompt_cache_key: null,
      prompt_cache_options: null,
      prompt_cache_retention: null,
    };
    expect(read({ ...simple, ...nulls })).toEqual(read(simple));
    expect(read(simple).request.inference).toEqual({});
  });

  it('leaves out the empty text that SDKs send along with tool calls, and no other', () => {
    const [message] = assistantCalling('{}').messages;
    const kinds = (value: unknown) => read(value).request.messages[0]?.content.map(({ kind }) => kind);
    expect(kinds({ ...simple, messages: [{ ...message, content: '' }] })).toEqual(['toolUse']);
    expect(kinds({ ...simple, messages: [{ role: 'assistant', content: '' }] })).toEqual(['text']);
    expect(kinds({ ...simple, messages: [{ role: 'assistant', refusal: 'no' }] })).toEqual(['text']);
    expect(codeOf(() => read({ ...simple, messages: [{ role: 'assistant' }] }))).toBe('invalidRequest');
    expect(codeOf(() => read({ ...simple, messages: [{ role: 'assistant', content: null, tool_calls: [] }] }))).toBe(
      'invalidRequest',
    );
  });

  it.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['required', 'any'],
  ])('takes the tool choice %s', (choice, kind) => {
    expect(read({ ...simple, tool_choice: choice }).request.toolChoice).toEqual({ kind });
  });

  it('takes a limit by its old name, and one stop text', () => {
    const { request, parts } = read({ ...simple, max_tokens: 7, stop: 'END' });
    expect(request.inference.maxTokens).toBe(7);
    expect(parts.at(-1)).toMatchObject({ origin: 'parameter', path: '/stop', text: 'END' });
    expect(read({ ...simple, max_tokens: 7, max_completion_tokens: 7 }).request.inference.maxTokens).toBe(7);
    expect(codeOf(() => read({ ...simple, max_tokens: 7, max_completion_tokens: 8 }))).toBe('invalidRequest');
  });

  it.each([
    ['no messages', { ...simple, messages: [] }],
    ['a temperature above 2', { ...simple, temperature: 2.1 }],
    ['five stop texts', { ...simple, stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['stream options without a stream', { ...simple, stream_options: { include_usage: true } }],
    ['a name given twice', { ...simple, user: 'a', metadata: { user: 'b' } }],
    [
      'seventeen metadata entries',
      { ...simple, metadata: Object.fromEntries([...Array(17).keys()].map((n) => [n, 'x'])) },
    ],
    ['a metadata name with a line break', { ...simple, metadata: { 'a\nb': 'x' } }],
    ['a metadata value too long', { ...simple, metadata: { a: 'x'.repeat(513) } }],
    ['a model id with a space', { ...simple, model: 'a b' }],
    ['a tool result without its call', { ...simple, messages: [{ role: 'tool', content: 'x' }] }],
    ['a tool name with a space', { ...simple, tools: [{ type: 'function', function: { name: 'a b' } }] }],
    ['a role of no known name', { ...simple, messages: [{ role: 'oracle', content: 'x' }] }],
    ['a tool call of no known type', assistantCalling('{}', 'rune')],
    [
      'an output schema of no name',
      { ...simple, response_format: { type: 'json_schema', json_schema: { schema: {} } } },
    ],
    ['an output format of no known type', { ...simple, response_format: { type: 'grammar' } }],
    ['a seed that a number cannot hold', { ...simple, seed: 2 ** 53 }],
    ['no choice', { ...simple, n: 0 }],
    ['a penalty above 2', { ...simple, frequency_penalty: 2.1 }],
    ['an effort of no known name', { ...simple, reasoning_effort: 'heroic' }],
    ['a list in the place of content', { ...simple, messages: [{ role: 'user', content: [] }] }],
  ])('refuses %s as not valid', (_, value) => {
    expect(codeOf(() => read(value))).toBe('invalidRequest');
  });

  it.each([
    [
      'a system message after the first turn',
      { ...simple, messages: [...simple.messages, { role: 'system', content: 'x' }] },
    ],
    [
      'a developer message after it',
      { ...simple, messages: [...simple.messages, { role: 'developer', content: 'x' }] },
    ],
    ['function messages', { ...simple, messages: [{ role: 'function', name: 'f', content: 'x' }] }],
    ["a participant's name", { ...simple, messages: [{ role: 'user', content: 'x', name: 'ann' }] }],
    ['custom tools', { ...simple, tools: [{ type: 'custom', custom: { name: 'f' } }] }],
    ['custom tool calls', assistantCalling('{}', 'custom')],
    ['a choice among tools', { ...simple, tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
    ['nine choices', { ...simple, n: 9 }],
    ['an image scaled down', { ...simple, messages: [{ role: 'user', content: [low] }] }],
    ['stored completions', { ...simple, store: true }],
    ['obfuscation', { ...simple, stream: true, stream_options: { include_obfuscation: true } }],
    ['spoken answers', { ...simple, modalities: ['text', 'audio'] }],
    ['a provider’s web search', { ...simple, web_search_options: {} }],
    ['log probabilities', { ...simple, logprobs: true }],
    ['the likeliest tokens', { ...simple, top_logprobs: 3 }],
  ])('refuses %s as not passed on', (_, value) => {
    expect(codeOf(() => read(value))).toBe('unsupported');
  });

  it('names the field in the way', () => {
    expect(String(errorOf(() => read({ ...simple, audio: 7 })))).toContain('`audio`');
    expect(String(errorOf(() => read({ ...simple, zap: 7 })))).toContain('`zap`');
    expect(String(errorOf(() => read({ ...simple, logprobs: true })))).toContain('repeat an answer token by token');
  });
});
