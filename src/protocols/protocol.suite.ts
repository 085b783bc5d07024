import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AnswerBlock,
  type AnswerEvent,
  GatewayError,
  type Part,
  type Protocol,
  parseModelId,
  type ReadRequest,
  type ReplyWriter,
  type Route,
  toAnswer,
} from '../core/index.ts';
import { createdAt, requestId } from './served.suite.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A request body that uses every field the protocol takes, and what in it is not read field by field. */
export interface RequestCase {
  readonly protocol: Protocol;
  readonly operation: string;
  readonly body: Json;
  /** Paths of raw JSON: any field may stand in it. */
  readonly raw: readonly string[];
  /** Paths of maps from the caller's own names. */
  readonly maps: readonly string[];
  /** Paths of tokens that only this gateway can have made: it opens them before anything is inspected. */
  readonly sealed?: readonly string[];
  /** Paths of parts the protocol supplies where the body has nothing. */
  readonly supplied?: readonly string[];
}

const CANARY = 'canary-7f3a';

/** What every protocol promises about reading. */
export function itReadsEverything(subject: RequestCase): void {
  const read = (body: Json) => readBody(subject, body);
  const nodes = [...walk(subject.body, '')];
  const isRaw = (path: string) => subject.raw.some((raw) => path === raw || path.startsWith(`${raw}/`));

  it('reads the whole body', () => {
    expect(read(subject.body).parts.length).toBeGreaterThan(0);
  });

  it('gives each part the text that stands at its path', () => {
    for (const part of read(subject.body).parts) {
      const wire = at(subject.body, part.path);
      if (wire === undefined) expect(subject.supplied).toContain(part.path);
      else if (isNamed(part)) expect(part.path.endsWith(part.text.replaceAll('/', '~1'))).toBe(true);
      else expect(part.text).toBe(typeof wire === 'string' ? wire : JSON.stringify(wire));
    }
  });

  it('refuses a field it does not know at any depth', () => {
    const objects = nodes.filter(([path, node]) => isObject(node) && !isRaw(path) && !subject.maps.includes(path));
    expect(objects.length).toBeGreaterThan(0);
    for (const [path, node] of objects) {
      const code = codeOf(() => read(put(subject.body, path, { ...Object(node), [CANARY]: CANARY })));
      expect(['invalidRequest', 'unsupported'], path).toContain(code);
    }
  });

  it('lets no string through, the name of the model aside, that is neither a part nor bounded', () => {
    const unread = ['/model', ...(subject.sealed ?? [])];
    const strings = nodes.filter(([path, node]) => typeof node === 'string' && !unread.includes(path));
    let parts = 0;
    for (const [path] of strings) {
      const body = put(subject.body, path, CANARY);
      if (codeOf(() => read(body)) !== undefined) continue;
      const holding = read(body).parts.filter(({ text }) => text.includes(CANARY));
      expect([path, holding.length]).toEqual([path, 1]);
      parts += 1;
    }
    expect(parts).toBeGreaterThan(1);
  });

  it('never repeats the body in an error', () => {
    for (const [path] of nodes) {
      for (const wrong of [`${CANARY} `, { [`${CANARY} `]: CANARY }, [CANARY], 5, true, null]) {
        const error = errorOf(() => read(put(subject.body, path, wrong)));
        if (error !== undefined) expect(error).toBeInstanceOf(GatewayError);
        expect(String(error)).not.toContain(CANARY);
      }
    }
  });
}

/** What a client holds in the end. */
export interface Gathered {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly stop: string;
  readonly usage: readonly number[];
}

export interface AnswerCase extends Omit<RequestCase, 'raw' | 'maps' | 'sealed' | 'supplied'> {
  gatherWhole(body: string): Gathered;
  gatherStream(body: string): Gathered;
}

/** What every protocol promises about writing. */
export function itAnswersAlikeWholeAndStreamed(subject: AnswerCase): void {
  it('gives the same content whole and streamed, for any answer in any fragments', () => {
    fc.assert(
      fc.property(answerEvents, ({ events, batches }) => {
        const whole = decode(createWriter(subject).whole(toAnswer(events), 1).body);
        const writer = createWriter(subject);
        const bytes = [...batches.map((batch) => writer.events(batch, 1)), writer.end(1)];
        for (const piece of bytes) expect(decode(piece)).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/);
        expect(subject.gatherStream(bytes.map(decode).join(''))).toEqual(subject.gatherWhole(whole));
      }),
      { numRuns: 150 },
    );
  });
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('😀\u2028"\\\n'), fc.constant(''));
const toolArguments = fc
  .oneof(
    fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.constantFrom('{ "big": 12345678901234567890 }', '{"z":1,"a":2}', '{}'),
  )
  .filter((raw) => !raw.includes('__proto__'));

