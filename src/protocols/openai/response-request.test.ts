import { describe, expect, it } from 'vitest';
import { parseJson, textOf } from '../../core/index.ts';
import { codeOf, errorOf, itReadsEverything } from '../protocol.suite.ts';
import { openaiProtocol } from './protocol.ts';
import { readResponse } from './response-request.ts';

const body = {
  model: 'amazon.nova-lite-v1:0',
  instructions: 'be brief',
  input: [
    { role: 'system', content: 'be kind' },
    {
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'be exact', prompt_cache_breakpoint: { mode: 'explicit' } }],
    },
    { role: 'user', content: 'hello' },
    {
      type: 'message',
      role: 'user',
      status: 'completed',
      content: [
        { type: 'input_text', text: 'again', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
        { type: 'input_image', file_id: 'file-a' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
        { type: 'input_file', filename: 'b.pdf', file_url: 'https://example.com/b.pdf' },
      ],
    },
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'what would they want' }],
      encrypted_content: 'token 1',
      status: 'completed',
    },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'incomplete',
      content: [
        { type: 'output_text', text: 'let me look', annotations: [], logprobs: [] },
        { type: 'refusal', refusal: 'not that' },
      ],
    },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'look_up',
      arguments: '{"id":"x"}',
      status: 'completed',
    },
    { type: 'function_call', call_id: 'call_2', name: 'look_up', arguments: '{ }' },
    { type: 'function_call_output', id: 'fco_1', call_id: 'call_1', output: 'a row', status: 'completed' },
    {
      type: 'function_call_output',
      call_id: 'call_2',
      output: [
        { type: 'input_text', text: 'no row' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAEC' },
      ],
    },
    { role: 'assistant', content: 'found' },
  ],
  tools: [
    {
      type: 'function',
      name: 'look_up',
      description: 'finds',
      parameters: { type: 'object', required: ['id'] },
      strict: true,
    },
    { type: 'function', name: 'now', description: null, strict: null },
  ],
  tool_choice: { type: 'function', name: 'look_up' },
  parallel_tool_calls: false,
  max_output_tokens: 50,
  temperature: 1.5,
  top_p: 0.9,
  reasoning: { effort: 'low', summary: 'auto' },
  text: {
    format: { type: 'json_schema', name: 'row', description: 'a row', schema: { type: 'object' }, strict: true },
    verbosity: 'medium',
  },
  include: ['reasoning.encrypted_content'],
  stream: true,
  stream_options: { include_obfuscation: false },
  user: 'user 7',
  safety_identifier: 'hash 9',
  metadata: { team: 'claims', 'cost/center': '42 b' },
  prompt_cache_key: 'key 3',
  prompt_cache_options: { mode: 'implicit' },
  prompt_cache_retention: '24h',
  store: false,
  background: false,
  service_tier: 'auto',
  truncation: 'disabled',
  top_logprobs: 0,
};

const simple = { model: 'demo', input: 'hi' };
const withItem = (item: unknown) => ({ ...simple, input: [item] });
const read = (value: unknown) => readResponse(parseJson(JSON.stringify(value)));

