import type { Protocol } from '../../src/core/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../../src/protocols/index.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Request bodies of one route. Every text in them that is no word of the protocol has `canary-` in it. */
export interface Corpus {
  readonly protocol: Protocol;
  readonly path: string;
  /** The first is one the gateway takes; of the others it may refuse whole features. */
  readonly bodies: readonly [Json, ...Json[]];
}

// One pixel, one second of silence and one page, as short as they can be told in base64.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=';
const PDF = 'JVBERi0xLjQKJeLjz9MKMSAwIG9iago8PD4+CmVuZG9iagp0cmFpbGVyCjw8Pj4KJSVFT0YK';
const TXT = 'Y2FuYXJ5LTUwIGluIGEgZmlsZQ==';
const schema = { type: 'object', properties: { city: { type: 'string', description: 'canary-01' } } };

const converse: Corpus['bodies'] = [
  {
    system: [{ text: 'canary-02 be brief' }, { cachePoint: { type: 'default' } }],
    messages: [
      {
        role: 'user',
        content: [{ text: 'canary-03 what is the weather' }, { cachePoint: { type: 'default', ttl: '5m' } }],
      },
      {
        role: 'assistant',
        content: [
          { text: 'canary-04' },
          { toolUse: { toolUseId: 'canary-05', name: 'canary-06', input: { city: 'canary-07' } } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 'canary-05',
              content: [{ text: 'canary-08' }, { json: { sky: ['canary-09'] } }],
              status: 'success',
            },
          },
        ],
      },
    ],
    inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 1, stopSequences: ['canary-10'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 'canary-06', description: 'canary-11', inputSchema: { json: schema } } }],
      toolChoice: { tool: { name: 'canary-06' } },
    },
    additionalModelRequestFields: { top_k: 5 },
    requestMetadata: { 'canary-13': 'canary-14' },
  },
  {
    messages: [
      {
        role: 'user',
        content: [
          { text: 'canary-20' },
          { image: { format: 'png', source: { bytes: PNG } } },
          { image: { format: 'png', source: { s3Location: { uri: 's3://canary-21/x.png' } } } },
          { document: { name: 'canary-22', format: 'pdf', source: { bytes: PDF }, citations: { enabled: true } } },
          { document: { name: 'canary-23', format: 'txt', source: { bytes: TXT }, context: 'canary-24' } },
          { document: { name: 'canary-25', format: 'txt', source: { text: 'canary-26' } } },
          { document: { name: 'canary-27', format: 'txt', source: { content: [{ text: 'canary-28' }] } } },
          { video: { format: 'mp4', source: { bytes: WAV } } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'canary-29', signature: 'canary-30' } } },
          { reasoningContent: { redactedContent: TXT } },
          { text: 'canary-31' },
        ],
      },
      { role: 'user', content: [{ text: 'canary-32' }] },
    ],
    outputConfig: {
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"canary-33":1}', name: 'canary-34' } } },
    },
  },
  {
    messages: [{ role: 'user', content: [{ guardContent: { text: { text: 'canary-40', qualifiers: ['query'] } } }] }],
    promptVariables: { x: { text: 'canary-35' } },
    guardrailConfig: { guardrailIdentifier: 'canary-36', guardrailVersion: '1' },
    additionalModelResponseFieldPaths: ['/canary-37'],
  },
];

