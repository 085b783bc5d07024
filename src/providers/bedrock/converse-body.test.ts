import { describe, expect, it } from 'vitest';
import type { Conversation, Exchange, Model, Part } from '../../core/index.ts';
import { anthropicProtocol, openaiProtocol } from '../../protocols/index.ts';
import { CLAUDE, converse, exchangeOf, NOVA, requestId, say } from '../cleared.suite.ts';
import { converseBodyText } from './converse-body.ts';
import { guardrailHeaders } from './remote-guardrail.ts';
import { modelFaults } from './service-model.suite.ts';

function conversationOf({ request }: Exchange): Conversation {
  if (request.kind !== 'conversation') throw new Error('not a conversation');
  return request;
}

const textOf = (exchange: Exchange) => converseBodyText(exchange, conversationOf(exchange));
const bodyOf = (exchange: Exchange) => {
  const body = JSON.parse(textOf(exchange));
  expect(modelFaults('ConverseRequest', body)).toEqual([]);
  return body;
};
const codeOf = (exchange: Exchange) => {
  try {
    return textOf(exchange);
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};
const chat = (body: object) => exchangeOf(openaiProtocol, '/openai/v1/chat/completions', { model: NOVA, ...body });
const messages = (body: object, model = CLAUDE) =>
  exchangeOf(anthropicProtocol, '/anthropic/v1/messages', {
    model,
    max_tokens: 9,
    messages: [{ role: 'user', content: 'x' }],
    ...body,
  });
const as = (exchange: Exchange, model: Partial<Model>): Exchange => ({
  ...exchange,
  model: { ...exchange.model, ...model },
});

const answer = (block: object) => [
  { role: 'user', content: 'what does it say?' },
  { role: 'assistant', content: [block] },
];

const full = {
  messages: [
    { role: 'user', content: [{ text: 'what "is" it\n😀' }, { cachePoint: { type: 'default' } }] },
    {
      role: 'assistant',
      content: [{ text: 'I look' }, { toolUse: { toolUseId: 't:1', name: 'look', input: { q: 1 } } }],
    },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId: 't:1', content: [{ text: 'sunny' }, { json: { a: [1] } }], status: 'error' } },
        { text: 'well?' },
      ],
    },
  ],
  system: [{ text: 'be brief' }, { cachePoint: { type: 'default' } }],
  inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 1, stopSequences: ['END'] },
  toolConfig: {
    tools: [{ toolSpec: { name: 'look', description: 'looks', inputSchema: { json: { type: 'object' } } } }],
    toolChoice: { tool: { name: 'look' } },
  },
  additionalModelRequestFields: { top_k: 5 },
  requestMetadata: { 'sallyport-request-id': requestId, team: 'a b' },
};

describe('the body of Converse', () => {
  it('says what the caller said, in the same terms', () => {
    const { requestMetadata, ...body } = full;
    expect(bodyOf(converse({ ...body, requestMetadata: { team: 'a b' } }))).toEqual(full);
  });

  it('leaves out what the caller left out', () => {
    const hello = say('hello');
    expect(bodyOf(converse(hello))).toEqual({ ...hello, requestMetadata: { 'sallyport-request-id': requestId } });
  });

  it('keeps raw JSON byte for byte: big integers, the order of keys, escapes, spaces', () => {
    const input = '{ "big" : 12345678901234567890, "z": 1, "a": "\\u0041", "10": 1, "9": 2.50 }';
    const text = textOf(
      converse(
        `{"messages":[{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"n","input":${input}}}]},` +
          `{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":${input}}]}}]}],` +
          `"toolConfig":{"tools":[{"toolSpec":{"name":"n","inputSchema":{"json":${input}}}}]},` +
          '"additionalModelRequestFields":{ "top_k" : 5 }}',
      ),
    );
    expect(text.split(input)).toHaveLength(4);
    expect(text).toContain('"additionalModelRequestFields":{ "top_k" : 5 }');
  });

  it('merges turns of one role, for roles must alternate', () => {
    const exchange = chat({
      messages: [
        { role: 'user', content: 'one' },
        { role: 'user', content: 'two' },
        { role: 'assistant', content: 'three' },
        { role: 'assistant', content: 'four' },
        { role: 'user', content: 'five' },
      ],
    });
    expect(bodyOf(exchange).messages).toEqual([
      { role: 'user', content: [{ text: 'one' }, { text: 'two' }] },
      { role: 'assistant', content: [{ text: 'three' }, { text: 'four' }] },
      { role: 'user', content: [{ text: 'five' }] },
    ]);
  });

  it('leaves out blank texts and turns, and merges what they kept apart', () => {
    const cachePoint = { cachePoint: { type: 'default' } };
    const turns = [
      { role: 'user', content: [{ text: 'one' }, { text: '' }, cachePoint] },
      { role: 'assistant', content: [{ text: ' \n' }, cachePoint] },
      { role: 'user', content: [{ text: 'two' }] },
      { role: 'assistant', content: [{ text: '' }] },
    ];
    const body = bodyOf(converse({ messages: turns, system: [{ text: ' ' }, cachePoint] }));
    expect(body.messages).toEqual([{ role: 'user', content: [{ text: 'one' }, cachePoint, { text: 'two' }] }]);
    expect(body).not.toHaveProperty('system');
  });

  it('refuses a conversation of nothing but white space', () => {
    const blank = converse({ messages: [{ role: 'user', content: [{ text: ' \n' }] }] });
    expect(() => bodyOf(blank)).toThrow(expect.objectContaining({ code: 'invalidRequest' }));
  });
});

