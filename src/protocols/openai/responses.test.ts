import OpenAI from 'openai';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, faults, GatewayError, textOf } from '../../core/index.ts';
import { type Outcome, requestId, type Served, serve } from '../served.suite.ts';
import { openaiProtocol } from './protocol.ts';

const key = requestId.replaceAll('-', '');
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
  { kind: 'delta', index: 0, text: 'they want ' },
  { kind: 'delta', index: 0, text: 'the weather' },
  { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 'token 1' } },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'text' } },
  { kind: 'delta', index: 1, text: 'Grüße ' },
  { kind: 'delta', index: 1, text: 'aus \u2028 Köln' },
  { kind: 'blockStop', index: 1 },
  { kind: 'blockStart', index: 2, block: { kind: 'toolUse', id: 'call_1', name: 'look_up' } },
  { kind: 'delta', index: 2, text: '{"city":' },
  { kind: 'delta', index: 2, text: '"Köln"}' },
  { kind: 'blockStop', index: 2 },
  { kind: 'stop', reason: 'toolUse' },
  {
    kind: 'usage',
    usage: { inputTokens: 11, outputTokens: 7, cacheReadInputTokens: 3, cacheWriteInputTokens: 2, reasoningTokens: 4 },
  },
];
const cut: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'Once ' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'text' } },
  { kind: 'delta', index: 1, text: 'upon' },
  { kind: 'blockStop', index: 1 },
  { kind: 'stop', reason: 'maxTokens' },
  { kind: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
];

const params = { model: 'demo/model', input: 'hello', include: ['reasoning.encrypted_content' as const] };
const output = [
  {
    id: `rs_${key}_0`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'they want the weather' }],
    encrypted_content: 'token 1',
  },
  {
    id: `msg_${key}_1`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Grüße aus \u2028 Köln' }],
  },
  {
    id: `fc_${key}_2`,
    type: 'function_call',
    status: 'completed',
    call_id: 'call_1',
    name: 'look_up',
    arguments: '{"city":"Köln"}',
  },
];

let served: Served | undefined;

async function clientOf(outcome: Outcome): Promise<OpenAI> {
  served = await serve(openaiProtocol, () => outcome);
  return new OpenAI({ baseURL: `${served.origin}/openai/v1`, apiKey: 'k', maxRetries: 0 });
}

afterEach(() => served?.close());

async function eventsOf(client: OpenAI, rest: object = {}): Promise<readonly OpenAI.Responses.ResponseStreamEvent[]> {
  const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
  for await (const event of await client.responses.create({ ...params, ...rest, stream: true })) seen.push(event);
  return seen;
}

