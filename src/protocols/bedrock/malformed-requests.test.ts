import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { errorOf } from '../protocol.suite.ts';
import { requestId } from '../served.suite.ts';
import { parseShape, readBody } from '../shape.ts';
import { blob } from './blob.ts';
import { writeFault } from './errors.ts';
import { checkAccept, checkContentType } from './invoke-headers.ts';
import { characters, union } from './shapes.ts';

const file = join(import.meta.dirname, '../../../../shared/vectors/rest-json/malformed-requests.expanded.json');
const hasVectors = existsSync(file);

const vector = z.object({
  operation: z.string(),
  id: z.string(),
  request: z.object({ body: z.string().optional(), headers: z.record(z.string(), z.string()).optional() }),
  response: z.object({ code: z.number(), headers: z.record(z.string(), z.string()) }),
});
type Vector = z.output<typeof vector>;

const vectors: readonly Vector[] = hasVectors ? z.array(vector).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];

/** The shapes of the vectors' operations, made as those of the Runtime's operations are made. */
const length = (min: number, max: number) => {
  const text = characters(min, max);
  const list = z.array(text).min(min).max(max);
  const counts = (size: number) => size >= min && size <= max;
  return { text, list, map: z.record(text, list).refine((map) => counts(Object.keys(map).length)) };
};
const optional = <Members extends z.ZodRawShape>(members: Members) => z.strictObject(members).partial();
const lengthShape = (min: number, max: number) => {
  const { text, list, map } = length(min, max);
  return optional({
    blob: blob(min, max),
    string: text,
    minString: characters(min),
    maxString: characters(0, max),
    list,
    map,
  });
};
const patternShape = (pattern: RegExp) => {
  const text = z.string().regex(pattern);
  return optional({
    string: text,
    // No nested repetition: the vectors' own would take exponential time.
    evilString: z.string().regex(/^[0-9]+$/),
    list: z.array(text),
    map: z.record(text, text),
    union: union({ first: text.optional(), second: text.optional() }),
  });
};
const rangeShape = (min: number, max: number) => {
  // The vectors bound floats by 2.2 and 8.8 where they bound integers by 2 and 8.
  const fractions = { min: min * 1.1, max: max * 1.1 };
  const kinds = { byte: z.int32(), short: z.int32(), integer: z.int32(), long: z.int(), float: z.number() };
  const members = Object.entries(kinds).flatMap(([name, kind]) => {
    const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const bounds = name === 'float' ? fractions : { min, max };
    return [
      [name, kind.min(bounds.min).max(bounds.max)],
      [`min${capital}`, kind.min(bounds.min)],
      [`max${capital}`, kind.max(bounds.max)],
    ];
  });
  return optional(Object.fromEntries(members));
};
const abc = z.enum(['abc', 'def']);

const shapes: Readonly<Record<string, z.ZodType>> = {
  MalformedBlob: optional({ blob: blob(0) }),
  MalformedBoolean: optional({ booleanInBody: z.boolean() }),
  MalformedDouble: optional({ doubleInBody: z.number() }),
  MalformedFloat: optional({ floatInBody: z.number() }),
  MalformedInteger: optional({ integerInBody: z.int32() }),
  MalformedLong: optional({ longInBody: z.int() }),
  MalformedList: optional({ bodyList: z.array(z.string()) }),
  MalformedMap: optional({ bodyMap: z.record(z.string(), z.string()) }),
  MalformedRequestBody: optional({ int: z.int32(), float: z.number() }),
  MalformedUnion: optional({ union: union({ int: z.int32().optional(), string: z.string().optional() }) }),
  MalformedEnum: optional({
    string: abc,
    stringWithEnumTrait: abc,
    list: z.array(abc),
    map: z.partialRecord(abc, abc),
    union: union({ first: abc.optional(), second: abc.optional() }),
  }),
  MalformedLength: lengthShape(2, 8),
  MalformedLengthOverride: lengthShape(4, 6),
  MalformedPattern: patternShape(/^[a-m]+$/),
  MalformedPatternOverride: patternShape(/^[g-m]+$/),
  SensitiveValidation: patternShape(/^[a-m]+$/),
  MalformedRange: rangeShape(2, 8),
  MalformedRangeOverride: rangeShape(4, 6),
  MalformedRequired: z.strictObject({ string: z.string() }),
};