describe('tools', () => {
  const spec = (name: string) => ({ toolSpec: { name, inputSchema: { json: {} } } });
  const call = (name: string) => ({ toolUse: { toolUseId: name, name, input: {} } });
  const result = (name: string) => ({ toolResult: { toolUseId: name, content: [{ text: 'x' }] } });
  const history = [
    { role: 'user', content: [{ text: 'go' }] },
    { role: 'assistant', content: [call('one'), call('two'), call('one')] },
    { role: 'user', content: [result('one'), result('two')] },
  ];

  it('are made of the names in the history where the caller gave none', () => {
    expect(bodyOf(converse({ messages: history })).toolConfig).toEqual({
      tools: ['one', 'two'].map((name) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } })),
    });
  });

  it.each([
    ['auto', { auto: {} }],
    ['required', { any: {} }],
    [{ type: 'function', function: { name: 'f' } }, { tool: { name: 'f' } }],
  ])('are chosen between as OpenAI says by %j', (tool_choice, toolChoice) => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(bodyOf(chat({ ...chatHello, tools, tool_choice })).toolConfig.toolChoice).toEqual(toolChoice);
  });

  const chatHello = { messages: [{ role: 'user', content: 'hello' }] };
  const tools = [{ type: 'function', function: { name: 'f', description: '' } }];

  it('are left out where the caller wants none called', () => {
    expect(bodyOf(chat({ ...chatHello, tools, tool_choice: 'none' }))).not.toHaveProperty('toolConfig');
  });

  it('stay, without a choice, where the history holds a call', () => {
    const turns = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: '' },
    ];
    const { toolConfig, messages: sent } = bodyOf(chat({ messages: turns, tools, tool_choice: 'none' }));
    expect(toolConfig).toEqual({
      tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object', properties: {} } } } }],
    });
    expect(sent[2]).toEqual({ role: 'user', content: [{ toolResult: { toolUseId: 'c', content: [{ text: '' }] } }] });
  });

  it('are not there to choose from where they are names made of the history', () => {
    const exchange = converse({ messages: history, toolConfig: { tools: [spec('one')], toolChoice: { any: {} } } });
    const bare: Exchange = { ...exchange, request: { ...conversationOf(exchange), tools: [] } };
    expect(() => bodyOf(bare)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    const free: Exchange = { ...bare, request: { ...conversationOf(bare), toolChoice: { kind: 'auto' } } };
    expect(bodyOf(free).toolConfig).not.toHaveProperty('toolChoice');
  });
});

describe('topK', () => {
  it.each([
    [CLAUDE, { top_k: 7 }],
    [`us.${CLAUDE}`, { top_k: 7 }],
    [`arn:aws:bedrock:us-east-1::foundation-model/${CLAUDE}`, { top_k: 7 }],
    [NOVA, { inferenceConfig: { topK: 7 } }],
    [`us.${NOVA}`, { inferenceConfig: { topK: 7 } }],
  ])('goes to %s as %j', (model, fields) => {
    expect(bodyOf(messages({ top_k: 7 }, model)).additionalModelRequestFields).toEqual(fields);
  });

  it('goes by the name the configuration gives a profile that says nothing', () => {
    const profile = { providerModelId: 'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc' };
    expect(bodyOf(as(messages({ top_k: 7 }), profile)).additionalModelRequestFields).toEqual({ top_k: 7 });
  });

  it.each(['meta.llama3-8b-instruct-v1:0', 'my-anthropic.claude'])('is refused for %s', (model) => {
    expect(codeOf(messages({ top_k: 7 }, model))).toBe('unsupported');
  });
});

