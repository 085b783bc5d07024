/** Where a text stands in a request. */
export type Carrier =
  | 'user text'
  | 'earlier answer'
  | 'system'
  | 'tool definition'
  | 'tool schema'
  | 'tool arguments'
  | 'tool result'
  | 'structured result'
  | 'document'
  | 'metadata'
  | 'stop sequence';

/** Where a text stands in an answer. */
export type Said = 'text' | 'tool arguments' | 'reasoning' | 'citation';

/** A way to call a model. Each carrier makes the body that holds these texts in it: one, or several that follow. */
export interface Surface {
  readonly name: string;
  readonly model: string;
  /** Raw, buffered and streamed. Absent where it does not stream. */
  readonly path: string;
  readonly streamPath?: string;
  readonly asks: Readonly<Partial<Record<Carrier, (...texts: readonly string[]) => object>>>;
  /** What its answers carry; nothing where they are no text. */
  readonly says: readonly Said[];
  /** Carriers that hold one text only. */
  readonly single: readonly Carrier[];
}

type Asks = Surface['asks'];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const ALL: readonly Said[] = ['text', 'tool arguments', 'reasoning', 'citation'];
const ONE: readonly Carrier[] = [
  'tool definition',
  'tool schema',
  'tool arguments',
  'structured result',
  'document',
  'metadata',
  'stop sequence',
];

const hi = { role: 'user', content: [{ text: 'hi' }] };
const converseTexts = (texts: readonly string[]) => texts.map((text) => ({ text }));
const converseTool = (toolSpec: object) => ({
  messages: [hi],
  toolConfig: { tools: [{ toolSpec: { name: 'look_up', inputSchema: { json: {} }, ...toolSpec } }] },
});
const converseTurns = (input: object, content: readonly object[]) => ({
  messages: [
    hi,
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'tool_1', name: 'look_up', input } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'tool_1', content } }] },
  ],
});

const nova: Asks = {
  'user text': (...texts) => ({ messages: [{ role: 'user', content: converseTexts(texts) }] }),
  'earlier answer': (...texts) => ({ messages: [hi, { role: 'assistant', content: converseTexts(texts) }, hi] }),
  system: (...texts) => ({ system: converseTexts(texts), messages: [hi] }),
  'tool definition': (description = '') => converseTool({ description }),
  'tool schema': (description = '') =>
    converseTool({ inputSchema: { json: { type: 'object', properties: { a: { description } } } } }),
  'tool arguments': (to = '') => converseTurns({ to, n: 1.5 }, [{ text: 'done' }]),
  'tool result': (...texts) => converseTurns({}, converseTexts(texts)),
  'structured result': (to = '') => converseTurns({}, [{ json: { rows: [{ to }] } }]),
  'stop sequence': (text = '') => ({ messages: [hi], inferenceConfig: { stopSequences: [text] } }),
};

const converse: Asks = {
  ...nova,
  document: (text = '') => ({
    messages: [
      {
        role: 'user',
        content: [{ text: 'see' }, { document: { name: 'a page', format: 'txt', source: { bytes: base64(text) } } }],
      },
    ],
  }),
  metadata: (note = '') => ({ messages: [hi], requestMetadata: { note } }),
};

const messageTexts = (texts: readonly string[]) => texts.map((text) => ({ type: 'text', text }));
const messagesWith = (more: object) => ({ max_tokens: 64, messages: [{ role: 'user', content: 'hi' }], ...more });
const messagesTurns = (input: object, content: unknown) =>
  messagesWith({
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look_up', input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content }] },
    ],
  });

const messages: Asks = {
  'user text': (...texts) => messagesWith({ messages: [{ role: 'user', content: messageTexts(texts) }] }),
  'earlier answer': (...texts) =>
    messagesWith({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: messageTexts(texts) },
        { role: 'user', content: 'go on' },
      ],
    }),
  system: (...texts) => messagesWith({ system: messageTexts(texts) }),
  'tool definition': (description = '') =>
    messagesWith({ tools: [{ name: 'look_up', description, input_schema: { type: 'object' } }] }),
  'tool schema': (description = '') =>
    messagesWith({
      tools: [{ name: 'look_up', input_schema: { type: 'object', properties: { a: { description } } } }],
    }),
  'tool arguments': (to = '') => messagesTurns({ to, n: 1.5 }, 'done'),
  'tool result': (...texts) => messagesTurns({}, messageTexts(texts)),
  document: (data = '') =>
    messagesWith({
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', title: 'a page', source: { type: 'text', media_type: 'text/plain', data } }],
        },
      ],
    }),
  'stop sequence': (text = '') => messagesWith({ stop_sequences: [text] }),
};

