import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { type AnswerEvent, type GuardrailTrace, parseModelId, type ReadRequest, toAnswer } from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { chunkOf, headerOf, read, readFrames } from './wire.suite.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const CLAUDE = 'anthropic.claude-3-haiku-20240307-v1:0';
const TITAN = 'amazon.titan-text-express-v1';

const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
const NAMED = { guardrailIdentifier: 'abc', guardrailVersion: '2' };
const converse = (body: object, operation = 'Converse') => read(operation, NOVA, { messages, ...body });

describe('a guardrail that Converse names', () => {
  it.each([
    [undefined, undefined],
    [{}, undefined],
    [{ trace: 'enabled' }, undefined],
    [NAMED, { identifier: 'abc', version: '2' }],
    [
      { ...NAMED, trace: 'disabled' },
      { identifier: 'abc', version: '2' },
    ],
    [
      { ...NAMED, trace: 'enabled' },
      { identifier: 'abc', version: '2', trace: 'found' },
    ],
    [
      { ...NAMED, trace: 'enabled_full' },
      { identifier: 'abc', version: '2', trace: 'full' },
    ],
    [
      { ...NAMED, streamProcessingMode: 'async' },
      { identifier: 'abc', version: '2' },
    ],
  ])('by %j is %j', (guardrailConfig, guardrail) => {
    const body = guardrailConfig === undefined ? {} : { guardrailConfig };
    for (const operation of ['Converse', 'ConverseStream']) {
      expect(converse(body, operation).guardrail).toEqual(guardrail);
    }
  });

  it.each([
    { guardrailIdentifier: 'abc' },
    { guardrailVersion: '1' },
    { ...NAMED, guardrailIdentifier: 'A b' },
    { ...NAMED, guardrailVersion: 'draft' },
    { ...NAMED, trace: 'ENABLED' },
    { ...NAMED, streamProcessingMode: 'never' },
    { ...NAMED, more: 1 },
  ])('is refused as %j', (guardrailConfig) => {
    expect(codeOf(() => converse({ guardrailConfig }))).toBe('invalidRequest');
  });
});

describe('content that a guardrail is pointed to', () => {
  const marked = { guardContent: { text: { text: 'a', qualifiers: ['grounding_source', 'query'] } } };
  const plain = { guardContent: { text: { text: 'b' } } };

  it('is text of its turn and of the system prompt, with what it is for', () => {
    const { parts, request } = converse({ system: [marked], messages: [{ role: 'user', content: [marked, plain] }] });
    expect(parts).toMatchObject([
      {
        origin: 'system',
        path: '/system/0/guardContent/text/text',
        text: 'a',
        qualifiers: ['grounding_source', 'query'],
      },
      { origin: 'user', path: '/messages/0/content/0/guardContent/text/text', text: 'a' },
      { origin: 'user', path: '/messages/0/content/1/guardContent/text/text', text: 'b' },
    ]);
    expect(parts[2]).not.toHaveProperty('qualifiers');
    expect(request).toMatchObject({
      system: [{ kind: 'text', text: 0 }],
      messages: [
        {
          content: [
            { kind: 'text', text: 1 },
            { kind: 'text', text: 2 },
          ],
        },
      ],
    });
  });

  it.each([
    [{ guardContent: {} }, 'invalidRequest'],
    [{ guardContent: { text: { text: 'a', qualifiers: ['other'] } } }, 'invalidRequest'],
    [{ guardContent: { text: { text: 'a' } }, text: 'b' }, 'invalidRequest'],
    [{ guardContent: { image: { format: 'png', source: { bytes: 'AAAA' } } } }, 'uninspectable'],
  ])('is refused as %j, wherever it stands', (block, code) => {
    expect(codeOf(() => converse({ messages: [{ role: 'user', content: [block] }] }))).toBe(code);
    expect(codeOf(() => converse({ system: [block] }))).toBe(code);
  });
});

const usage = {
  topicPolicyUnits: 1,
  contentPolicyUnits: 1,
  wordPolicyUnits: 1,
  sensitiveInformationPolicyUnits: 1,
  sensitiveInformationPolicyFreeUnits: 1,
  contextualGroundingPolicyUnits: 1,
};
const assessment = {
  topicPolicy: { topics: [{ name: 't', type: 'DENY', action: 'BLOCKED', detected: true }] },
  contentPolicy: {
    filters: [{ type: 'HATE', confidence: 'HIGH', filterStrength: 'LOW', action: 'NONE', detected: false }],
  },
  wordPolicy: {
    customWords: [{ match: 'w', action: 'BLOCKED', detected: true }],
    managedWordLists: [{ match: 'p', type: 'PROFANITY', action: 'NONE', detected: true }],
  },
  sensitiveInformationPolicy: {
    piiEntities: [{ match: '{EMAIL}', type: 'EMAIL', action: 'ANONYMIZED', detected: true }],
    regexes: [{ name: 'r', match: 'm', regex: 'm', action: 'BLOCKED', detected: true }],
  },
  contextualGroundingPolicy: {
    filters: [{ type: 'GROUNDING', threshold: 0.7, score: 0.1, action: 'BLOCKED', detected: true }],
  },
  invocationMetrics: {
    guardrailProcessingLatency: 3,
    usage,
    guardrailCoverage: { textCharacters: { guarded: 5, total: 5 } },
  },
  appliedGuardrailDetails: {
    guardrailId: 'abc',
    guardrailVersion: '2',
    guardrailOrigin: ['REQUEST', 'ACCOUNT_ENFORCED'],
    guardrailOwnership: 'SELF',
  },
} as const;
const trace: GuardrailTrace = {
  modelOutput: ['a "quoted" word'],
  inputAssessment: { abc: assessment },
  outputAssessments: { abc: [assessment] },
  actionReason: 'Guardrail blocked.',
};

