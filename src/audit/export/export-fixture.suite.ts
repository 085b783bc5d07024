import fc from 'fast-check';
import {
  type AnswerEvent,
  type Finding,
  type FindingType,
  findingTypes,
  type Part,
  type PartIndex,
  parsePrincipalId,
  parseRequestId,
  parseTenantId,
  type RequestRecord,
  type ResponseRecord,
} from '../../core/index.ts';
import type { ExportContext, ExportedBody, ExportedExchange } from './exchange.ts';

export function contextOf(body: ExportedBody, given: Partial<ExportContext> = {}): ExportContext {
  return { environment: 'production', region: 'eu-central-1', origin: 'example.org/log', body, ...given };
}

export function findingOf(part: number, place: readonly [start: number, end: number], type: FindingType): Finding {
  return { part: part as PartIndex, start: place[0], end: place[1], type, detector: type.toLowerCase() };
}

const QUESTION = 'Is jane.doe@example.com a customer?';

/** A question with an e-mail address, which was masked, and a telephone number, which the policy lets through. */
export const request: RequestRecord = {
  kind: 'request',
  requestId: parseRequestId('019ab2c4-7d00-7a5c-9f1e-000000000007'),
  time: 1_764_000_000_000,
  caller: {
    tenant: parseTenantId('acme'),
    principal: parsePrincipalId('claims'),
    credentialId: 'k1',
    credentialKind: 'apiKey',
  },
  protocol: 'bedrock',
  operation: 'Converse',
  action: 'InvokeModel',
  model: 'amazon.nova-lite-v1:0',
  provider: 'bedrock',
  servedModel: 'eu.amazon.nova-lite-v1:0',
  bytesReceived: 311,
  policyVersion: 'p1',
  stages: [
    { stage: 'detect', decision: 'found' },
    { stage: 'guard-input', decision: 'pass' },
    { stage: 'mask', decision: 'rewrite' },
  ],
  findingCounts: { PHONE: 1, EMAIL: 1 },
  findings: [findingOf(0, [15, 30], 'PHONE'), findingOf(1, [3, 23], 'EMAIL')],
  original: [
    { kind: 'text', origin: 'system', path: '/system/0/text', text: 'The hotline is +49 30 23125 42 today.' },
    { kind: 'text', origin: 'user', path: '/messages/0/content/0/text', text: QUESTION },
  ],
  rewritten: [
    { kind: 'text', origin: 'system', path: '/system/0/text', text: 'The hotline is +49 30 23125 42 today.' },
    {
      kind: 'text',
      origin: 'user',
      path: '/messages/0/content/0/text',
      text: 'Is {EMAIL} a customer?',
      edits: [{ start: 3, end: 23, length: 7 }],
    },
  ],
};

export const answered: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'Yes.' },
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'endTurn' },
  { kind: 'usage', usage: { inputTokens: 21, outputTokens: 3 } },
];

export const response: ResponseRecord = {
  kind: 'response',
  requestId: request.requestId,
  time: 1_764_000_000_640,
  parent: '11'.repeat(32),
  status: 'complete',
  stop: 'endTurn',
  usage: { inputTokens: 21, outputTokens: 3 },
  providerRequestId: '915a6a04-3f83-4c70-a277-7fbf7ea546b3',
  findingCounts: {},
  findings: [],
  released: answered,
  bytesSent: 412,
};

export const exchange: ExportedExchange = {
  request,
  releases: [],
  response,
  requestEntry: { index: 40, leafHash: new Uint8Array(32).fill(0x11) },
  responseEntry: { index: 41, leafHash: new Uint8Array(32).fill(0x22) },
};

/** Under way: nothing of an answer is recorded. */
export const unanswered: ExportedExchange = { ...exchange, response: undefined, responseEntry: undefined };

/** Refused by a stage. */
export const denied: ExportedExchange = {
  ...exchange,
  request: { ...request, stages: [{ stage: 'guard-input', decision: 'block' }] },
  response: { ...response, status: 'blocked', stop: 'guardrail' },
};