describe('a client of responses', () => {
  it('gets a response', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { data, request_id } = await client.responses.create(params).withResponse();
    const { output_text, ...response } = data;
    expect([output_text, request_id]).toEqual(['Grüße aus \u2028 Köln', requestId]);
    expect(response).toEqual({
      id: `resp_${key}`,
      object: 'response',
      created_at: 1_700_000_000,
      status: 'completed',
      completed_at: 1_700_000_000,
      error: null,
      incomplete_details: null,
      model: 'demo/model',
      background: false,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      service_tier: 'default',
      store: false,
      temperature: null,
      tool_choice: 'auto',
      top_logprobs: 0,
      top_p: null,
      truncation: 'disabled',
      text: { format: { type: 'text' } },
      tools: [],
      output,
      usage: {
        input_tokens: 16,
        input_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 23,
      },
    });
  });

  it('finds in it what it asked', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const parameters = { type: 'object', properties: {}, additionalProperties: false };
    const format = { type: 'json_schema' as const, name: 'row', description: 'a row', schema: { type: 'object' } };
    const said = {
      instructions: 'be brief',
      max_output_tokens: 99,
      metadata: { team: 'claims' },
      parallel_tool_calls: false,
      prompt_cache_key: 'key 3',
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
      safety_identifier: 'hash 9',
      temperature: 0.5,
      tool_choice: { type: 'function' as const, name: 'look_up' },
      top_p: 0.25,
      user: 'user 7',
    };
    const response = await client.responses.create({
      ...params,
      ...said,
      tools: [
        { type: 'function', name: 'look_up', description: 'finds', parameters, strict: true },
        { type: 'function', name: 'now', parameters: null, strict: null },
      ],
      text: { format },
    });
    expect(response).toMatchObject({ ...said, store: false, text: { format: { ...format, strict: null } } });
    expect(response.tools).toEqual([
      { type: 'function', name: 'look_up', description: 'finds', parameters, strict: true },
      { type: 'function', name: 'now', parameters: null, strict: null },
    ]);
  });

  it('gets it as a stream of events, in the order the API has', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const seen = await eventsOf(client);
    expect(seen.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(seen.map((event) => event.sequence_number)).toEqual(seen.keys().toArray());
    const [created] = seen;
    if (created?.type !== 'response.created') throw new Error('not created');
    expect(created.response).toMatchObject({ status: 'in_progress', output: [], completed_at: null });
    expect(created.response.usage).toBeUndefined();
    const last = seen.at(-1);
    expect(last?.type === 'response.completed' && last.response.output).toEqual(output);
  });

  it('gathers the same from the stream', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const response = await client.responses.stream(params).finalResponse();
    expect(response).toMatchObject({ id: `resp_${key}`, status: 'completed', usage: { total_tokens: 23 } });
    expect(response.output).toMatchObject(output);
  });

  it('has the token of reasoning only where it asked for it', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { output: items } = await client.responses.create({ model: 'm', input: 'hello' });
    expect(Object.keys(items[0] ?? {})).toEqual(['id', 'type', 'summary']);
    const streamed = JSON.stringify(await eventsOf(client, { include: [] }));
    expect(streamed).toContain('they want the weather');
    expect(streamed).not.toContain('token 1');
  });

  it('may send the output back in the next turn', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { output: items } = await client.responses.create(params);
    await client.responses.create({
      ...params,
      input: [
        { role: 'user', content: 'hello' },
        ...toResponseInputItems(items),
        { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      ],
    });
    const read = served?.seen[1];
    if (read?.request.kind !== 'conversation') throw new Error('not a conversation');
    const { messages } = read.request;
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    const [reasoning, , call] = messages[1]?.content ?? [];
    expect(reasoning).toMatchObject({ kind: 'reasoning', proof: { kind: 'sealed', token: 'token 1' } });
    expect(call?.kind === 'toolUse' && textOf(read, call.arguments)).toBe('{"city":"Köln"}');
  });

  it('learns that it was cut short, whole and streamed', async () => {
    const client = await clientOf({ kind: 'answer', events: cut });
    const response = await client.responses.create(params);
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      output: [{ status: 'completed' }, { status: 'incomplete', content: [{ text: 'upon' }] }],
      usage: { total_tokens: 3 },
    });
    const seen = await eventsOf(client);
    const done = seen.filter((event) => event.type === 'response.output_item.done');
    expect(done.map(({ item }) => 'status' in item && item.status)).toEqual(['completed', 'incomplete']);
    expect(seen.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'incomplete' } });
  });

  it('gets the policy’s words and `content_filter` for a blocked request', async () => {
    const client = await clientOf({ kind: 'blocked', message: 'not here' });
    const response = await client.responses.create(params);
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output_text: 'not here',
      usage: { total_tokens: 0 },
    });
  });

  it('learns of a fault in the middle of a stream, in the response and by an error', async () => {
    const error = new GatewayError('upstreamInterrupted');
    const client = await clientOf({ kind: 'interrupted', events: events.slice(0, 9), error });
    const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
    const failure = await client.responses
      .create({ ...params, stream: true })
      .then(async (stream) => {
        for await (const event of stream) seen.push(event);
      })
      .catch((cause: unknown) => cause);
    const { message } = faults.upstreamInterrupted;
    expect(seen.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message }, output: [{}, { status: 'incomplete' }] },
    });
    expect(failure).toBeInstanceOf(OpenAI.APIError);
    expect(failure).toMatchObject({ code: 'server_error', error: { message } });
  });

  it.each([
    ['upstreamThrottled', 'rate_limit_exceeded'],
    ['upstreamInvalid', 'invalid_prompt'],
    ['upstreamForbidden', 'server_error'],
  ] as const)('is told of %s in the middle of a stream as %s', async (code, told) => {
    const client = await clientOf({ kind: 'interrupted', events: events.slice(0, 1), error: new GatewayError(code) });
    const failure = await eventsOf(client).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: told });
  });

  it('throws for a fault before it what it throws for the API', async () => {
    const client = await clientOf({ kind: 'fault', error: new GatewayError('forbidden') });
    const failure: unknown = await client.responses.create(params).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(failure).toMatchObject({ status: 403, type: 'permission_error', param: null, code: null });
    expect(failure instanceof OpenAI.APIError && failure.headers?.get('x-should-retry')).toBe('false');
  });

  it('learns in a sentence what is not there', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const failure: unknown = await client.responses
      .create({ ...params, previous_response_id: 'resp_1' })
      .catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(String(failure)).toContain('no response is stored here');
    const fetched: unknown = await client.responses.retrieve('resp_1').catch((cause: unknown) => cause);
    expect(fetched).toMatchObject({ status: 404, code: 'unknown_url' });
  });
});

