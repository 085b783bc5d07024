import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conversation, createPartList, type Exchange, type Message, type PartKind } from '../../core/index.ts';
import { printChatBody } from './chat-body.ts';
import { faultOf, toExchange } from './upstream.suite.ts';

type Json = Record<string, unknown>;

function print(exchange: Exchange): Json {
  const { request } = exchange;
  if (request.kind !== 'conversation') throw new Error('not a conversation');
  return JSON.parse(printChatBody(exchange, request));
}

const printed = (body: Json) => print(toExchange({ model: 'demo', ...body }));
const hello = [{ role: 'user', content: 'hello' }];

/** An exchange made by hand, for what the OpenAI protocol does not say. */
function withRequest(
  make: (add: (text: string, kind?: PartKind) => ReturnType<typeof addTo>) => Partial<Conversation>,
) {
  const exchange = toExchange({ model: 'demo', messages: hello });
  const parts = createPartList();
  const request = make((text, kind = 'text') => addTo(parts, text, kind));
  const whole: Conversation = {
    kind: 'conversation',
    system: [],
    messages: [],
    tools: [],
    inference: {},
    metadata: [],
    ...request,
  };
  return { ...exchange, request: whole, parts: parts.parts };
}

function addTo(parts: ReturnType<typeof createPartList>, text: string, kind: PartKind) {
  return parts.add({ kind, origin: 'user', path: '', text });
}

const call = (id: string, args = '{}') => ({ id, type: 'function', function: { name: 'lookup', arguments: args } });

