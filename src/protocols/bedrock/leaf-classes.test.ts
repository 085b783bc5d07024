import { describe, expect, it } from 'vitest';
import { hasServiceModel, shapeOf } from '../../../test/vectors/service-model.suite.ts';
import type { GatewayError, HeaderLookup, ReadRequest } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { requestClasses } from './leaf-classes.data.ts';
import {
  bodyWith,
  classOf,
  keyOf,
  leavesOf,
  type Place,
  pathOf,
  placesOf,
  type Samples,
  sampleOf,
} from './leaf-walk.suite.ts';
import { read } from './wire.suite.ts';

const CANARY = 'canary-7f3a';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Operations with their input, and a model whose InvokeModel body is one prompt. */
const operations = {
  Converse: 'ConverseRequest',
  ConverseStream: 'ConverseStreamRequest',
  CountTokens: 'CountTokensRequest',
  InvokeModel: 'InvokeModelRequest',
  InvokeModelWithResponseStream: 'InvokeModelWithResponseStreamRequest',
} as const;
type Operation = keyof typeof operations;
const names = Object.keys(operations).filter((name): name is Operation => Object.hasOwn(operations, name));
const MODEL = 'amazon.titan-text-express-v1';

const hello = [{ role: 'user', content: [{ text: 'hello' }] }];
const toolSpec = { name: 'before', inputSchema: { json: {} } };

/** What the reader wants besides the model: a turn, the format of a file, a tool before a cache point. */
const samples: Samples = {
  values: {
    CitationLocation: { documentChar: { documentIndex: 0, start: 0, end: 1 } },
    ConverseRequestAdditionalModelResponseFieldPathsListMemberString: '/stop_sequence',
    ConverseStreamRequestAdditionalModelResponseFieldPathsListMemberString: '/stop_sequence',
    DocumentSource: { text: 'x' },
    OutputConfigEffortString: 'max',
    S3Uri: 's3://bucket/key',
    AccountId: '123456789012',
    Body: base64('{"inputText":"x"}'),
    GuardrailVersion: 'DRAFT',
    MimeType: 'application/json',
    RequestMetadataJson: '{"a":"b"}',
  },
  extras: {
    ConverseRequest: { messages: hello },
    ConverseStreamRequest: { messages: hello },
    ConverseTokensRequest: { messages: hello },
    CitationsContentBlock: { content: [{ text: 'x' }] },
    DocumentBlock: { format: 'txt' },
    DocumentCharLocation: { documentIndex: 0, start: 0, end: 1 },
    DocumentChunkLocation: { documentIndex: 0, start: 0, end: 1 },
    DocumentPageLocation: { documentIndex: 0, start: 1, end: 2 },
    JsonSchemaDefinition: { schema: '{}' },
  },
  before: { ToolConfigurationToolsList: [{ toolSpec }] },
};

/** Texts that only a text's place takes. */
const planted: Readonly<Record<string, unknown>> = {
  'JsonSchemaDefinition.schema': JSON.stringify({ title: CANARY }),
  'InvokeModelRequest.body': JSON.stringify({ inputText: CANARY }),
  'InvokeModelWithResponseStreamRequest.body': JSON.stringify({ inputText: CANARY }),
  'InvokeModelTokensRequest.body': base64(JSON.stringify({ inputText: CANARY })),
};

const lastOf = ({ steps }: Place) => steps.at(-1) ?? { of: '', kind: 'item' as const, name: '', to: '' };

function plantedAt(place: Place): unknown {
  const own = planted[keyOf(lastOf(place))];
  if (own !== undefined) return own;
  const { type, document } = shapeOf(place.shape);
  if (document === true) return { title: CANARY };
  return type === 'blob' ? base64(CANARY) : CANARY;
}

/** Reads the smallest request with a value at a place, be it in the body, a header or the path. */
function readWith(operation: Operation, place: Place, value: unknown): ReadRequest {
  const { location, header = '', name } = lastOf(place);
  if (location === 'uri') return read(operation, String(value), bodyOf(operation));
  if (location === 'header') {
    const headers: HeaderLookup = (asked) => (asked === header.toLowerCase() ? String(value) : undefined);
    return read(operation, MODEL, bodyOf(operation), headers);
  }
  // The payload of InvokeModel stands for the whole body, and as it is.
  if (place.steps.length === 1 && name === 'body') return read(operation, MODEL, value);
  return read(operation, MODEL, withRole(place, bodyWith(place, value, samples)));
}

function bodyOf(operation: Operation): unknown {
  if (operation.startsWith('Invoke')) return { inputText: 'x' };
  return operation === 'CountTokens' ? { input: { converse: { messages: hello } } } : { messages: hello };
}