const anthropicVersion = (asks: Asks): Asks =>
  Object.fromEntries(
    Object.entries(asks).map(([carrier, ask]) => [
      carrier,
      (...texts: readonly string[]) => ({ anthropic_version: 'bedrock-2023-05-31', ...ask(...texts) }),
    ]),
  );

const chatTexts = (texts: readonly string[]) => texts.map((text) => ({ type: 'text', text }));
const chatWith = (...more: readonly object[]) => ({ messages: [{ role: 'user', content: 'hi' }, ...more] });
const chatTool = (more: object) => ({
  ...chatWith(),
  tools: [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' }, ...more } }],
});
const chatTurns = (to: string, content: unknown) =>
  chatWith(
    {
      role: 'assistant',
      tool_calls: [
        { type: 'function', id: 'call_1', function: { name: 'look_up', arguments: JSON.stringify({ to, n: 1.5 }) } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content },
  );

const chat: Asks = {
  'user text': (...texts) => ({ messages: [{ role: 'user', content: chatTexts(texts) }] }),
  'earlier answer': (...texts) => chatWith({ role: 'assistant', content: chatTexts(texts) }),
  system: (...texts) => ({
    messages: [...texts.map((content) => ({ role: 'system', content })), { role: 'user', content: 'hi' }],
  }),
  'tool definition': (description = '') => chatTool({ description }),
  'tool schema': (description = '') => chatTool({ parameters: { type: 'object', properties: { a: { description } } } }),
  'tool arguments': (to = '') => chatTurns(to, 'done'),
  'tool result': (...texts) => chatTurns('me', chatTexts(texts)),
  document: (text = '') => ({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'a.txt', file_data: `data:text/plain;base64,${base64(text)}` } },
          { type: 'text', text: 'see' },
        ],
      },
    ],
  }),
  metadata: (note = '') => ({ ...chatWith(), metadata: { note } }),
  'stop sequence': (stop = '') => ({ ...chatWith(), stop }),
};

const mistralChat: Asks = {
  ...omit(chat, 'document', 'metadata', 'stop sequence'),
  'earlier answer': (content = '') => chatWith({ role: 'assistant', content }, { role: 'user', content: 'go on' }),
  'tool result': (content = '') => chatTurns('me', content),
};

const responseTexts = (texts: readonly string[]) => texts.map((text) => ({ type: 'input_text', text }));
const responseTool = (more: object) => ({
  input: 'hi',
  tools: [{ type: 'function', name: 'look_up', parameters: { type: 'object' }, ...more }],
});
const responseTurns = (to: string, output: unknown) => ({
  input: [
    { role: 'user', content: 'hi' },
    { type: 'function_call', call_id: 'call_1', name: 'look_up', arguments: JSON.stringify({ to, n: 1.5 }) },
    { type: 'function_call_output', call_id: 'call_1', output },
  ],
});

const responses: Asks = {
  'user text': (...texts) => ({ input: [{ role: 'user', content: responseTexts(texts) }] }),
  'earlier answer': (...texts) => ({
    input: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: texts.map((text) => ({ type: 'output_text', text, annotations: [] })) },
      { role: 'user', content: 'go on' },
    ],
  }),
  system: (...texts) => ({
    input: [...texts.map((content) => ({ role: 'system', content })), { role: 'user', content: 'hi' }],
  }),
  'tool definition': (description = '') => responseTool({ description }),
  'tool schema': (description = '') =>
    responseTool({ parameters: { type: 'object', properties: { a: { description } } } }),
  'tool arguments': (to = '') => responseTurns(to, 'done'),
  'tool result': (...texts) => responseTurns('me', responseTexts(texts)),
  document: (text = '') => ({
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_file', filename: 'a.txt', file_data: `data:text/plain;base64,${base64(text)}` },
          { type: 'input_text', text: 'see' },
        ],
      },
    ],
  }),
  metadata: (note = '') => ({ input: 'hi', metadata: { note } }),
};