describe('the body of a chat completion', () => {
  it('names the model by the id the server knows', () => {
    expect(printed({ messages: hello })).toEqual({ model: 'llama-3', messages: hello });
  });

  it('joins the parts of a text by line breaks', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ];
    const messages = [
      { role: 'system', content: 'be' },
      { role: 'developer', content: 'brief' },
      { role: 'user', content },
    ];
    expect(printed({ messages }).messages).toEqual([
      { role: 'system', content: 'be\nbrief' },
      { role: 'user', content: 'one\ntwo' },
    ]);
  });

  it('carries calls and results of tools', () => {
    const messages = [
      ...hello,
      { role: 'assistant', content: 'a moment', tool_calls: [call('c1', '{"n":12345678901234567890}'), call('c2')] },
      { role: 'tool', tool_call_id: 'c1', content: 'found' },
      { role: 'assistant', content: null, tool_calls: [call('c3')] },
    ];
    expect(printed({ messages }).messages).toEqual(messages);
  });

  it('sends schemas as the raw JSON they are', () => {
    const parameters = '{"type":"object","properties":{"b":{"maximum":12345678901234567890},"a":{}}}';
    const exchange = withRequest((add) => ({
      tools: [
        { name: add('lookup'), description: add('finds'), schema: add(parameters, 'json') },
        { name: add('other'), schema: add('{}', 'json') },
      ],
    }));
    expect(printChatBody(exchange, exchange.request)).toContain(
      `"tools":[{"type":"function","function":{"name":"lookup","description":"finds","parameters":${parameters}}},{"type":"function","function":{"name":"other","parameters":{}}}]`,
    );
  });

  it.each([
    ['auto', 'auto'],
    ['required', 'required'],
    ['none', 'none'],
    [
      { type: 'function', function: { name: 'lookup' } },
      { type: 'function', function: { name: 'lookup' } },
    ],
  ])('carries the tool choice %j', (tool_choice, expected) => {
    const tools = [{ type: 'function', function: { name: 'lookup' } }];
    expect(printed({ messages: hello, tools, tool_choice }).tool_choice).toEqual(expected);
  });

  it('carries the settings of sampling', () => {
    const settings = { max_tokens: 7, temperature: 0, top_p: 0.5, stop: ['END', '"'] };
    expect(printed({ messages: hello, ...settings })).toEqual({ model: 'llama-3', messages: hello, ...settings });
  });

  it('asks a stream for its counts', () => {
    expect(printed({ messages: hello, stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('keeps metadata and cache points back', () => {
    const exchange = withRequest((add) => ({
      system: [{ kind: 'cachePoint' }],
      messages: [
        { role: 'user', content: [{ kind: 'text', text: add('hello') }, { kind: 'cachePoint' }] },
        { role: 'user', content: [{ kind: 'cachePoint' }] },
      ],
      metadata: [{ key: add('case'), value: add('secret-42') }],
    }));
    expect(print(exchange)).toEqual({ model: 'llama-3', messages: hello });
  });

  it('puts results straight after the calls they answer', () => {
    const exchange = withRequest((add) => ({
      messages: [
        {
          role: 'user',
          content: [
            { kind: 'text', text: add('so?') },
            { kind: 'toolResult', id: add('c1'), content: [add('{"a":1}', 'json'), add('two')], failed: true },
            { kind: 'toolResult', id: add('c2'), content: [], failed: false },
          ],
        },
      ],
    }));
    expect(print(exchange).messages).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: '{"a":1}\ntwo' },
      { role: 'tool', tool_call_id: 'c2', content: '' },
      { role: 'user', content: 'so?' },
    ]);
  });

  const user = (content: Message['content']): Partial<Conversation> => ({ messages: [{ role: 'user', content }] });
  const assistant = (content: Message['content']): Partial<Conversation> => ({
    messages: [{ role: 'assistant', content }],
  });

  it('carries penalties, a seed, and whether calls may come together', () => {
    const exchange = withRequest((add) => ({
      inference: { frequencyPenalty: 0.5, presencePenalty: -1, seed: 42 },
      tools: [{ name: add('lookup'), schema: add('{}', 'json'), strict: true }],
      parallelToolCalls: false,
    }));
    expect(print(exchange)).toEqual({
      model: 'llama-3',
      messages: [],
      tools: [{ type: 'function', function: { name: 'lookup', parameters: {}, strict: true } }],
      parallel_tool_calls: false,
      frequency_penalty: 0.5,
      presence_penalty: -1,
      seed: 42,
    });
  });

  it('says nothing of calls where there are no tools', () => {
    expect(print(withRequest(() => ({ parallelToolCalls: false })))).not.toHaveProperty('parallel_tool_calls');
  });

  it('carries the form an answer is to have', () => {
    const schema = '{"type":"object","properties":{"n":{"maximum":12345678901234567890}}}';
    expect(print(withRequest(() => ({ inference: { outputFormat: { kind: 'json' } } }))).response_format).toEqual({
      type: 'json_object',
    });
    const named = withRequest((add) => ({
      inference: {
        outputFormat: {
          kind: 'jsonSchema',
          name: add('city'),
          description: add('a city'),
          schema: add(schema, 'json'),
          strict: true,
        },
      },
    }));
    expect(printChatBody(named, named.request)).toContain(
      `"response_format":{"type":"json_schema","json_schema":{"name":"city","description":"a city","schema":${schema},"strict":true}}`,
    );
    const bare = withRequest((add) => ({
      inference: { outputFormat: { kind: 'jsonSchema', schema: add('{}', 'json') } },
    }));
    expect(print(bare).response_format).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema: {} } });
  });

  it.each([
    [{ kind: 'effort', effort: 'high' } as const, 'high'],
    [{ kind: 'off' } as const, 'none'],
    [{ kind: 'adaptive', effort: 'low' } as const, 'low'],
  ])('carries how much to reason: %j', (reasoning, expected) => {
    expect(print(withRequest(() => ({ inference: { reasoning } }))).reasoning_effort).toBe(expected);
  });

  it('sends reasoning back under both names that servers read', () => {
    const exchange = withRequest((add) => ({
      messages: [
        {
          role: 'assistant',
          content: [
            { kind: 'reasoning', text: add('let me') },
            { kind: 'reasoning', text: add('see') },
            { kind: 'text', text: add('found') },
          ],
        },
        { role: 'assistant', content: [{ kind: 'reasoning', text: add('hm') }] },
      ],
    }));
    expect(print(exchange).messages).toEqual([
      { role: 'assistant', content: 'found', reasoning: 'let me\nsee', reasoning_content: 'let me\nsee' },
      { role: 'assistant', content: null, reasoning: 'hm', reasoning_content: 'hm' },
    ]);
  });

  it('does not send a token that is still sealed, which would be a defect', async () => {
    const exchange = withRequest((add) =>
      assistant([{ kind: 'reasoning', text: add('hm'), proof: { kind: 'sealed', token: 't' } }]),
    );
    expect((await faultOf((async () => print(exchange))())).code).toBe('internal');
  });

  it.each([
    ['top-k', withRequest(() => ({ inference: { topK: 3 } }))],
    ['several answers', withRequest(() => ({ inference: { choices: 2 } }))],
    ['tools of the provider', withRequest((add) => ({ providerTools: [add('web_search', 'identifier')] }))],
    ['a budget of reasoning', withRequest(() => ({ inference: { reasoning: { kind: 'budget', tokens: 1_024 } } }))],
    [
      'a budget of reasoning with an effort',
      withRequest(() => ({ inference: { reasoning: { kind: 'budget', tokens: 1_024, effort: 'low' } } })),
    ],
    ['an effort without reasoning', withRequest(() => ({ inference: { reasoning: { kind: 'off', effort: 'low' } } }))],
    [
      'citations of an earlier answer',
      withRequest((add) => assistant([{ kind: 'text', text: add('so'), citations: [{ quotes: [] }] }])),
    ],
    ['reasoning as the model sees fit', withRequest(() => ({ inference: { reasoning: { kind: 'adaptive' } } }))],
    [
      'reasoning that is signed',
      withRequest((add) =>
        assistant([{ kind: 'reasoning', text: add('hm'), proof: { kind: 'signature', signature: 's' } }]),
      ),
    ],
    [
      'reasoning that is encrypted',
      withRequest(() => assistant([{ kind: 'reasoning', proof: { kind: 'encrypted', data: 'AA==' } }])),
    ],
    ['reasoning of which nothing is there', withRequest(() => assistant([{ kind: 'reasoning' }]))],
    [
      'a failed call that does not say why',
      withRequest((add) => user([{ kind: 'toolResult', id: add('c1'), content: [], failed: true }])),
    ],
    ['reasoning by the user', withRequest((add) => user([{ kind: 'reasoning', text: add('hm') }]))],
    ['fields of one model', withRequest((add) => ({ additionalFields: add('{}', 'json') }))],
    [
      'calls by the user',
      withRequest((add) => user([{ kind: 'toolUse', id: add('c'), name: add('n'), arguments: add('{}', 'json') }])),
    ],
  ])('refuses %s', async (_, exchange) => {
    const fault = await faultOf((async () => print(exchange))());
    expect(fault.code).toBe('unsupported');
  });

  it('says what was asked: read again, it is the same request', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    const id = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
    const calls = fc.array(
      fc.record({
        id,
        type: fc.constant('function'),
        function: fc.record({ name: id, arguments: fc.json({ maxDepth: 2 }).map((json) => `{"a":${json}}`) }),
      }),
      { minLength: 1, maxLength: 2 },
    );
    const turn = fc.oneof(
      fc.record({ role: fc.constant('user'), content: text }),
      fc.record({ role: fc.constant('assistant'), content: text }),
      fc.record({ role: fc.constant('assistant'), content: fc.option(text), tool_calls: calls }),
      fc.record({ role: fc.constant('tool'), tool_call_id: id, content: text }),
    );
    const system = fc.record({ role: fc.constant('system'), content: text });
    const tool = fc.record({
      type: fc.constant('function'),
      function: fc.record({
        name: id,
        description: text,
        parameters: fc.dictionary(id, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
      }),
    });
    fc.assert(
      fc.property(
        system,
        fc.array(turn, { minLength: 1, maxLength: 4 }),
        fc.array(tool, { maxLength: 2 }),
        (first, turns, tools) => {
          const exchange = toExchange({ model: 'demo', messages: [first, ...turns], tools });
          const again = toExchange(print(exchange));
          expect([again.request, again.parts]).toEqual([exchange.request, exchange.parts]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