const chat: Corpus['bodies'] = [
  {
    model: 'amazon.nova-lite-v1:0',
    messages: [
      { role: 'system', content: 'canary-02' },
      { role: 'user', content: [{ type: 'text', text: 'canary-03' }] },
      {
        role: 'assistant',
        content: 'canary-04',
        tool_calls: [
          { id: 'canary-05', type: 'function', function: { name: 'canary-06', arguments: '{"city":"canary-07"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'canary-05', content: 'canary-08' },
    ],
    tools: [{ type: 'function', function: { name: 'canary-06', description: 'canary-11', parameters: schema } }],
    tool_choice: { type: 'function', function: { name: 'canary-06' } },
    stop: ['canary-10'],
    user: 'canary-12',
    metadata: { 'canary-13': 'canary-14' },
    max_completion_tokens: 5,
    temperature: 0.5,
    stream: false,
  },
  {
    model: 'amazon.nova-lite-v1:0',
    messages: [
      { role: 'developer', content: 'canary-27' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          { type: 'image_url', image_url: { url: 'https://example.com/canary-21.png' } },
          { type: 'input_audio', input_audio: { data: WAV, format: 'wav' } },
          { type: 'file', file: { filename: 'canary-22.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
          { type: 'file', file: { file_id: 'canary-23' } },
        ],
      },
      { role: 'assistant', content: 'canary-24', reasoning_content: 'canary-25' },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'canary-28', description: 'canary-29', schema, strict: true },
    },
    reasoning_effort: 'low',
    n: 2,
    seed: 7,
    presence_penalty: 0.5,
    safety_identifier: 'canary-31',
  },
  {
    model: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'assistant', name: 'canary-20', refusal: 'canary-40', audio: { id: 'canary-26' } }],
    prediction: { type: 'content', content: 'canary-30' },
    prompt_cache_key: 'canary-32',
    logit_bias: { '5': 1 },
    web_search_options: { user_location: { type: 'approximate', approximate: { city: 'canary-33' } } },
  },
];

const responses: Corpus['bodies'] = [
  { model: 'amazon.nova-lite-v1:0', input: 'canary-01' },
  {
    model: 'amazon.nova-lite-v1:0',
    instructions: 'canary-02',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'canary-03' },
          { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
        ],
      },
      {
        type: 'reasoning',
        id: 'canary-04',
        summary: [{ type: 'summary_text', text: 'canary-05' }],
        encrypted_content: 'canary-06',
      },
      { type: 'function_call', call_id: 'canary-07', name: 'canary-08', arguments: '{"x":"canary-09"}' },
      { type: 'function_call_output', call_id: 'canary-07', output: 'canary-10' },
    ],
    tools: [{ type: 'function', name: 'canary-08', description: 'canary-12', parameters: schema, strict: true }],
    text: { format: { type: 'json_schema', name: 'canary-13', schema } },
    reasoning: { effort: 'low', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    metadata: { 'canary-14': 'canary-15' },
    store: false,
  },
  {
    model: 'amazon.nova-lite-v1:0',
    input: [{ type: 'item_reference', id: 'canary-11' }],
    previous_response_id: 'canary-16',
  },
];

const messages: Corpus['bodies'] = [
  {
    model: 'amazon.nova-lite-v1:0',
    max_tokens: 10,
    system: [{ type: 'text', text: 'canary-02', cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: 'canary-03' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'canary-04' },
          { type: 'tool_use', id: 'canary-05', name: 'canary-06', input: { city: 'canary-07' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'canary-05', content: [{ type: 'text', text: 'canary-08' }] }],
      },
    ],
    tools: [{ name: 'canary-06', description: 'canary-11', input_schema: schema }],
    tool_choice: { type: 'tool', name: 'canary-06' },
    stop_sequences: ['canary-10'],
    metadata: { user_id: 'canary-12' },
    temperature: 0.5,
    top_k: 5,
    stream: true,
  },
  {
    model: 'amazon.nova-lite-v1:0',
    max_tokens: 3_000,
    thinking: { type: 'enabled', budget_tokens: 2_000 },
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/canary-20.png' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: PDF },
            title: 'canary-21',
            context: 'canary-22',
          },
          {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'canary-23' },
            citations: { enabled: true },
          },
          { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'canary-24' }] } },
          { type: 'document', source: { type: 'file', file_id: 'canary-25' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'canary-29', signature: 'canary-30' },
          { type: 'redacted_thinking', data: 'canary-31' },
          {
            type: 'text',
            text: 'canary-32',
            citations: [
              {
                type: 'char_location',
                cited_text: 'canary-33',
                document_index: 0,
                start_char_index: 0,
                end_char_index: 1,
              },
            ],
          },
        ],
      },
      { role: 'user', content: 'canary-36' },
    ],
    output_config: { effort: 'low', format: { type: 'json_schema', schema } },
  },
  {
    model: 'amazon.nova-lite-v1:0',
    max_tokens: 5,
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'search_result',
            source: 'canary-26',
            title: 'canary-27',
            content: [{ type: 'text', text: 'canary-28' }],
          },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'server_tool_use', id: 'canary-34', name: 'web_search', input: { query: 'canary-35' } }],
      },
    ],
    mcp_servers: [{ type: 'url', url: 'https://example.com/canary-37', name: 'canary-38' }],
    container: 'canary-39',
  },
];