/** The body with the role that may hold what stands at the place. */
function withRole(place: Place, body: unknown): unknown {
  if (keyOf(lastOf(place)) === 'Message.role') return body;
  const isAssistant = /(toolUse|reasoningContent|citationsContent)(\.|$)/.test(pathOf(place));
  const role = isAssistant ? 'assistant' : 'user';
  return JSON.parse(JSON.stringify(body), (key, value) => (key === 'role' ? role : value));
}

/** Everything under a value that `found` picks. */
function search(value: unknown, found: (value: unknown) => boolean): readonly unknown[] {
  if (found(value)) return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.values(value).flatMap((inner) => search(inner, found));
}

const holdingCanary = ({ parts }: ReadRequest) => parts.filter(({ text }) => text.includes(CANARY));

function isKind(kind: string) {
  return (value: unknown) => typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** A value that the reader takes at a place. */
function validAt(place: Place): unknown {
  const key = keyOf(lastOf(place));
  if (key === 'Message.role') return 'user';
  return key === 'JsonSchemaDefinition.schema' ? planted[key] : sampleOf(place.shape, samples);
}

/** What must hold of a leaf of each class. */
const trials = {
  text(operation: Operation, place: Place) {
    const parts = holdingCanary(readWith(operation, place, plantedAt(place)));
    expect(parts.map(({ kind }) => kind)).toEqual([expect.stringMatching(/^(text|json)$/)]);
  },
  identifier(operation: Operation, place: Place) {
    expect(holdingCanary(readWith(operation, place, CANARY)).map(({ kind }) => kind)).toEqual(['identifier']);
    expect(codeOf(() => readWith(operation, place, `${CANARY}{}`))).toBe('invalidRequest');
  },
  bounded(operation: Operation, place: Place) {
    const own = shapeOf(place.shape).document === true ? { top_k: 5 } : validAt(place);
    const valid = lastOf(place).location === 'uri' ? MODEL : own;
    expect(codeOf(() => readWith(operation, place, valid))).toBeUndefined();
    const wrong = shapeOf(place.shape).document === true ? { title: CANARY } : `${CANARY} `;
    const refusals = /^(invalidRequest|unsupported|unsupportedMediaType)$/;
    expect(codeOf(() => readWith(operation, place, wrong))).toMatch(refusals);
  },
  media(operation: Operation, place: Place) {
    const readRequest = readWith(operation, place, plantedAt(place));
    const isCanary = (value: unknown) => value instanceof Uint8Array && Buffer.from(value).toString() === CANARY;
    const [media, ...more] = search(readRequest.request, isKind('media'));
    expect(more).toEqual([]);
    expect(search(media, isCanary)).toHaveLength(1);
    expect(codeOf(() => readWith(operation, place, `${base64(CANARY)}=`))).toBe('invalidRequest');
    expect(codeOf(() => readWith(operation, place, ''))).toBe('invalidRequest');
  },
  reference(operation: Operation, place: Place) {
    const valid = String(validAt(place));
    const { request, parts } = readWith(operation, place, valid);
    expect(search(request, isKind('reference'))).toHaveLength(1);
    expect(parts.filter(({ kind, text }) => kind === 'identifier' && text === valid)).toHaveLength(1);
    expect(codeOf(() => readWith(operation, place, CANARY))).toBe('invalidRequest');
  },
  sealed(operation: Operation, place: Place) {
    const readRequest = readWith(operation, place, plantedAt(place));
    expect(holdingCanary(readRequest)).toEqual([]);
    expect(search(readRequest.request, isKind('sealed'))).toEqual([{ kind: 'sealed', token: CANARY }]);
  },
  guardrail(operation: Operation, place: Place) {
    // Half of a name names nothing.
    expect(codeOf(() => readWith(operation, place, validAt(place)))).toBe('invalidRequest');
    const error = errorOf(() => readWith(operation, place, `${CANARY} `));
    expect((error as GatewayError).code).toBe('invalidRequest');
    expect((error as GatewayError).message).not.toContain(CANARY);
  },
  refused(operation: Operation, place: Place) {
    for (const value of [plantedAt(place), validAt(place)]) {
      expect(codeOf(() => readWith(operation, place, value))).toMatch(/^(unsupported|uninspectable)$/);
      const error = errorOf(() => readWith(operation, place, value));
      expect((error as GatewayError).message).not.toContain(CANARY);
    }
  },
} as const;

describe.skipIf(!hasServiceModel)('every string, blob and document of a request', () => {
  const leaves = hasServiceModel
    ? names.flatMap((operation) => leavesOf(operations[operation]).map((place) => ({ operation, place })))
    : [];

  it('has a class', () => {
    expect(leaves.length).toBeGreaterThan(250);
    const unclassed = leaves.filter(({ place }) => classOf(requestClasses, place) === undefined);
    expect(unclassed.map(({ operation, place }) => `${operation}: ${pathOf(place)}`)).toEqual([]);
  });

  it('is all that the table has classes for', () => {
    const places = names.flatMap((operation) => placesOf(operations[operation]));
    const walked = new Set(places.flatMap(({ steps }) => steps.map(keyOf)));
    expect(Object.keys(requestClasses).filter((key) => !walked.has(key))).toEqual([]);
  });

  it.each(leaves.map((leaf) => ({ ...leaf, path: pathOf(leaf.place), kind: classOf(requestClasses, leaf.place) })))(
    'is treated as its class says: $operation $path is $kind',
    ({ operation, place, kind }) => {
      if (kind === undefined) throw new Error('no class');
      trials[kind](operation, place);
    },
  );
});

/** Classes whose members are not right by themselves. */
const isTriedAlone = (kind: string | undefined) => kind === 'refused' || kind === 'guardrail';

describe.skipIf(!hasServiceModel)('every bound of the service model', () => {
  const places = hasServiceModel
    ? names.flatMap((operation) =>
        placesOf(operations[operation])
          .filter((place) => place.steps.length > 0 && place.steps.every(({ location }) => location === undefined))
          .filter((place) => !isTriedAlone(classOf(requestClasses, place)) && place.steps[0]?.name !== 'body')
          .map((place) => ({ operation, place })),
      )
    : [];
  const refusals = /^(invalidRequest|unsupported)$/;

  it('is tried on requests that are otherwise right', () => {
    for (const { operation, place } of places) {
      expect([pathOf(place), codeOf(() => readWith(operation, place, validAt(place)))]).toEqual([
        pathOf(place),
        undefined,
      ]);
    }
  });

  it('holds: a member that is required is missed', () => {
    let tried = 0;
    for (const { operation, place } of places) {
      for (const member of shapeOf(place.shape).required ?? []) {
        const body = Object.entries(Object(validAt(place))).filter(([name]) => name !== member);
        const value = Object.fromEntries(body);
        expect([pathOf(place), member, codeOf(() => readWith(operation, place, value))]).toEqual([
          pathOf(place),
          member,
          expect.stringMatching(refusals),
        ]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(100);
  });

  it('holds: nothing goes beyond an enum, a range, a length or a type', () => {
    let tried = 0;
    for (const { operation, place } of places) {
      for (const wrong of wrongValues(place)) {
        expect([pathOf(place), wrong, codeOf(() => readWith(operation, place, wrong))]).toEqual([
          pathOf(place),
          wrong,
          expect.stringMatching(refusals),
        ]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(500);
  });
});

/** Values that a shape does not take: of other types, beyond its bounds. */
function wrongValues({ shape, steps }: Place): readonly unknown[] {
  const { type, document, min, max = Number.POSITIVE_INFINITY, enum: values, union } = shapeOf(shape);
  // A tool result's JSON is any value, and a key of a map is never but a string.
  if (document === true)
    return steps.at(-1)?.name === 'json' && steps.at(-1)?.of === 'ToolResultContentBlock' ? [] : [1, 'x'];
  if (steps.at(-1)?.kind === 'key') return ['', 'k'.repeat(max + 1)];
  switch (type) {
    case 'string':
      return [
        1,
        true,
        null,
        {},
        ...(values === undefined ? [] : [CANARY]),
        ...(min === undefined || min === 0 ? [] : ['']),
        ...(Number.isFinite(max) ? ['k'.repeat(max + 1)] : []),
      ];
    case 'blob':
      return [1, null, 'a', 'aGk', 'aGk=\n', 'aGl=', '-_8=', ...(min === undefined ? [] : [''])];
    case 'boolean':
      return ['true', 0, null];
    case 'integer':
      return ['1', 1.5, 2 ** 31, -(2 ** 31) - 1, ...(min === undefined ? [] : [min - 1])];
    case 'float':
      return ['1', true, ...(min === undefined ? [] : [min - 0.01]), ...(Number.isFinite(max) ? [max + 0.01] : [])];
    case 'list':
      return [{}, 'x', [null], ...(min === undefined || min === 0 ? [] : [[]]), ...tooMany(max)];
    case 'map':
      return [[], 'x', { key: 1 }, { key: null }, ...(min === undefined ? [] : [{}])];
    default:
      return [[], 'x', 1, { [CANARY]: 1 }, ...(union === true ? [{}] : [])];
  }
}

const tooMany = (max: number) => (Number.isFinite(max) ? [Array.from({ length: max + 1 }, () => 'x')] : []);