describe('request metadata', () => {
  const withMetadata = (metadata: object) => chat({ messages: [{ role: 'user', content: 'hello' }], metadata });

  it.each([
    ['sallyport-request-id', 'sallyport'],
    ['Sallyport', 'sallyport'],
    ['aws:tenant', 'aws'],
    ['AWS-somebody', 'aws'],
  ])('refuses the reserved key %s, and says how such keys begin', (key, beginning) => {
    const refused = () => textOf(withMetadata({ [key]: 'x' }));
    expect(refused).toThrow(expect.objectContaining({ code: 'invalidRequest' }));
    expect(refused).toThrow(`begins with \`${beginning}\``);
    expect(refused).not.toThrow('somebody');
  });

  it('refuses keys that Bedrock does not take', () => {
    const exchange = withMetadata({ key: 'x' });
    const parts = exchange.parts.map((part) => (part.text === 'key' ? { ...part, text: 'a;b' } : part));
    expect(codeOf({ ...exchange, parts })).toBe('unsupported');
  });

  const withValue = (value: Partial<Part>) => {
    const exchange = withMetadata({ user: 'somebody' });
    return {
      ...exchange,
      parts: exchange.parts.map((part) => (part.text === 'somebody' ? { ...part, ...value } : part)),
    };
  };

  it('makes values fit that a mask was put in', () => {
    const masked = withValue({ text: 'to {EMAIL}', edits: [{ start: 3, end: 8, length: 7 }] });
    expect(bodyOf(masked).requestMetadata.user).toBe('to _EMAIL_');
  });

  it.each(['to {EMAIL}', 'é', 'a;b', 'x'.repeat(257)])(
    'refuses the value %s, which would not arrive as it is',
    (text) => {
      expect(codeOf(withValue({ text }))).toBe('unsupported');
      expect(() => textOf(withValue({ text }))).not.toThrow(text);
    },
  );

  it('refuses more entries than there is room for beside the request id', () => {
    const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));
    expect(Object.keys(bodyOf(withMetadata(entries(15))).requestMetadata)).toHaveLength(16);
    expect(codeOf(withMetadata(entries(16)))).toBe('unsupported');
  });
});

describe('an exchange with a hole in it', () => {
  it('is not sent', () => {
    const exchange = converse(full);
    expect(() => textOf({ ...exchange, parts: exchange.parts.slice(0, 6) })).toThrow(RangeError);
    const results = exchange.parts.findIndex(({ text }) => text === 'sunny');
    expect(() => textOf({ ...exchange, parts: exchange.parts.slice(0, results) })).toThrow(RangeError);
  });
});

describe('an answer with citations that a client sends back', () => {
  const at = (start: number, end: number) => ({ documentIndex: 0, start, end });

  it('goes out as it came in', () => {
    const citationsContent = {
      content: [{ text: 'as it says' }],
      citations: [
        {
          title: 'notes',
          source: 'wiki',
          sourceContent: [{ text: 'a "quote"' }],
          location: { documentChar: at(0, 9) },
        },
        { sourceContent: [], location: { documentPage: at(1, 2) } },
        { sourceContent: [], location: { documentChunk: at(0, 1) } },
      ],
    };
    const [user] = full.messages;
    const turns = [user, { role: 'assistant', content: [{ citationsContent }] }];
    expect(bodyOf(converse({ messages: turns })).messages[1].content).toEqual([{ citationsContent }]);
  });

  it('goes out alike in the words of another protocol', () => {
    const citation = { cited_text: 'a quote', document_index: 0, document_title: 'notes', file_id: null };
    const block = {
      type: 'text',
      text: 'as it says',
      citations: [{ type: 'char_location', ...citation, start_char_index: 0, end_char_index: 7 }],
    };
    expect(bodyOf(messages({ messages: answer(block) })).messages[1].content).toEqual([
      {
        citationsContent: {
          content: [{ text: 'as it says' }],
          citations: [{ title: 'notes', sourceContent: [{ text: 'a quote' }], location: { documentChar: at(0, 7) } }],
        },
      },
    ]);
  });

  it('and an effort beside thinking do too', () => {
    const thinking = { type: 'adaptive' };
    const body = bodyOf(messages({ thinking, output_config: { effort: 'xhigh' } }));
    expect([body.additionalModelRequestFields, body.outputConfig]).toEqual([{ thinking }, { effort: 'xhigh' }]);
    const same = {
      messages: full.messages,
      additionalModelRequestFields: { thinking },
      outputConfig: { effort: 'max' },
    };
    expect(bodyOf(converse(same, 'converse', CLAUDE))).toMatchObject({
      additionalModelRequestFields: { thinking },
      outputConfig: { effort: 'max' },
    });
  });
});

describe('a guardrail of Amazon Bedrock', () => {
  const guardrail = { identifier: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/abc', version: '3' };
  const body = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] };

  it('is named with each call, and holds a stream until it has looked at it', () => {
    const whole = bodyOf(as(converse(body), { guardrail }));
    expect(whole.guardrailConfig).toEqual({ guardrailIdentifier: guardrail.identifier, guardrailVersion: '3' });
    const streamed = as({ ...converse(body), action: 'InvokeModelWithResponseStream' }, { guardrail });
    expect(JSON.parse(textOf(streamed)).guardrailConfig).toMatchObject({ streamProcessingMode: 'sync' });
  });

  it('is named in headers of raw prompts, and nowhere where there is none', () => {
    expect(guardrailHeaders(as(converse(body), { guardrail }))).toEqual({
      'x-amzn-bedrock-guardrailidentifier': guardrail.identifier,
      'x-amzn-bedrock-guardrailversion': '3',
    });
    expect(guardrailHeaders(converse(body))).toEqual({});
    expect(bodyOf(converse(body))).not.toHaveProperty('guardrailConfig');
  });
});