const claude: Corpus['bodies'] = [
  { anthropic_version: 'bedrock-2023-05-31', max_tokens: 5, messages: [{ role: 'user', content: 'canary-01' }] },
  {
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['canary-02'],
    max_tokens: 5,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'canary-03' }] }],
  },
];

const nova: Corpus['bodies'] = [
  {
    schemaVersion: 'messages-v1',
    system: [{ text: 'canary-01' }],
    messages: [{ role: 'user', content: [{ text: 'canary-02' }] }],
    inferenceConfig: { maxTokens: 5, topK: 4, stopSequences: ['canary-03'] },
  },
];

const bedrock = (path: string, bodies: Corpus['bodies']): Corpus => ({
  protocol: bedrockProtocol,
  path: `/model/${path}`,
  bodies,
});
const openai = (path: string, bodies: Corpus['bodies']): Corpus => ({
  protocol: openaiProtocol,
  path: `/openai/v1/${path}`,
  bodies,
});
const anthropic = (path: string, bodies: Corpus['bodies']): Corpus => ({
  protocol: anthropicProtocol,
  path: `/anthropic/v1/${path}`,
  bodies,
});

/** Bodies of every route that takes one; the first of each is served. */
export const corpora: readonly Corpus[] = [
  bedrock('amazon.nova-lite-v1:0/converse', converse),
  bedrock('amazon.nova-lite-v1:0/converse-stream', converse),
  bedrock('anthropic.claude-sonnet-4-5-20250929-v1:0/invoke', claude),
  bedrock('amazon.nova-lite-v1:0/invoke', nova),
  bedrock('amazon.nova-lite-v1:0/invoke-with-response-stream', nova),
  bedrock('amazon.titan-text-express-v1/invoke', [
    {
      inputText: 'canary-01',
      textGenerationConfig: { maxTokenCount: 5, stopSequences: ['canary-02'], temperature: 0.5, topP: 1 },
    },
  ]),
  bedrock('amazon.titan-embed-text-v2:0/invoke', [{ inputText: 'canary-01', dimensions: 256, normalize: true }]),
  bedrock('meta.llama3-8b-instruct-v1:0/invoke', [
    { prompt: 'canary-01', max_gen_len: 5 },
    { prompt: 'canary-02', images: [PNG] },
  ]),
  bedrock('mistral.mistral-7b-instruct-v0:2/invoke', [{ prompt: 'canary-01', max_tokens: 5, stop: ['canary-02'] }]),
  bedrock('cohere.command-r-v1:0/invoke', [
    { message: 'canary-01', preamble: 'canary-02', chat_history: [{ role: 'USER', message: 'canary-03' }] },
    {
      message: 'canary-01',
      documents: [{ title: 'canary-04', snippet: 'canary-05' }],
      tools: [{ name: 'canary-06', description: 'canary-07', parameter_definitions: {} }],
    },
  ]),
  bedrock('cohere.embed-english-v3/invoke', [{ texts: ['canary-01'], input_type: 'search_query', truncate: 'END' }]),
  bedrock('amazon.nova-lite-v1:0/count-tokens', [
    { input: { converse: { messages: [{ role: 'user', content: [{ text: 'canary-01' }] }] } } },
    {
      input: {
        invokeModel: {
          body: Buffer.from('{"messages":[{"role":"user","content":[{"text":"x"}]}]}').toString('base64'),
        },
      },
    },
  ]),
  openai('chat/completions', chat),
  openai('responses', responses),
  openai('embeddings', [
    { model: 'amazon.titan-embed-text-v2:0', input: ['canary-01', 'canary-02'], dimensions: 256, user: 'canary-03' },
    { model: 'amazon.titan-embed-text-v2:0', input: 'canary-01', encoding_format: 'base64' },
  ]),
  anthropic('messages', messages),
  anthropic('messages/count_tokens', [
    { model: 'amazon.nova-lite-v1:0', messages: [{ role: 'user', content: 'canary-01' }] },
  ]),
];
