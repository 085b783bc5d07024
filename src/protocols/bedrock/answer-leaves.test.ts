import { describe, expect, it } from 'vitest';
import { hasServiceModel, shapeOf, violations } from '../../../test/vectors/service-model.suite.ts';
import { type AnswerEvent, faults, GatewayError, parseModelId, toAnswer } from '../../core/index.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { type ResponseClass, responseClasses } from './leaf-classes.data.ts';
import { classOf, keyOf, leavesOf, type Place, pathOf, type Step } from './leaf-walk.suite.ts';
import { headerOf, read, readFrames } from './wire.suite.ts';

const SAID = 'said-by-the-model';
const TOKEN = 'sealed-by-the-gateway';
const MODEL = 'amazon.titan-text-express-v1';

const location = (kind: 'characters' | 'pages' | 'chunks') => ({ kind, document: 0, start: 1, end: 2 }) as const;
const cited = (kind: 'characters' | 'pages' | 'chunks'): AnswerEvent => ({
  kind: 'citation',
  index: 4,
  citation: { title: SAID, source: SAID, quotes: [SAID], location: location(kind) },
});

/** An answer with everything in it that one can have. */
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
  { kind: 'delta', index: 0, text: SAID },
  { kind: 'proof', index: 0, proof: { kind: 'sealed', token: TOKEN } },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 3, block: { kind: 'reasoning' } },
  { kind: 'proof', index: 3, proof: { kind: 'sealed', token: TOKEN } },
  { kind: 'blockStop', index: 3 },
  { kind: 'blockStart', index: 1, block: { kind: 'text' } },
  { kind: 'delta', index: 1, text: SAID },
  { kind: 'blockStop', index: 1 },
  { kind: 'blockStart', index: 2, block: { kind: 'toolUse', id: SAID, name: SAID } },
  { kind: 'delta', index: 2, text: JSON.stringify({ said: SAID }) },
  { kind: 'blockStop', index: 2 },
  { kind: 'blockStart', index: 4, block: { kind: 'text' } },
  { kind: 'delta', index: 4, text: SAID },
  cited('characters'),
  cited('pages'),
  cited('chunks'),
  { kind: 'blockStop', index: 4 },
  { kind: 'stop', reason: 'contextWindow', stopSequence: SAID },
  {
    kind: 'usage',
    usage: { inputTokens: 1, outputTokens: 9, cacheReadInputTokens: 2, cacheWriteInputTokens: 3, reasoningTokens: 4 },
  },
];
const textAlone = events.filter((event) => !('index' in event) || event.index === 1);

/** A string that stands in an answer: what it is called in the table, and itself. */
interface Found {
  readonly place: Place;
  readonly value: unknown;
}

function* stringsOf(shape: string, value: unknown, steps: readonly Step[] = []): Generator<Found> {
  const { type, document, members = {}, member } = shapeOf(shape);
  if (document === true || type === 'string' || type === 'blob') yield { place: { steps, shape }, value };
  else if (type === 'list' && Array.isArray(value)) {
    for (const item of value) {
      const step: Step = { of: shape, kind: 'item', name: '[]', to: member?.shape ?? '' };
      yield* stringsOf(step.to, item, [...steps, step]);
    }
  } else if (type === 'structure') {
    for (const [name, inner] of Object.entries(Object(value))) {
      const step: Step = { of: shape, kind: 'member', name, to: members[name]?.shape ?? '' };
      yield* stringsOf(step.to, inner, [...steps, step]);
    }
  }
}

const jsonOf = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

function createReply(operation: string) {
  const body = operation.startsWith('Converse')
    ? {
        messages: [{ role: 'user', content: [{ text: 'hello' }] }],
        additionalModelResponseFieldPaths: ['/delta/stop_sequence'],
      }
    : { inputText: 'hello' };
  return read(operation, MODEL, body).createReply({ requestId, createdAt, model: parseModelId(MODEL) });
}