const prompt = (name: string): Asks => ({ 'user text': (text = '') => ({ [name]: text }) });
const promptOnly: readonly Carrier[] = ['user text'];
const bedrock = (model: string, asks: Asks, says: readonly Said[], single: readonly Carrier[]) => ({
  model,
  path: `/model/${encodeURIComponent(model)}/invoke`,
  streamPath: `/model/${encodeURIComponent(model)}/invoke-with-response-stream`,
  asks,
  says,
  single,
});

const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const NOVA = 'amazon.nova-lite-v1:0';

/** Every way to call a model. One more is one row more. */
export const surfaces: readonly Surface[] = [
  {
    name: 'Converse',
    model: NOVA,
    path: `/model/${encodeURIComponent(NOVA)}/converse`,
    streamPath: `/model/${encodeURIComponent(NOVA)}/converse-stream`,
    asks: converse,
    says: ALL,
    single: ONE,
  },
  { name: 'InvokeModel Claude', ...bedrock(CLAUDE, anthropicVersion(messages), ALL, ONE) },
  { name: 'InvokeModel Nova', ...bedrock(NOVA, nova, ['text', 'tool arguments'], ONE) },
  { name: 'InvokeModel Titan', ...bedrock('amazon.titan-text-express-v1', prompt('inputText'), ['text'], promptOnly) },
  { name: 'InvokeModel Llama', ...bedrock('meta.llama3-70b-instruct-v1:0', prompt('prompt'), ['text'], promptOnly) },
  {
    name: 'InvokeModel Mistral',
    ...bedrock('mistral.mistral-7b-instruct-v0:2', prompt('prompt'), ['text'], promptOnly),
  },
  { name: 'InvokeModel DeepSeek', ...bedrock('deepseek.r1-v1:0', prompt('prompt'), ['text'], promptOnly) },
  {
    name: 'InvokeModel Cohere Command R',
    ...bedrock(
      'cohere.command-r-v1:0',
      {
        'user text': (message = '') => ({ message }),
        'earlier answer': (message = '') => ({ message: 'hi', chat_history: [{ role: 'CHATBOT', message }] }),
        system: (preamble = '') => ({ message: 'hi', preamble }),
      },
      ['text'],
      ['user text', 'earlier answer', 'system'],
    ),
  },
  {
    name: 'InvokeModel Mistral Large',
    ...bedrock(
      'mistral.mistral-large-2407-v1:0',
      mistralChat,
      ['text', 'tool arguments'],
      [...ONE, 'earlier answer', 'tool result'],
    ),
  },
  {
    name: 'chat completions',
    model: NOVA,
    path: '/openai/v1/chat/completions',
    streamPath: '/openai/v1/chat/completions',
    asks: withModel(NOVA, chat),
    says: ['text', 'tool arguments', 'reasoning'],
    single: ONE,
  },
  {
    name: 'responses',
    model: NOVA,
    path: '/openai/v1/responses',
    streamPath: '/openai/v1/responses',
    asks: withModel(NOVA, responses),
    says: ['text', 'tool arguments', 'reasoning'],
    single: ONE,
  },
  {
    name: 'messages',
    model: CLAUDE,
    path: '/anthropic/v1/messages',
    streamPath: '/anthropic/v1/messages',
    asks: withModel(CLAUDE, { ...messages, metadata: (user_id = '') => messagesWith({ metadata: { user_id } }) }),
    says: ALL,
    single: ONE,
  },
  {
    name: 'embeddings',
    model: 'amazon.titan-embed-text-v2:0',
    path: '/openai/v1/embeddings',
    asks: withModel('amazon.titan-embed-text-v2:0', { 'user text': (input = '') => ({ input }) }),
    says: [],
    single: promptOnly,
  },
];

function withModel(model: string, asks: Asks): Asks {
  return Object.fromEntries(
    Object.entries(asks).map(([carrier, ask]) => [
      carrier,
      (...texts: readonly string[]) => ({ model, ...ask(...texts) }),
    ]),
  );
}

function omit(asks: Asks, ...carriers: readonly Carrier[]): Asks {
  return Object.fromEntries(Object.entries(asks).filter(([carrier]) => !carriers.some((name) => name === carrier)));
}