describe('a client of chat completions', () => {
  it('gets several choices, each with a number of its own', async () => {
    const choice = (number: number, text: string): readonly AnswerEvent[] => [
      { kind: 'choice', choice: number },
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text },
      { kind: 'blockStop', index: 0 },
      { kind: 'stop', reason: number === 0 ? 'endTurn' : 'guardrail' },
    ];
    const usage: AnswerEvent = { kind: 'usage', usage: { inputTokens: 2, outputTokens: 4 } };
    const client = await clientOf({ kind: 'answer', events: [...choice(0, 'one'), ...choice(1, 'two'), usage] });
    const asking = { model: 'm', n: 2, messages: [{ role: 'user' as const, content: 'hello' }] };
    const expected = [
      { index: 0, message: { content: 'one' }, finish_reason: 'stop' },
      { index: 1, message: { content: 'two' }, finish_reason: 'content_filter' },
    ];
    const completion = await client.chat.completions.create(asking);
    expect(completion).toMatchObject({ choices: expected, usage: { total_tokens: 6 } });
    const stream = client.chat.completions.stream({ ...asking, stream_options: { include_usage: true } });
    expect(await stream.finalChatCompletion()).toMatchObject({ choices: expected, usage: { total_tokens: 6 } });
  });

  it('finds what the model thought beside what it said, and may send it back', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const asking = { model: 'm', messages: [{ role: 'user' as const, content: 'hello' }] };
    const { choices } = await client.chat.completions.create(asking);
    const message = choices[0]?.message;
    expect(message).toMatchObject({ reasoning_content: 'they want the weather', content: 'Grüße aus \u2028 Köln' });
    if (message === undefined) throw new Error('no message');
    await client.chat.completions.create({
      ...asking,
      messages: [...asking.messages, message, { role: 'tool', tool_call_id: 'call_1', content: 'sunny' }],
    });
    const read = served?.seen[1];
    if (read?.request.kind !== 'conversation') throw new Error('not a conversation');
    expect(read.request.messages[1]?.content.map(({ kind }) => kind)).toEqual(['reasoning', 'text', 'toolUse']);
    let thought = '';
    for await (const chunk of await client.chat.completions.create({ ...asking, stream: true })) {
      const delta: unknown = chunk.choices[0]?.delta;
      if (typeof delta === 'object' && delta !== null && 'reasoning_content' in delta) {
        thought += delta.reasoning_content;
      }
    }
    expect(thought).toBe('they want the weather');
  });
});