/** A streamed exchange with every member that a record can have. */
export const everything: ExportedExchange = {
  ...exchange,
  request: {
    ...request,
    files: [{ kind: 'image', format: 'png', sha256: 'ab'.repeat(32), base64: 'aGVsbG8=' }],
  },
  releases: [
    { kind: 'release', requestId: request.requestId, time: 3, parent: '11', sequence: 1, events: answered.slice(2, 4) },
    { kind: 'release', requestId: request.requestId, time: 2, parent: '11', sequence: 0, events: answered.slice(0, 2) },
  ],
  response: {
    ...response,
    code: 'upstreamInterrupted',
    status: 'failed',
    usage: {
      inputTokens: 21,
      outputTokens: 3,
      cacheReadInputTokens: 5,
      cacheWriteInputTokens: 7,
      reasoningTokens: 1,
    },
    dropped: 2,
    findingCounts: { EMAIL: 1 },
    findings: [{ start: 0, end: 4, type: 'EMAIL', detector: 'email' }],
    released: answered.slice(4),
    original: answered,
  },
};

/** Stands in every text that a caller or a model wrote, so that none of it can go anywhere unnoticed. */
export const MARK = 'Zq7';

const written = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => `${MARK}${text}${MARK}`);
const kinds = fc.constantFrom<Part['kind'][]>('text', 'json', 'identifier', 'sealed');
const origins = fc.constantFrom<Part['origin'][]>(
  'system',
  'user',
  'assistant',
  'toolDefinition',
  'toolCall',
  'toolResult',
  'document',
  'parameter',
  'metadata',
);

const part: fc.Arbitrary<Part> = fc
  .record({ kind: kinds, origin: origins, text: written, key: written })
  .map(({ key, ...rest }) => ({ ...rest, path: rest.origin === 'metadata' ? `/metadata/${key}` : '/messages/0' }));

const span = fc
  .tuple(fc.integer({ min: -3, max: 30 }), fc.integer({ min: -3, max: 30 }), fc.constantFrom(...findingTypes))
  .map(([start, end, type]) => ({ start, end, type, detector: 'test' }));

const event: fc.Arbitrary<AnswerEvent> = fc.oneof(
  written.map((text) => ({ kind: 'delta', index: 0, text }) as const),
  fc.constant({ kind: 'blockStart', index: 0, block: { kind: 'text' } } as const),
  written.map((id) => ({ kind: 'blockStart', index: 1, block: { kind: 'toolUse', id, name: id } }) as const),
  written.map((text) => ({ kind: 'delta', index: 1, text }) as const),
  written.map((token) => ({ kind: 'proof', index: 0, proof: { kind: 'sealed', token } }) as const),
  written.map((title) => ({ kind: 'citation', index: 0, citation: { title, quotes: [title] } }) as const),
  fc.constant({ kind: 'embedding', index: 0, vector: [0.25] } as const),
  written.map((stopSequence) => ({ kind: 'stop', reason: 'stopSequence', stopSequence }) as const),
);

/** Exchanges of any content; every text that somebody wrote bears the mark, the findings lie anywhere. */
export const exchanges: fc.Arbitrary<ExportedExchange> = fc
  .record({
    original: fc.array(part, { maxLength: 5 }),
    findings: fc.array(fc.tuple(fc.nat({ max: 6 }), span), { maxLength: 5 }),
    said: fc.array(event, { maxLength: 8 }),
    released: fc.array(event, { maxLength: 8 }),
    base64: written,
  })
  .map(({ original, findings, said, released, base64 }) => ({
    ...everything,
    request: {
      ...request,
      original,
      rewritten: original,
      findings: findings.map(([index, found]) => ({ ...found, part: index as PartIndex })),
      files: [{ kind: 'document', format: 'pdf', sha256: MARK, base64 }],
    },
    releases: [{ kind: 'release', requestId: request.requestId, time: 2, sequence: 0, events: released }],
    response: { ...response, original: said, released },
  }));
