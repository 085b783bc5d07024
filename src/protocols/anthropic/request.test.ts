import { describe, expect, it } from 'vitest';
import { parseJson, textOf } from '../../core/index.ts';
import { codeOf, errorOf, itReadsEverything } from '../protocol.suite.ts';
import { readMessages } from './messages.ts';
import { anthropicProtocol } from './protocol.ts';

const cached = { cache_control: { type: 'ephemeral' } };
const png = 'iVBORw0KGgo=';
const body = {
  model: 'anthropic.claude-sonnet-5-v1:0',
  max_tokens: 100,
  system: [
    { type: 'text', text: 'be brief', cache_control: { type: 'ephemeral', ttl: '1h' } },
    { type: 'text', text: 'be kind' },
  ],
  messages: [
    { role: 'user', content: 'hello' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'a row may help', signature: 'EqQB' },
        { type: 'redacted_thinking', data: 'EqQC' },
        { type: 'text', text: 'let me look', citations: null },
        {
          type: 'text',
          text: 'as it says',
          citations: [
            {
              type: 'char_location',
              cited_text: 'a page',
              document_index: 0,
              document_title: 'page',
              start_char_index: 0,
              end_char_index: 6,
              file_id: null,
            },
            {
              type: 'page_location',
              cited_text: 'of last year',
              document_index: 1,
              document_title: 'a report',
              start_page_number: 1,
              end_page_number: 2,
            },
          ],
        },
        {
          type: 'tool_use',
          id: 'toolu_1',
          name: 'look_up',
          input: { id: 'x', deep: [{ a: 1 }] },
          caller: { type: 'direct' },
          ...cached,
        },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'a row' }], is_error: true },
        { type: 'tool_result', tool_use_id: 'functions.f:0', content: 'a text', ...cached },
        { type: 'tool_result', tool_use_id: 'toolu_3' },
        { type: 'text', text: 'go on', cache_control: { type: 'ephemeral', ttl: '5m' } },
        {
          type: 'tool_result',
          tool_use_id: 'toolu_4',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a page' }, title: 'page' },
          ],
        },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, transformations: {}, ...cached },
        { type: 'image', source: { type: 'file', file_id: 'file_1' } },
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
          title: 'a report',
          context: 'of last year',
          citations: { enabled: true },
          ...cached,
        },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'a piece' }] } },
        { type: 'document', source: { type: 'content', content: 'one piece' }, title: null, context: null },
        { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, title: 'afar' },
        { type: 'document', source: { type: 'file', file_id: 'file_2' }, citations: { enabled: false } },
      ],
    },
  ],
  tools: [
    { type: 'custom', name: 'look_up', description: 'finds', input_schema: { type: 'object' }, strict: true },
    { name: 'other', strict: false, input_schema: { properties: { text: { enum: ['a'] } } }, ...cached },
  ],
  tool_choice: { type: 'tool', name: 'look_up', disable_parallel_tool_use: true },
  stop_sequences: ['END', 'STOP'],
  temperature: 0.5,
  top_p: 0.9,
  top_k: 40,
  stream: true,
  metadata: { user_id: 'user 7' },
  thinking: { type: 'adaptive' },
  output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object', title: 'x' } } },
  service_tier: 'standard_only',
};

const simple = { model: 'demo', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };

function read(value: unknown, surface: 'api' | 'bedrock' = 'api') {
  const document = parseJson(JSON.stringify(value));
  return surface === 'api' ? readMessages(document, 'api') : readMessages(document, 'bedrock');
}

const withContent = (role: string, ...content: readonly unknown[]) => ({ ...simple, messages: [{ role, content }] });

const cited = {
  type: 'char_location',
  cited_text: 'a quote',
  document_index: 1,
  document_title: 'notes',
  start_char_index: 2,
  end_char_index: 9,
};
const cite = (...citations: readonly unknown[]) => withContent('assistant', { type: 'text', text: 'x', citations });