/** Cases of which the Runtime's operations have nothing, and why; by how their ids begin. */
const absent: readonly (readonly [ids: RegExp, why: string])[] = [
  [/^RestJson(Path|Query|Header)[A-Z]/, 'paths, queries and headers of the Runtime hold no numbers, booleans or times'],
  [/^RestJsonBodyTimestamp/, 'no operation served takes a time'],
  [/^RestJsonBody(Byte|Short)/, 'no operation served takes a number of 8 or 16 bits'],
  [/^RestJsonMalformedUniqueItems/, 'no list of the Runtime wants its items unique'],
  [/^RestJsonMalformedRecursiveStructures/, 'no shape of the Runtime holds itself'],
  [/^RestJsonMalformedRequiredHeaderUnset/, 'no operation served requires a header'],
  [/^RestJsonMalformedLengthQueryString/, 'no operation served takes a query'],
  [/^RestJson(StringPayload|WithPayload|WithoutBody)/, 'no payload is anything but JSON or a blob'],
  [
    /^RestJsonWithBodyExpectsApplicationJsonContentTypeNoHeaders/,
    'a body that does not say what it is is read as JSON: nothing else could be read from it',
  ],
];

const isAbsent = ({ id }: Vector) => absent.some(([ids]) => ids.test(id));

/** Goes the way of a request: what it declares, its JSON, its shape. */
function read({ operation, request }: Vector): void {
  const headers = new Map(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  checkContentType((name) => headers.get(name));
  checkAccept((name) => headers.get(name), 'accept');
  const shape = shapes[operation];
  if (shape !== undefined) parseShape(shape, readBody(Buffer.from(request.body ?? '')).value);
}

/**
 * How the gateway answers what the vectors have another name for. The service model knows neither name, and the SDKs
 * have a class for the one given instead; a 406 would say that another `accept` could be met.
 */
const answered: Readonly<Record<string, readonly [type: string, status: number]>> = {
  SerializationException: ['ValidationException', 400],
  NotAcceptableException: ['ValidationException', 400],
};

describe.skipIf(!hasVectors)('published malformed requests of restJson1', () => {
  const present = vectors.filter((each) => !isAbsent(each));

  it('has all of them, each tried or absent for a reason', () => {
    expect(vectors).toHaveLength(655);
    expect(present).toHaveLength(224);
    const unused = absent.filter(([ids]) => !vectors.some(({ id }) => ids.test(id)));
    expect(unused).toEqual([]);
    const unshaped = present.filter(({ operation, request }) => request.body !== undefined && !(operation in shapes));
    expect(unshaped.map(({ id }) => id)).toEqual(['RestJsonWithBodyExpectsApplicationJsonContentType']);
  });

  it.each(present)('refuses $id', (each) => {
    const error = errorOf(() => read(each));
    if (!(error instanceof GatewayError)) throw new Error('not refused', { cause: error });
    const { status, headers } = writeFault(error, requestId);
    const { code, headers: expected } = each.response;
    const type = expected['x-amzn-errortype'] ?? '';
    expect([headers['x-amzn-errortype'], status]).toEqual(answered[type] ?? [type, code]);
  });

  it('repeats nothing of a sensitive value', () => {
    const sensitive = vectors.filter(({ operation }) => operation === 'SensitiveValidation');
    expect(sensitive).toHaveLength(1);
    for (const each of sensitive) expect(String(errorOf(() => read(each)))).not.toContain('ABC');
  });

  it('takes what is right: the shapes refuse no more than they must', () => {
    const right: Readonly<Record<string, object>> = {
      MalformedBlob: { blob: 'YWJj' },
      MalformedBoolean: { booleanInBody: true },
      MalformedInteger: { integerInBody: -(2 ** 31) },
      MalformedList: { bodyList: [] },
      MalformedUnion: { union: { int: 2 } },
      MalformedEnum: { string: 'abc', map: { abc: 'def' } },
      MalformedLength: { blob: 'YWI=', string: '👍👍', maxString: '', list: ['ab', 'abcdefgh'] },
      MalformedPattern: { string: 'abc', evilString: '00', union: { first: 'm' } },
      MalformedRange: { byte: 2, minLong: 2 ** 40, maxFloat: 8 },
    };
    for (const [operation, value] of Object.entries(right)) {
      const shape = shapes[operation];
      if (shape === undefined) throw new Error('no shape');
      expect(() => parseShape(shape, value)).not.toThrow();
    }
  });
});