describe('a request for a response', () => {
  itReadsEverything({
    protocol: openaiProtocol,
    operation: 'responses',
    body,
    raw: ['/tools/0/parameters', '/text/format/schema'],
    maps: ['/metadata'],
    sealed: ['/input/4/encrypted_content'],
    supplied: ['/tools/1/parameters'],
  });

  it('keeps the structure: system text, turns, tools, limits', () => {
    const { request, parts, model, stream, asked } = read(body);
    const text = (index: Parameters<typeof textOf>[1]) => textOf({ parts }, index);
    expect([model, stream, asked.includesProofs]).toEqual(['amazon.nova-lite-v1:0', true, true]);
    expect(request.system.map((block) => (block.kind === 'text' ? text(block.text) : block.kind))).toEqual([
      'be brief',
      'be kind',
      'be exact',
      'cachePoint',
    ]);
    expect(request.messages.map(({ role, content }) => [role, content.map(({ kind }) => kind).join()])).toEqual([
      ['user', 'text'],
      ['user', 'text,cachePoint,reference,reference,document,reference'],
      ['assistant', 'reasoning,text,text,toolUse,toolUse'],
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
      reasoning: { kind: 'effort', effort: 'low' },
      outputFormat: { kind: 'jsonSchema', strict: true },
    });
    expect(request.metadata.map(({ key, value }) => [text(key), text(value)])).toEqual([
      ['team', 'claims'],
      ['cost/center', '42 b'],
      ['user', 'user 7'],
      ['safety_identifier', 'hash 9'],
    ]);
  });

  it('may be a text alone', () => {
    expect(read(simple)).toMatchObject({
      stream: false,
      asked: { includesProofs: false },
      request: { system: [], messages: [{ role: 'user', content: [{ kind: 'text', text: 0 }] }], inference: {} },
      parts: [{ kind: 'text', origin: 'user', path: '/input', text: 'hi' }],
    });
  });

  it('takes null for absent', () => {
    const nulls = Object.fromEntries(
      Object.keys(body)
        .filter((key) => key !== 'model' && key !== 'input')
        .map((key) => [key, null]),
    );
    expect(read({ ...simple, ...nulls })).toEqual(read(simple));
  });

  it('has nothing in it that asks for nothing', () => {
    for (const nothing of [
      { text: {} },
      { text: { format: { type: 'text' } } },
      { parallel_tool_calls: true, tool_choice: null, include: [], store: false },
    ]) {
      expect(read({ ...simple, ...nothing }).request).toEqual(read(simple).request);
    }
    const { request } = read({ ...simple, text: { format: { type: 'json_object' } } });
    expect(request.inference.outputFormat).toEqual({ kind: 'json' });
  });

  it.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['required', 'any'],
  ])('takes the tool choice %s', (choice, kind) => {
    expect(read({ ...simple, tool_choice: choice }).request.toolChoice).toEqual({ kind });
  });

  it('holds reasoning with the token that takes it back, which belongs to the last of its texts', () => {
    const reasoning = (summary: readonly string[], rest: object = {}) =>
      read(
        withItem({
          type: 'reasoning',
          id: 'rs_1',
          summary: summary.map((text) => ({ type: 'summary_text', text })),
          ...rest,
        }),
      ).request.messages;
    const proof = { kind: 'sealed', token: 't' };
    expect(reasoning(['a', 'b'], { encrypted_content: 't' })).toEqual([
      {
        role: 'assistant',
        content: [
          { kind: 'reasoning', text: 1 },
          { kind: 'reasoning', text: 2, proof },
        ],
      },
    ]);
    expect(reasoning([], { encrypted_content: 't' })).toEqual([
      { role: 'assistant', content: [{ kind: 'reasoning', proof }] },
    ]);
    expect(reasoning(['a'])).toEqual([{ role: 'assistant', content: [{ kind: 'reasoning', text: 1 }] }]);
    for (const empty of [{}, { encrypted_content: null }, { encrypted_content: '' }]) {
      expect(reasoning([], empty)).toEqual([]);
    }
  });

  it('leaves out empty texts of the model, and a turn that is nothing else', () => {
    const said = (text: string) => ({ type: 'output_text', text, annotations: [] });
    const message = (...content: readonly unknown[]) => ({ role: 'assistant', content });
    expect(read(withItem(message(said(''), said('a')))).parts.map(({ text }) => text)).toEqual(['a']);
    for (const nothing of [message(said('')), message(), { role: 'assistant', content: '' }]) {
      expect(read(withItem(nothing)).request.messages).toEqual([]);
    }
  });

  it('takes the arguments of a tool call as the JSON they are, if they are one object', () => {
    const call = (raw: string) =>
      read(withItem({ type: 'function_call', call_id: 'c', name: 'f', arguments: raw })).parts.at(-1);
    const raw = ' { "n": 12345678901234567890, "e": "\\u00e9" } ';
    expect(call(raw)).toEqual({ kind: 'json', origin: 'toolCall', path: '/input/0/arguments', text: raw });
    for (const wrong of ['', '[]', 'null', '{"a":1,"a":2}']) expect(codeOf(() => call(wrong))).toBe('invalidRequest');
  });

  it.each([
    ['no input', { model: 'm' }],
    ['an input of no item', { ...simple, input: [] }],
    ['fewer tokens than the API takes', { ...simple, max_output_tokens: 15 }],
    ['a temperature above 2', { ...simple, temperature: 2.1 }],
    ['stream options without a stream', { ...simple, stream_options: {} }],
    ['a name given twice', { ...simple, user: 'a', metadata: { user: 'b' } }],
    ['an item of no known type', withItem({ type: 'oracle' })],
    ['an item that is a text', withItem('x')],
    ['a message of no known role', withItem({ role: 'oracle', content: 'x' })],
    ['a message of nothing', withItem({ role: 'user', content: [] })],
    [
      'words of the user as those of the model',
      withItem({ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }),
    ],
    [
      'words of the model as those of the user',
      withItem({ role: 'user', content: [{ type: 'output_text', text: 'x' }] }),
    ],
    ['a tool result without its call', withItem({ type: 'function_call_output', output: 'x' })],
    ['a tool of no known type', { ...simple, tools: [{ type: 'wand' }] }],
    ['an inclusion of no known name', { ...simple, include: ['everything'] }],
    ['an output schema of no name', { ...simple, text: { format: { type: 'json_schema', schema: {} } } }],
  ])('is not valid with %s', (_, value) => {
    expect(codeOf(() => read(value))).toBe('invalidRequest');
  });

  it.each([
    ['store', { store: true }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['background', { background: true }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['truncation', { truncation: 'auto' }],
    ['top_logprobs', { top_logprobs: 1 }],
    ['include', { include: ['message.output_text.logprobs'] }],
    ['include', { include: ['web_search_call.results'] }],
    ['reasoning.summary', { reasoning: { summary: 'concise' } }],
    ['reasoning.mode', { reasoning: { mode: 'pro' } }],
    ['reasoning.generate_summary', { reasoning: { generate_summary: 'auto' } }],
    ['text.verbosity', { text: { verbosity: 'high' } }],
    ['max_tool_calls', { max_tool_calls: 3 }],
    ['moderation', { moderation: { model: 'm' } }],
    ['context_management', { context_management: [{ type: 'compaction' }] }],
    ['service_tier', { service_tier: 'flex' }],
    ['include_obfuscation', { stream: true, stream_options: { include_obfuscation: true } }],
    ['web_search', { tools: [{ type: 'web_search' }] }],
    ['mcp', { tools: [{ type: 'mcp', server_label: 'x' }] }],
    ['custom', { tools: [{ type: 'custom', name: 'x' }] }],
    ['defer_loading', { tools: [{ type: 'function', name: 'f', defer_loading: true }] }],
    ['allowed_tools', { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] } }],
    ['item_reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['mcp_call', { input: [{ type: 'mcp_call', id: 'mcp_1' }] }],
    ['custom_tool_call', { input: [{ type: 'custom_tool_call', input: 'x' }] }],
    ['input_image', { input: [{ role: 'system', content: [{ type: 'input_image', file_id: 'f' }] }] }],
    [
      'annotations',
      { input: [{ role: 'assistant', content: [{ type: 'output_text', text: 'x', annotations: [{}] }] }] },
    ],
    ['phase', { input: [{ role: 'assistant', content: 'x', phase: 'commentary' }] }],
    ['reasoning.content', { input: [{ type: 'reasoning', summary: [], content: [{}] }] }],
    [
      'system',
      {
        input: [
          { role: 'user', content: 'x' },
          { role: 'system', content: 'y' },
        ],
      },
    ],
    [
      'developer',
      {
        input: [
          { role: 'assistant', content: 'x' },
          { role: 'developer', content: 'y' },
        ],
      },
    ],
  ])('is not passed on with `%s`, which is named', (field, part) => {
    expect(codeOf(() => read({ ...simple, ...part }))).toBe('unsupported');
    expect(String(errorOf(() => read({ ...simple, ...part })))).toContain(`\`${field}`);
  });

  it('says in a sentence what to do instead of asking for what is stored', () => {
    for (const stored of [{ previous_response_id: 'resp_1' }, { conversation: 'conv_1' }]) {
      expect(String(errorOf(() => read({ ...simple, ...stored })))).toContain('send the items of the turns before');
    }
  });

  it('names the field that is wrong, also in an item that does not say its type', () => {
    expect(String(errorOf(() => read(withItem({ role: 'user', content: 'x', zap: 1 }))))).toContain('`zap`');
    expect(String(errorOf(() => read(withItem({ role: 'user' }))))).toContain('`input.0.content`');
  });
});

describe('an operation', () => {
  it('that is not known has no route', () => {
    const unknown = () =>
      openaiProtocol.read({ kind: 'invoke', operation: 'images' }, Buffer.from('{}'), () => undefined);
    expect(codeOf(unknown)).toBe('routeNotFound');
  });
});
