import { client } from '../snippets/anthropic-bedrock.mjs';
import { serve } from './serving.mjs';

const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const tools = [{ name: 'send_mail', input_schema: { type: 'object' } }];

function connect({ wrongKey = false, retries = 2 }) {
  const keys = { awsAccessKey: process.env.AWS_ACCESS_KEY_ID, awsSecretKey: 'x'.repeat(40) };
  return client.withOptions({ maxRetries: retries, ...(wrongKey ? keys : {}) });
}

const ask = ({ prompt, model = CLAUDE }) => ({ model, max_tokens: 200, messages: [{ role: 'user', content: prompt }] });

function toAnswer({ content, stop_reason: stop }, { headers }) {
  const text = content.map((block) => block.text ?? '').join('');
  return { text, stop, requestId: headers.get('x-sallyport-request-id') };
}

async function whole(params) {
  const { data, response } = await connect(params).messages.create(ask(params)).withResponse();
  return toAnswer(data, response);
}

async function streamed(params) {
  const stream = connect(params).messages.stream(ask(params));
  const { response } = await stream.withResponse();
  return toAnswer(await stream.finalMessage(), response);
}

async function useTool({ prompt, result }) {
  const asked = { ...ask({ prompt }), tools };
  const { content, stop_reason: stop } = await client.messages.create(asked);
  const call = content.find(({ type }) => type === 'tool_use');
  const done = { type: 'tool_result', tool_use_id: call.id, content: result };
  const messages = [...asked.messages, { role: 'assistant', content }, { role: 'user', content: [done] }];
  const { data, response } = await client.messages.create({ ...asked, messages }).withResponse();
  return { name: call.name, input: call.input, stop, final: toAnswer(data, response) };
}

await serve({ whole, streamed, useTool }, ({ status, headers }) => ({
  status,
  requestId: headers?.get('x-sallyport-request-id'),
}));
