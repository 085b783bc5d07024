import { describe, expect, it } from 'vitest';
import { parseJson, textOf } from '../../core/index.ts';
import { codeOf, errorOf, itReadsEverything } from '../protocol.suite.ts';
import { readMessages } from './messages.ts';
import { anthropicProtocol } from './protocol.ts';

const cached = { cache_control: { type: 'ephemeral' } };
const body = {
  model: 'anthropic.claude-sonnet-5-v1:0',
  max_tokens: 100,
  system: [
    { type: 'text', text: 'be brief', ...cached },
    { type: 'text', text: 'be kind' },
  ],
  messages: [
    { role: 'user', content: 'hello' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'let me look', citations: null },
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
        { type: 'tool_result', tool_use_id: 'toolu_2', content: 'a text', ...cached },
        { type: 'tool_result', tool_use_id: 'toolu_3' },
        { type: 'text', text: 'go on', cache_control: { type: 'ephemeral', ttl: '5m' } },
      ],
    },
  ],
  tools: [
    { type: 'custom', name: 'look_up', description: 'finds', input_schema: { type: 'object' }, strict: false },
    { name: 'other', input_schema: { properties: { text: { enum: ['a'] } } }, ...cached },
  ],
  tool_choice: { type: 'tool', name: 'look_up', disable_parallel_tool_use: false },
  stop_sequences: ['END', 'STOP'],
  temperature: 0.5,
  top_p: 0.9,
  top_k: 40,
  stream: true,
  metadata: { user_id: 'user 7' },
  thinking: { type: 'disabled' },
  service_tier: 'standard_only',
};

const simple = { model: 'demo', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };

function read(value: unknown, surface: 'api' | 'bedrock' = 'api') {
  const document = parseJson(JSON.stringify(value));
  return surface === 'api' ? readMessages(document, 'api') : readMessages(document, 'bedrock');
}

const withContent = (role: string, ...content: readonly unknown[]) => ({ ...simple, messages: [{ role, content }] });

describe('a Messages request', () => {
  itReadsEverything({
    protocol: anthropicProtocol,
    operation: 'messages',
    body,
    raw: ['/messages/1/content/1/input', '/tools/0/input_schema', '/tools/1/input_schema'],
    maps: [],
  });

  it('keeps the structure: turns, tool calls and results, cache points, tools, limits', () => {
    const { request, parts, stream, model } = readMessages(parseJson(JSON.stringify(body)), 'api');
    const text = (index: Parameters<typeof textOf>[1]) => textOf({ parts }, index);
    expect([model, stream]).toEqual(['anthropic.claude-sonnet-5-v1:0', true]);
    expect(request.system.map(({ kind }) => kind)).toEqual(['text', 'cachePoint', 'text']);
    expect(request.messages.map(({ role, content }) => [role, content.map(({ kind }) => kind).join()])).toEqual([
      ['user', 'text'],
      ['assistant', 'text,toolUse,cachePoint'],
      ['user', 'toolResult,toolResult,cachePoint,toolResult,text,cachePoint'],
    ]);
    const [failed, , , empty] = request.messages[2]?.content ?? [];
    expect(failed).toMatchObject({ kind: 'toolResult', failed: true });
    expect(empty).toMatchObject({ kind: 'toolResult', failed: false, content: [] });
    expect(request.tools.map((tool) => text(tool.name))).toEqual(['look_up', 'other']);
    expect(request.tools.map((tool) => tool.description !== undefined)).toEqual([true, false]);
    expect(request.toolChoice?.kind).toBe('tool');
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
      expect(read({ ...simple, tool_choice: { type } }).request.toolChoice).toEqual({ kind: type });
    }
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
    ["Bedrock's version field", { ...simple, anthropic_version: 'bedrock-2023-05-31' }],
  ])('refuses %s as not valid', (_, value) => {
    expect(codeOf(() => read(value))).toBe('invalidRequest');
  });

  it.each([
    ['thinking', { ...simple, thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ['thinking in the history', withContent('assistant', { type: 'thinking', thinking: 'x', signature: 'y' })],
    ['search results', withContent('user', { type: 'search_result', content: [] })],
    ['citations', withContent('user', { type: 'text', text: 'x', citations: [{ type: 'char_location' }] })],
    [
      'a longer cache',
      withContent('user', { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }),
    ],
    ['a system message between turns', { ...simple, messages: [{ role: 'system', content: 'x' }] }],
    ['a server tool', { ...simple, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['strict tools', { ...simple, tools: [{ name: 'n', input_schema: {}, strict: true }] }],
    ['one tool at a time', { ...simple, tool_choice: { type: 'auto', disable_parallel_tool_use: true } }],
    ['remote MCP servers', { ...simple, mcp_servers: [{ type: 'url', url: 'https://example.com' }] }],
    ['a container', { ...simple, container: 'c1' }],
    ['context management', { ...simple, context_management: { edits: [] } }],
    ['an output format', { ...simple, output_config: { format: { type: 'json_schema' } } }],
    ['fast mode', { ...simple, speed: 'fast' }],
    ['automatic caching', { ...simple, cache_control: { type: 'ephemeral' } }],
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
    ['an image', withContent('user', { type: 'image', source: { type: 'base64', data: 'AAAA' } })],
    ['a document', withContent('user', { type: 'document', source: { type: 'text', data: 'x' } })],
    ['an uploaded file', withContent('user', { type: 'container_upload', file_id: 'f' })],
    [
      'an image in a result',
      withContent('user', { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: {} }] }),
    ],
  ])('refuses %s as not inspectable', (_, value) => {
    expect(codeOf(() => read(value))).toBe('uninspectable');
  });

  it('names the field in the way', () => {
    const wrong = withContent('user', { type: 'text', text: 'x', zap: 1 });
    expect(String(errorOf(() => read(wrong)))).toContain('`messages.0.content.0` has a field');
    expect(String(errorOf(() => read({ ...simple, thinking: { type: 'adaptive' } })))).toContain('`thinking`');
  });
});

describe("a Messages request in Bedrock's InvokeModel", () => {
  const { model: _, ...rest } = simple;
  const invoke = { ...rest, anthropic_version: 'bedrock-2023-05-31' };

  it('has a version, and neither model nor stream', () => {
    const result = read(invoke, 'bedrock');
    expect(result).toMatchObject({ stream: false, request: { kind: 'conversation' } });
    expect(result).not.toHaveProperty('model');
    for (const wrong of [rest, { ...invoke, anthropic_version: '2023-06-01' }, { ...invoke, model: 'm' }]) {
      expect(codeOf(() => read(wrong, 'bedrock'))).toBe('invalidRequest');
    }
    expect(codeOf(() => read({ ...invoke, stream: true }, 'bedrock'))).toBe('invalidRequest');
  });

  it('has no betas', () => {
    expect(codeOf(() => read({ ...invoke, anthropic_beta: ['x'] }, 'bedrock'))).toBe('unsupported');
  });
});
