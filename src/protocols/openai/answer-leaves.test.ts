import { describe, expect, it } from 'vitest';
import { type AnswerEvent, type FaultCode, faults, GatewayError, parseModelId, toAnswer } from '../../core/index.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { type ResponseClass, responseClasses } from './leaf-classes.data.ts';
import { classOf, filledBy, type Leaf, leavesOf, namesIn, pathOf } from './leaf-walk.suite.ts';
import { openaiProtocol } from './protocol.ts';
import { faultsOf, hasSchemas } from './schemas.suite.ts';

const usage: AnswerEvent = {
  kind: 'usage',
  usage: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 4, reasoningTokens: 1 },
};
const said = (reason: 'endTurn' | 'maxTokens' | 'guardrail' | 'toolUse'): readonly AnswerEvent[] => [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
  { kind: 'delta', index: 0, text: 'hm' },
  { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'reasoning' } },
  { kind: 'blockStop', index: 1 },
  { kind: 'blockStart', index: 2, block: { kind: 'toolUse', id: 'c', name: 'f' } },
  { kind: 'delta', index: 2, text: '{"a":1}' },
  { kind: 'blockStop', index: 2 },
  { kind: 'blockStart', index: 3, block: { kind: 'text' } },
  { kind: 'delta', index: 3, text: 'well' },
  { kind: 'blockStop', index: 3 },
  { kind: 'stop', reason },
];
const silent: readonly AnswerEvent[] = [{ kind: 'start' }, { kind: 'stop', reason: 'endTurn' }, usage];
const answers = [
  silent,
  ...(['endTurn', 'maxTokens', 'guardrail', 'toolUse'] as const).map((reason) => [...said(reason), usage]),
];
const choices = [{ kind: 'choice' as const, choice: 1 }, ...said('endTurn'), usage];

const chat = {
  model: 'm',
  messages: [{ role: 'user', content: 'x' }],
  stream: true,
  stream_options: { include_usage: true },
};
const plain = { model: 'm', input: 'x', stream: true };
const full = {
  ...plain,
  instructions: 'be brief',
  include: ['reasoning.encrypted_content'],
  reasoning: { effort: 'low', summary: 'auto' },
  tools: [
    { type: 'function', name: 'f', description: 'finds', parameters: { type: 'object' } },
    { type: 'function', name: 'g' },
  ],
  tool_choice: { type: 'function', name: 'f' },
  text: {
    format: { type: 'json_schema', name: 'row', description: 'a row', schema: { type: 'object' }, strict: true },
  },
  metadata: { team: 'claims' },
  user: 'user 7',
  safety_identifier: 'hash 9',
  prompt_cache_key: 'key 3',
};
const noted = { ...plain, text: { format: { type: 'json_schema', name: 'row', description: null, schema: {} } } };
const json = { ...plain, text: { format: { type: 'json_object' } } };

const writerOf = (operation: string, body: object) =>
  openaiProtocol
    .read({ kind: 'invoke', operation }, Buffer.from(JSON.stringify(body)), () => undefined)
    .createReply({ requestId, createdAt, model: parseModelId('m') });
const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

/** The JSON of each server-sent event. */
function eventsOf(...bytes: readonly Uint8Array[]): readonly unknown[] {
  const lines = Buffer.concat(bytes).toString().split('\n');
  const data = lines.filter((line) => line.startsWith('data: {'));
  return data.map((line) => JSON.parse(line.slice('data: '.length)));
}

function streamed(operation: string, body: object, events: readonly AnswerEvent[]): readonly unknown[] {
  const writer = writerOf(operation, body);
  return eventsOf(writer.events(events, 1), writer.end(1));
}

function failed(operation: string, body: object): readonly unknown[] {
  const writer = writerOf(operation, body);
  return eventsOf(writer.events(said('endTurn').slice(0, 12), 1), writer.fault(new GatewayError('upstreamFailed')));
}