describe('a Messages request', () => {
  itReadsEverything({
    protocol: anthropicProtocol,
    operation: 'messages',
    body,
    raw: [
      '/messages/1/content/4/input',
      '/tools/0/input_schema',
      '/tools/1/input_schema',
      '/output_config/format/schema',
    ],
    maps: [],
    sealed: ['/messages/1/content/0/signature', '/messages/1/content/1/data'],
  });

  it('keeps the structure: turns, tool calls and results, cache points, tools, limits', () => {
    const { request, parts, stream, model } = readMessages(parseJson(JSON.stringify(body)), 'api');
    const text = (index: Parameters<typeof textOf>[1]) => textOf({ parts }, index);
    expect([model, stream]).toEqual(['anthropic.claude-sonnet-5-v1:0', true]);
    expect(request.system).toMatchObject([{ kind: 'text' }, { kind: 'cachePoint', ttl: '1h' }, { kind: 'text' }]);
    expect(request.messages.map(({ role, content }) => [role, content.map(({ kind }) => kind).join()])).toEqual([
      ['user', 'text'],
      ['assistant', 'reasoning,reasoning,text,text,toolUse,cachePoint'],
      ['user', 'toolResult,toolResult,cachePoint,toolResult,text,cachePoint,toolResult'],
      ['user', 'reference,cachePoint,reference,document,cachePoint,document,document,reference,reference'],
    ]);
    const [failed, , , empty] = request.messages[2]?.content ?? [];
    expect(failed).toMatchObject({ kind: 'toolResult', failed: true });
    expect(empty).toMatchObject({ kind: 'toolResult', failed: false, content: [] });
    expect(request.tools.map((tool) => text(tool.name))).toEqual(['look_up', 'other']);
    expect(request.tools.map((tool) => tool.description !== undefined)).toEqual([true, false]);
    expect(request.tools.map(({ strict, cachePoint }) => [strict, cachePoint])).toEqual([
      [true, undefined],
      [undefined, { kind: 'cachePoint' }],
    ]);
    expect(request.toolChoice?.kind).toBe('tool');
    expect(request.parallelToolCalls).toBe(false);
    expect(request.inference).toMatchObject({ maxTokens: 100, temperature: 0.5, topP: 0.9, topK: 40 });
    expect(request.inference.stopSequences?.map(text)).toEqual(['END', 'STOP']);
    expect(request.metadata.map(({ key, value }) => [text(key), text(value)])).toEqual([['user_id', 'user 7']]);
  });

  it('keeps tool arguments, results and schemas byte for byte', () => {
    const raw =
      '{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n",' +
      '"input":{ "n": 12345678901234567890, "é": "\\u00e9" }}]}],"tools":[{"name":"n","input_schema":{"b":1, "a":2}}]}';
    const { parts } = readMessages(parseJson(raw), 'api');
    expect(parts.filter(({ kind }) => kind === 'json').map(({ text }) => text)).toEqual([
      '{ "n": 12345678901234567890, "é": "\\u00e9" }',
      '{"b":1, "a":2}',
    ]);
  });

  it('says who stands behind each part', () => {
    const origins = read(body).parts.map(({ kind, origin }) => `${origin}:${kind}`);
    expect(new Set(origins)).toEqual(
      new Set([
        'system:text',
        'user:text',
        'assistant:text',
        'toolCall:identifier',
        'toolCall:json',
        'toolResult:identifier',
        'toolResult:text',
        'toolDefinition:identifier',
        'toolDefinition:text',
        'toolDefinition:json',
        'parameter:identifier',
        'parameter:text',
        'parameter:json',
        'document:text',
        'user:identifier',
        'metadata:identifier',
        'metadata:text',
      ]),
    );
  });

  it('reads the least there can be', () => {
    const { request, stream } = read(simple);
    expect(stream).toBe(false);
    expect(request).toMatchObject({ system: [], tools: [], metadata: [], inference: { maxTokens: 5 } });
    expect(read({ ...simple, system: 'short', metadata: { user_id: null } }).request).toMatchObject({
      system: [{ kind: 'text' }],
      metadata: [],
    });
    for (const type of ['auto', 'any', 'none']) {
      const { toolChoice, parallelToolCalls } = read({ ...simple, tool_choice: { type } }).request;
      expect([toolChoice, parallelToolCalls]).toEqual([{ kind: type }, undefined]);
    }
    const many = { type: 'auto', disable_parallel_tool_use: false };
    expect(read({ ...simple, tool_choice: many }).request).not.toHaveProperty('parallelToolCalls');
  });

  it.each([
    ['a missing limit', { ...simple, max_tokens: undefined }],
    ['a limit of 0', { ...simple, max_tokens: 0 }],
    ['no messages', { ...simple, messages: [] }],
    ['a temperature above 1', { ...simple, temperature: 1.1 }],
    ['a model id with a space', { ...simple, model: 'a b' }],
    ['a tool id out of its pattern', withContent('assistant', { type: 'tool_use', id: 'a b', name: 'n', input: {} })],
    ['arguments that are a list', withContent('assistant', { type: 'tool_use', id: 'a', name: 'n', input: [] })],
    ['a tool use by the user', withContent('user', { type: 'tool_use', id: 'a', name: 'n', input: {} })],
    ['a tool result by the assistant', withContent('assistant', { type: 'tool_result', tool_use_id: 'a' })],
    ['a block of no known type', withContent('user', { type: 'hologram' })],
    ['a role of no known name', { ...simple, messages: [{ role: 'oracle', content: 'x' }] }],
    ['a body that is no object', [simple]],
    ['a citation before the beginning', cite({ ...cited, start_char_index: -1 })],
    ['a citation of no quote', cite({ ...cited, cited_text: undefined })],
    ['a citation of two places', cite({ ...cited, start_page_number: 1 })],
    ['a citation of no known type', cite({ ...cited, type: 'line_location' })],
    ['a budget below the least', { ...simple, thinking: { type: 'enabled', budget_tokens: 1023 } }],
    ['an effort of no known name', { ...simple, output_config: { effort: 'minimal' } }],
    ['a format of no known type', { ...simple, output_config: { format: { type: 'json_object' } } }],
    ['a cache of no known length', { ...simple, cache_control: { type: 'ephemeral', ttl: '2h' } }],
    ['thinking by the user', withContent('user', { type: 'thinking', thinking: 'x', signature: 'y' })],
    ['redacted thinking of nothing', withContent('assistant', { type: 'redacted_thinking', data: '' })],
    ["Bedrock's version field", { ...simple, anthropic_version: 'bedrock-2023-05-31' }],
  ])('refuses %s as not valid', (_, value) => {
    expect(codeOf(() => read(value))).toBe('invalidRequest');
  });

  it.each([
    ['thinking between tools alone', { ...simple, thinking: { type: 'between_tools' } }],
    ['a wish how thinking is shown', { ...simple, thinking: { type: 'adaptive', display: 'summarized' } }],
    [
      'two output formats',
      {
        ...simple,
        output_format: { type: 'json_schema', schema: {} },
        output_config: { format: { type: 'json_schema', schema: {} } },
      },
    ],
    ['a budget of the whole task', { ...simple, output_config: { task_budget: { type: 'tokens', total: 9 } } }],
    ['an image by the assistant', withContent('assistant', { type: 'image', source: {} })],
    ['a document by the assistant', withContent('assistant', { type: 'document', source: {} })],
    ['search results', withContent('user', { type: 'search_result', content: [] })],
    ['citations of the user', withContent('user', { type: 'text', text: 'x', citations: [cited] })],
    ['citations of the web', cite({ ...cited, type: 'web_search_result_location' })],
    ['citations of search results', cite({ ...cited, type: 'search_result_location' })],
    ['citations of a file that was uploaded', cite({ ...cited, file_id: 'file_1' })],
    ['a system message between turns', { ...simple, messages: [{ role: 'system', content: 'x' }] }],
    ['a server tool', { ...simple, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['remote MCP servers', { ...simple, mcp_servers: [{ type: 'url', url: 'https://example.com' }] }],
    ['a container', { ...simple, container: 'c1' }],
    ['context management', { ...simple, context_management: { edits: [] } }],
    ['fast mode', { ...simple, speed: 'fast' }],
    [
      'a reference to a tool in a result',
      withContent('user', { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference' }] }),
    ],
    [
      'a cache point inside a result',
      withContent('user', {
        type: 'tool_result',
        tool_use_id: 'a',
        content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
      }),
    ],
  ])('refuses %s as not passed on', (_, value) => {
    expect(codeOf(() => read(value))).toBe('unsupported');
  });

  it.each([
    ['a file for a container', withContent('user', { type: 'container_upload', file_id: 'f' })],
    ['a file of a container', withContent('assistant', { type: 'container_upload', file_id: 'f' })],
  ])('refuses %s as not inspectable', (_, value) => {
    expect(codeOf(() => read(value))).toBe('uninspectable');
  });

  it('names the field in the way', () => {
    const wrong = withContent('user', { type: 'text', text: 'x', zap: 1 });
    expect(String(errorOf(() => read(wrong)))).toContain('`messages.0.content.0` has a field');
    expect(String(errorOf(() => read({ ...simple, container: 'c' })))).toContain('`container`');
  });
});

describe("a Messages request in Bedrock's InvokeModel", () => {
  const { model: _, ...rest } = simple;
  const invoke = { ...rest, anthropic_version: 'bedrock-2023-05-31' };

  it('has a version, and neither model nor stream', () => {
    const result = read(invoke, 'bedrock');
    expect(result).toMatchObject({ stream: false, request: { kind: 'conversation' } });
    expect(result).not.toHaveProperty('model');
    for (const wrong of [rest, { ...invoke, anthropic_version: '2020-01-01' }, { ...invoke, model: 'm' }]) {
      expect(codeOf(() => read(wrong, 'bedrock'))).toBe('invalidRequest');
    }
    expect(codeOf(() => read({ ...invoke, stream: true }, 'bedrock'))).toBe('invalidRequest');
  });

  it('has only betas that change nothing', () => {
    expect(codeOf(() => read({ ...invoke, anthropic_beta: null }, 'bedrock'))).toBeUndefined();
    expect(codeOf(() => read({ ...invoke, anthropic_beta: ['effort-2025-11-24'] }, 'bedrock'))).toBeUndefined();
    expect(codeOf(() => read({ ...invoke, anthropic_beta: ['effort-2025-11-24', 'x'] }, 'bedrock'))).toBe(
      'unsupported',
    );
    expect(codeOf(() => read({ ...invoke, anthropic_beta: 'effort-2025-11-24' }, 'bedrock'))).toBe('invalidRequest');
  });
});

describe('the thinking of a request', () => {
  const reasoningOf = (fields: object) => read({ ...simple, ...fields }).request.inference.reasoning;

  it.each([
    [{}, undefined],
    [{ thinking: null, output_config: null }, undefined],
    [{ thinking: { type: 'disabled' } }, { kind: 'off' }],
    [{ thinking: { type: 'adaptive', display: null } }, { kind: 'adaptive' }],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { kind: 'budget', tokens: 2048 }],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: null } }, { kind: 'adaptive' }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { kind: 'adaptive', effort: 'max' },
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 1024 }, output_config: { effort: 'low' } },
      { kind: 'budget', tokens: 1024, effort: 'low' },
    ],
    [
      { thinking: { type: 'disabled' }, output_config: { effort: 'low' } },
      { kind: 'off', effort: 'low' },
    ],
    [{ output_config: { effort: 'xhigh' } }, { kind: 'effort', effort: 'xhigh' }],
  ])('of %j is %j', (fields, expected) => {
    expect(reasoningOf(fields)).toEqual(expected);
  });

  it('in the history is text, with what is said to prove it as a token', () => {
    const { request, parts } = read(
      withContent(
        'assistant',
        { type: 'thinking', thinking: 'hm', signature: 'tok' },
        { type: 'thinking', thinking: 'well', signature: '' },
        { type: 'redacted_thinking', data: 'other' },
      ),
    );
    expect(request.messages[0]?.content).toEqual([
      { kind: 'reasoning', text: 0, proof: { kind: 'sealed', token: 'tok' } },
      { kind: 'reasoning', text: 1 },
      { kind: 'reasoning', proof: { kind: 'sealed', token: 'other' } },
    ]);
    expect(parts).toEqual([
      { kind: 'text', origin: 'assistant', path: '/messages/0/content/0/thinking', text: 'hm' },
      { kind: 'text', origin: 'assistant', path: '/messages/0/content/1/thinking', text: 'well' },
    ]);
  });
});