type PlainBlock = Exclude<AnswerBlock, { kind: 'reasoning' }>;

const block: fc.Arbitrary<PlainBlock> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text }),
  fc.record({
    kind: fc.constant('toolUse' as const),
    id: fc.string({ minLength: 1 }),
    name: fc.string({ minLength: 1 }),
    arguments: toolArguments,
  }),
);

const answerEvents = fc
  .record({
    blocks: fc.array(block, { maxLength: 4 }),
    leftOpen: fc.boolean(),
    stop: fc.constantFrom('endTurn', 'maxTokens', 'stopSequence', 'toolUse', 'contentFilter', 'guardrail'),
    usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat(), cacheReadInputTokens: fc.nat() }),
    cuts: fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
  })
  .map(({ blocks, leftOpen, stop, usage, cuts }) => {
    const next = () => cuts.next().value;
    const events: AnswerEvent[] = [
      { kind: 'start' },
      // Numbered with gaps, as a guard that drops a block leaves them.
      ...blocks.flatMap((each, position) => toEvents(each, { index: position * 2, next })),
    ];
    if (leftOpen && events.length > 1) events.pop();
    events.push({ kind: 'stop', reason: stop } as AnswerEvent, { kind: 'usage', usage });
    const batches: AnswerEvent[][] = [];
    for (let start = 0; start < events.length; ) {
      const size = next();
      batches.push(events.slice(start, start + size));
      start += size;
    }
    return { events, batches };
  });

function toEvents(each: PlainBlock, { index, next }: { index: number; next: () => number }): readonly AnswerEvent[] {
  const whole = each.kind === 'text' ? each.text : each.arguments === '{}' ? '' : each.arguments;
  const deltas: AnswerEvent[] = [];
  for (let start = 0; start < whole.length; ) {
    const size = next();
    deltas.push({ kind: 'delta', index, text: whole.slice(start, start + size) });
    start += size;
  }
  const start = each.kind === 'text' ? { kind: each.kind } : { kind: each.kind, id: each.id, name: each.name };
  return [{ kind: 'blockStart', index, block: start }, ...deltas, { kind: 'blockStop', index }];
}

function createWriter(subject: Pick<RequestCase, 'protocol' | 'operation' | 'body'>): ReplyWriter {
  const read = readBody(subject, subject.body);
  return read.createReply({ requestId, createdAt, model: parseModelId(read.model) });
}

function readBody(subject: Pick<RequestCase, 'protocol' | 'operation'>, body: Json): ReadRequest {
  const route: Extract<Route, { kind: 'invoke' }> = { kind: 'invoke', operation: subject.operation };
  return subject.protocol.read(route, Buffer.from(JSON.stringify(body)), () => undefined);
}

export function errorOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The code of the fault that `act` throws; undefined where it throws none. */
export function codeOf(act: () => unknown): string | undefined {
  const error = errorOf(act);
  if (error === undefined || error instanceof GatewayError) return error?.code;
  throw error;
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Whether the part is the protocol's own name for a value, or a key of the caller's: no pointer names those. */
const isNamed = (part: Part): boolean => part.origin === 'metadata' && part.kind === 'identifier';

const isObject = (node: Json): boolean => typeof node === 'object' && node !== null && !Array.isArray(node);

function* walk(node: Json, path: string): Generator<readonly [path: string, node: Json]> {
  yield [path, node];
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) yield* walk(child, `${path}/${key.replaceAll('/', '~1')}`);
}

function at(body: Json, path: string): Json | undefined {
  return [...walk(body, '')].find(([candidate]) => candidate === path)?.[1];
}

/** A copy of the body with another value at a path. */
function put(body: Json, path: string, value: Json): Json {
  if (path === '') return value;
  const copy = structuredClone(body);
  const cut = path.lastIndexOf('/');
  const parent = [...walk(copy, '')].find(([candidate]) => candidate === path.slice(0, cut))?.[1];
  Object.assign(Object(parent), { [path.slice(cut + 1).replaceAll('~1', '/')]: value });
  return copy;
}