/** What each schema is to hold for: an answer of every form there is. */
function written(): Readonly<Record<string, readonly unknown[]>> {
  const vectors: readonly AnswerEvent[] = [{ kind: 'embedding', index: 0, vector: [0.5, 1] }, usage];
  const bodies = [plain, full, noted, json];
  const blocked = { types: [], message: 'no' };
  const codes = Object.keys(faults) as FaultCode[];
  return {
    CreateChatCompletionResponse: [
      ...[...answers, choices, [usage]].map((events) =>
        parse(writerOf('chat.completions', chat).whole(toAnswer(events), 1).body),
      ),
      parse(writerOf('chat.completions', chat).blocked(blocked, 1).body),
    ],
    CreateChatCompletionStreamResponse: [...answers, choices].flatMap((events) =>
      streamed('chat.completions', chat, events),
    ),
    Response: [
      ...bodies.flatMap((body) =>
        answers.map((events) => parse(writerOf('responses', body).whole(toAnswer(events), 1).body)),
      ),
      parse(writerOf('responses', plain).blocked(blocked, 1).body),
    ],
    ResponseStreamEvent: [
      ...bodies.flatMap((body) => answers.flatMap((events) => streamed('responses', body, events))),
      ...failed('responses', full),
    ],
    CreateEmbeddingResponse: [
      parse(writerOf('embeddings', { model: 'm', input: 'x' }).whole(toAnswer(vectors), 1).body),
    ],
    ListModelsResponse: [parse(openaiProtocol.models([parseModelId('a'), parseModelId('b')], createdAt).body)],
    Model: [parse(openaiProtocol.model(parseModelId('a'), createdAt).body)],
    ErrorResponse: [
      ...codes.map((code) => parse(openaiProtocol.fault(new GatewayError(code), requestId).body)),
      ...eventsOf(writerOf('chat.completions', chat).fault(new GatewayError('upstreamFailed'))),
    ],
  };
}

describe.skipIf(!hasSchemas)('every answer, by OpenAI’s own schemas', () => {
  const all = hasSchemas ? Object.entries(written()) : [];

  it.each(all)('is a %s', (name, values) => {
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(faultsOf({ $ref: `#/${name}` }, value)).toEqual([]);
  });

  const isUnwritten = (keys: readonly string[]) => classOf(responseClasses, { keys }, 'unwritten') === 'unwritten';
  const leaves = all.flatMap(([name]) => leavesOf(name, isUnwritten));
  const kindOf = (leaf: Pick<Leaf, 'keys' | 'form'>): ResponseClass | undefined =>
    classOf(responseClasses, leaf, 'unwritten') ??
    (leaf.form.kind === 'string' && leaf.form.values ? 'generated' : undefined);

  it('has a class for every string', () => {
    expect(leaves.length).toBeGreaterThan(100);
    const unclassed = leaves.filter((leaf) => kindOf(leaf) === undefined);
    expect([...new Set(unclassed.map((leaf) => `${pathOf(leaf)} ${leaf.keys.slice(-2).join(' > ')}`))]).toEqual([]);
  });

  it('has none that the table does not need', () => {
    const walked = new Set(leaves.flatMap(namesIn));
    expect(Object.keys(responseClasses).filter((key) => !walked.has(key))).toEqual([]);
  });

  it('holds what the table says is written, and nothing of what it says is not', () => {
    const filled = all.flatMap(([name, values]) =>
      values.flatMap((value) => [...filledBy(value, { $ref: `#/${name}` })]),
    );
    const classes = filled.map((keys) => [keys.at(-1), classOf(responseClasses, { keys }, 'unwritten')] as const);
    expect([...new Set(classes.filter(([, kind]) => kind === 'unwritten').map(([name]) => name))]).toEqual([]);
    const names = new Set(filled.map((keys) => keys.at(-1)));
    const missing = Object.entries(responseClasses).filter(([name, kind]) => kind !== 'unwritten' && !names.has(name));
    expect(missing).toEqual([]);
    // What a model thought has no field of its own in chat completions, and the API tells of `store` nowhere but in fact.
    const beyond = [...names].filter((name) => name?.startsWith('unknown'));
    expect(beyond).toEqual([
      'unknown to the schema: ChatCompletionResponseMessage.reasoning_content',
      'unknown to the schema: ChatCompletionStreamResponseDelta.reasoning_content',
      'unknown to the schema: Response.store',
    ]);
  });
});