describe('an answer with citations on its way back', () => {
  it('keeps what it rests on, every text of it inspected', () => {
    const { request, parts } = read(
      cite(
        cited,
        { type: 'page_location', cited_text: '', document_index: 0, start_page_number: 1, end_page_number: 2 },
        {
          type: 'content_block_location',
          cited_text: 'a piece',
          document_index: 2,
          document_title: null,
          file_id: null,
          start_block_index: 0,
          end_block_index: 1,
        },
      ),
    );
    expect(request.messages[0]?.content).toEqual([
      {
        kind: 'text',
        text: 0,
        citations: [
          { title: 1, quotes: [2], location: { kind: 'characters', document: 1, start: 2, end: 9 } },
          { quotes: [3], location: { kind: 'pages', document: 0, start: 1, end: 2 } },
          { quotes: [4], location: { kind: 'chunks', document: 2, start: 0, end: 1 } },
        ],
      },
    ]);
    const path = '/messages/0/content/0';
    expect(parts.slice(1, 3)).toEqual([
      { kind: 'text', origin: 'assistant', path: `${path}/citations/0/document_title`, text: 'notes' },
      { kind: 'text', origin: 'assistant', path: `${path}/citations/0/cited_text`, text: 'a quote' },
    ]);
    expect(parts.slice(3).map(({ text }) => text)).toEqual(['', 'a piece']);
  });

  it('may say that it rests on nothing', () => {
    for (const citations of [null, [], undefined]) {
      const block = { type: 'text', text: 'x', citations };
      for (const role of ['user', 'assistant']) {
        expect(read(withContent(role, block)).request.messages[0]?.content).toEqual([{ kind: 'text', text: 0 }]);
      }
    }
  });
});

