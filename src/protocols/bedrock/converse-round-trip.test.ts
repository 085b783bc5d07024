import { BedrockRuntimeClient, ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { type Served, serve } from '../served.suite.ts';
import { printConverse } from './converse-print.suite.ts';
import { bedrockProtocol } from './protocol.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

/** What an application sends, in the SDK's own types: each member that is carried, at least once. */
const conversation: ConverseCommandInput = {
  modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  system: [{ text: 'be brief' }, { cachePoint: { type: 'default', ttl: '1h' } }],
  messages: [
    {
      role: 'user',
      content: [
        { text: 'what do these say? \u2028 "Grüße" 😀' },
        { image: { format: 'png', source: { bytes: PNG } } },
        {
          image: {
            format: 'jpeg',
            source: { s3Location: { uri: 's3://my-bucket/a/b c.jpg', bucketOwner: '123456789012' } },
          },
        },
        { video: { format: 'three_gp', source: { bytes: PNG } } },
        { audio: { format: 'x-aac', source: { s3Location: { uri: 's3://my-bucket' } } } },
        { document: { format: 'md', name: 'notes', source: { text: '# Notes' }, citations: { enabled: true } } },
        {
          document: {
            format: 'html',
            name: 'pages',
            source: { content: [{ text: 'one' }, { text: 'two' }] },
            context: 'from the intranet',
          },
        },
        { document: { format: 'pdf', name: 'report', source: { bytes: PNG } } },
        { document: { format: 'xlsx', name: 'sheet', source: { s3Location: { uri: 's3://my-bucket/sheet.xlsx' } } } },
        { cachePoint: { type: 'default' } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'let me see', signature: 'token-1' } } },
        { reasoningContent: { redactedContent: Buffer.from('token-2') } },
        { reasoningContent: { reasoningText: { text: 'unsigned' } } },
        { text: 'I look' },
        {
          citationsContent: {
            content: [{ text: 'as the notes say' }],
            citations: [
              {
                title: 'notes',
                source: 'the intranet',
                sourceContent: [{ text: '# No' }, { text: 'tes' }],
                location: { documentChar: { documentIndex: 0, start: 0, end: 7 } },
              },
              { title: 'report', location: { documentPage: { documentIndex: 2, start: 1, end: 2 } } },
              { location: { documentChunk: { documentIndex: 1, start: 0, end: 1 } } },
              { sourceContent: [{ text: 'from nowhere' }] },
            ],
          },
        },
        { toolUse: { toolUseId: 'call-1', name: 'weather', input: { city: 'Bern', days: [1, 2] } } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          toolResult: {
            toolUseId: 'call-1',
            status: 'error',
            content: [
              { text: 'sunny' },
              { json: { sky: ['blue'], nested: { deep: null } } },
              { image: { format: 'webp', source: { bytes: PNG } } },
              { video: { format: 'mp4', source: { s3Location: { uri: 's3://my-bucket/v.mp4' } } } },
              { document: { format: 'txt', name: 'found', source: { text: 'a find' } } },
            ],
          },
        },
      ],
    },
  ],
  inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 1, stopSequences: ['END'] },
  toolConfig: {
    tools: [
      {
        toolSpec: { name: 'weather', description: 'tells it', inputSchema: { json: { type: 'object' } }, strict: true },
      },
      { cachePoint: { type: 'default', ttl: '5m' } },
      { toolSpec: { name: 'clock', inputSchema: { json: {} } } },
      { systemTool: { name: 'nova_grounding' } },
    ],
    toolChoice: { tool: { name: 'weather' } },
  },
  outputConfig: {
    textFormat: {
      type: 'json_schema',
      structure: { jsonSchema: { schema: '{ "type": "object" }', name: 'answer', description: 'the answer' } },
    },
    effort: 'high',
  },
  additionalModelRequestFields: { top_k: 5 },
  requestMetadata: { team: 'blue', 'cost/center': '12' },
};

let served: Served | undefined;
afterEach(async () => served?.close());

/** The bodies as they came over the wire, and as they were read. */
async function send(...inputs: readonly ConverseCommandInput[]) {
  const wires: unknown[] = [];
  served = await serve(
    {
      ...bedrockProtocol,
      read(route, body, headers) {
        wires.push(JSON.parse(Buffer.from(body).toString()));
        return bedrockProtocol.read(route, body, headers);
      },
    },
    () => ({ kind: 'answer', events: [] }),
  );
  const client = new BedrockRuntimeClient({
    endpoint: served.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  for (const input of inputs) await client.send(new ConverseCommand(input));
  client.destroy();
  const printed = served.seen.map(({ request, parts }) => {
    if (request.kind !== 'conversation') throw new Error('not a conversation');
    return printConverse(request, parts);
  });
  return { wires, printed };
}

describe('a conversation of the AWS SDK', () => {
  it('is printed as it was sent, once read: nothing of it is lost', async () => {
    const { messages = [] } = conversation;
    const choices = [{ auto: {} }, { any: {} }] as const;
    const { wires, printed } = await send(
      conversation,
      { modelId: conversation.modelId, messages: messages.slice(0, 1) },
      ...choices.map((toolChoice) => ({
        modelId: 'amazon.nova-lite-v1:0',
        messages,
        toolConfig: { tools: conversation.toolConfig?.tools, toolChoice },
      })),
    );
    expect(wires).toHaveLength(4);
    expect(printed).toEqual(wires);
  });

  it.skipIf(!hasServiceModel)('is one of the service model', async () => {
    const { wires } = await send(conversation);
    for (const wire of wires) expect(violations('ConverseRequest', wire)).toEqual([]);
  });
});