/** Every string of a whole answer, of a stream, and of each exception a stream may end with. */
function answers(): readonly Found[] {
  const whole = createReply('Converse').whole(toAnswer(events), 1);
  expect(violations('ConverseResponse', jsonOf(whole.body))).toEqual([]);
  const invoked = createReply('InvokeModel').whole(toAnswer(textAlone), 1);
  return [
    ...stringsOf('ConverseResponse', jsonOf(whole.body)),
    ...stringsOf('InvokeModelResponse', {
      body: Buffer.from(invoked.body).toString(),
      contentType: invoked.headers['content-type'],
    }),
    ...streamed('ConverseStream', 'ConverseStreamOutput', events),
    ...streamed('InvokeModelWithResponseStream', 'ResponseStream', textAlone),
    ...stringsOf('InvokeModelWithResponseStreamResponse', {
      contentType: createReply('InvokeModelWithResponseStream').streamHeaders['x-amzn-bedrock-content-type'],
    }),
  ];
}

function streamed(operation: string, shape: string, stream: readonly AnswerEvent[]): readonly Found[] {
  const writer = createReply(operation);
  const codes = Object.keys(faults) as (keyof typeof faults)[];
  const failures = codes.map((code) => createReply(operation).fault(new GatewayError(code)));
  return readFrames(Buffer.concat([writer.events(stream, 1), writer.end(2), ...failures])).flatMap((frame) => {
    const type = headerOf(frame, ':event-type') ?? headerOf(frame, ':exception-type') ?? '';
    const event = { [type]: jsonOf(frame.payload) };
    expect(violations(shape, event)).toEqual([]);
    return [...stringsOf(shape, event)];
  });
}

const decoded = ({ place, value }: Found) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return shapeOf(place.shape).type === 'blob' && !text.startsWith('{') ? Buffer.from(text, 'base64').toString() : text;
};

describe.skipIf(!hasServiceModel)('every string, blob and document of an answer', () => {
  const roots = [
    'ConverseResponse',
    'ConverseStreamOutput',
    'InvokeModelResponse',
    'ResponseStream',
    'CountTokensResponse',
  ];
  const leaves = hasServiceModel ? roots.flatMap((root) => leavesOf(root)) : [];
  const headers = hasServiceModel ? leavesOf('InvokeModelWithResponseStreamResponse') : [];

  it('has a class', () => {
    expect(leaves.length).toBeGreaterThan(200);
    const unclassed = [...leaves, ...headers].filter((place) => classOf(responseClasses, place) === undefined);
    expect(unclassed.map(pathOf)).toEqual([]);
  });

  it('is all that the table has classes for', () => {
    const walked = new Set([...leaves, ...headers].flatMap(({ steps }) => steps.map(keyOf)));
    expect(Object.keys(responseClasses).filter((key) => !walked.has(key))).toEqual([]);
  });

  it('is written if it is the answer’s or the gateway’s, and only then', () => {
    const all = answers();
    const written = new Set(all.map(({ place }) => classKey(place)));
    const expected = Object.entries(responseClasses).filter(([, found]) => found !== 'unwritten');
    expect([...written].sort()).toEqual(expected.map(([key]) => key).sort());
  });

  it('holds what the model said where it is the answer’s, and nothing of it elsewhere', () => {
    const byClass: Record<ResponseClass, string[]> = { answer: [], generated: [], unwritten: [] };
    for (const found of answers()) byClass[classOf(responseClasses, found.place) ?? 'unwritten'].push(decoded(found));
    expect(byClass.answer.filter((text) => text.includes(SAID)).length).toBeGreaterThan(15);
    expect(byClass.answer.filter((text) => text.includes(TOKEN))).toEqual([]);
    expect(byClass.generated.filter((text) => text.includes(SAID))).toEqual([]);
    expect(byClass.generated.filter((text) => text === TOKEN)).toHaveLength(4);
    expect(byClass.unwritten).toEqual([]);
  });
});

/** The key under which the table has a place. */
function classKey({ steps }: Place): string {
  return steps.map(keyOf).findLast((key) => Object.hasOwn(responseClasses, key)) ?? 'none';
}