describe('the output format of a request', () => {
  it('is a schema byte for byte, under its name of today or of its beta', () => {
    for (const [path, member] of [
      ['/output_config/format/schema', '"output_config":{"format":{"type":"json_schema","schema":{"b":1, "a":2}}}'],
      ['/output_format/schema', '"output_format":{"type":"json_schema","schema":{"b":1, "a":2}}'],
    ]) {
      const raw = `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],${member}}`;
      const { request, parts } = readMessages(parseJson(raw), 'api');
      expect(request.inference.outputFormat).toEqual({ kind: 'jsonSchema', schema: 1 });
      expect(parts[1]).toEqual({ kind: 'json', origin: 'parameter', path, text: '{"b":1, "a":2}' });
    }
    expect(read({ ...simple, output_config: {}, output_format: null }).request.inference).toEqual({ maxTokens: 5 });
  });
});

describe('a cache point of the whole request', () => {
  const control = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  const kindsOf = (value: object) =>
    read({ ...value, ...control }).request.messages.map(({ content }) => content.map(({ kind }) => kind).join());

  it('stands behind the last block', () => {
    expect(kindsOf({ ...simple, messages: [...simple.messages, ...simple.messages] })).toEqual([
      'text',
      'text,cachePoint',
    ]);
    expect(read({ ...simple, ...control }).request.messages[0]?.content[1]).toEqual({ kind: 'cachePoint', ttl: '1h' });
  });

  it('stands there once', () => {
    expect(kindsOf(withContent('user', { type: 'text', text: 'x', ...cached }))).toEqual(['text,cachePoint']);
  });
});