const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'hi' },
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'guardrail' },
  { kind: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
];
const unmoved = events.map((event) => (event.kind === 'stop' ? { ...event, reason: 'endTurn' as const } : event));
const blocked = { types: ['EMAIL'], message: 'no' } as const;

const jsonOf = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());
const writerOf = ({ createReply, model }: ReadRequest) =>
  createReply({ requestId, createdAt, model: parseModelId(model) });

describe('the trace of guardrails in an answer of Converse', () => {
  it('stands in a whole answer and in that of a block, and only where it was told', () => {
    const writer = writerOf(converse({ guardrailConfig: NAMED }));
    expect(jsonOf(writer.whole(toAnswer(events), 1).body)).not.toHaveProperty('trace');
    writer.trace?.(trace);
    expect(jsonOf(writer.whole(toAnswer(events), 1).body).trace).toEqual({ guardrail: trace });
    const told = jsonOf(writer.blocked(blocked, 1).body);
    expect(told).toMatchObject({ stopReason: 'guardrail_intervened', trace: { guardrail: trace } });
  });

  it('stands in the last event of a stream, and only there', () => {
    const writer = writerOf(converse({ guardrailConfig: NAMED }, 'ConverseStream'));
    const said = writer.events(events, 1);
    writer.trace?.(trace);
    const frames = readFrames(Buffer.concat([said, writer.end(2)])).map((frame) => ({
      type: headerOf(frame, ':event-type'),
      body: jsonOf(frame.payload),
    }));
    expect(frames.filter(({ body }) => 'trace' in body)).toEqual([
      { type: 'metadata', body: expect.objectContaining({ trace: { guardrail: trace } }) },
    ]);
    expect(frames.at(-1)?.type).toBe('metadata');
  });

  it.skipIf(!hasServiceModel)('is of the service model’s shapes', () => {
    const writer = writerOf(converse({ guardrailConfig: NAMED }));
    writer.trace?.(trace);
    expect(violations('ConverseResponse', jsonOf(writer.whole(toAnswer(events), 1).body))).toEqual([]);
    expect(violations('GuardrailTraceAssessment', { ...trace, actionReason: 5 })).not.toEqual([]);
    const stream = writerOf(converse({ guardrailConfig: NAMED }, 'ConverseStream'));
    const said = stream.events(events, 1);
    stream.trace?.(trace);
    const last = readFrames(Buffer.concat([said, stream.end(2)])).at(-1);
    expect(violations('ConverseStreamMetadataEvent', jsonOf(last?.payload ?? new Uint8Array()))).toEqual([]);
  });
});

const bodies = {
  [CLAUDE]: { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
  [NOVA]: { messages },
  [TITAN]: { inputText: 'hi' },
};
const headers: Readonly<Record<string, string>> = {
  'x-amzn-bedrock-guardrailidentifier': 'abc',
  'x-amzn-bedrock-guardrailversion': '2',
  'x-amzn-bedrock-trace': 'ENABLED_FULL',
};

describe.each(Object.entries(bodies))('the trace of guardrails in an answer of InvokeModel by %s', (model, body) => {
  const invoke = (operation: string) => read(operation, model, body, (name) => headers[name]);

  it('is asked for in the headers', () => {
    const guardrail = { identifier: 'abc', version: '2', trace: 'full' };
    expect(invoke('InvokeModel').guardrail).toEqual(guardrail);
    expect(invoke('InvokeModelWithResponseStream').guardrail).toEqual(guardrail);
  });

  it('stands in the body beside whether a guardrail intervened', () => {
    const writer = writerOf(invoke('InvokeModel'));
    const quiet = jsonOf(writer.whole(toAnswer(unmoved), 1).body);
    expect(quiet).toMatchObject({ 'amazon-bedrock-guardrailAction': 'NONE' });
    expect(quiet).not.toHaveProperty('amazon-bedrock-trace');
    writer.trace?.(trace);
    const told = { 'amazon-bedrock-trace': { guardrail: trace } };
    expect(jsonOf(writer.whole(toAnswer(unmoved), 1).body)).toMatchObject({
      'amazon-bedrock-guardrailAction': 'NONE',
      ...told,
    });
    expect(jsonOf(writer.blocked(blocked, 1).body)).toMatchObject({
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      ...told,
    });
  });

  it('stands in the last chunk of a stream, and only there', () => {
    const writer = writerOf(invoke('InvokeModelWithResponseStream'));
    const said = writer.events(events, 1);
    writer.trace?.(trace);
    const chunks = readFrames(Buffer.concat([said, writer.end(2)])).map((frame) => JSON.parse(chunkOf(frame)));
    expect(chunks.pop()).toMatchObject({
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: trace },
    });
    for (const chunk of chunks) expect(Object.keys(chunk).join()).not.toContain('amazon-bedrock-');
  });
});
