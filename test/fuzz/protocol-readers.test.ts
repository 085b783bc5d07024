import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, type ReadRequest, type Route } from '../../src/core/index.ts';
import { type Corpus, corpora, type Json } from './bodies.data.ts';
import { byteChanges, changeBytes, FUZZ_TIMEOUT_MS, fuzz } from './fuzzing.ts';

const CANARY = /canary-[0-9a-f]+/g;

/** A canary passes for an identifier, for a word of a text and for a name, and for no base64. */
const canary = fc.integer({ min: 4_096, max: 65_535 }).map((number) => `canary-${number.toString(16)}`);
const key = fc.oneof(
  canary,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '', 'type', 'text', 'cache_control'),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: canary },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e300, '', ' ', '\u0000', '\u200b', [], {}, [[]]),
  },
  { weight: 1, arbitrary: canary.map((text): Json => [{ type: 'text', text }]) },
  { weight: 1, arbitrary: canary.map((text): Json => ({ text })) },
);

/** Everything that stands in any body, to be put where it does not belong. */
const grafts = corpora.flatMap(({ bodies }) => bodies.flatMap((body) => nodesOf(body).map(({ node }) => node)));

const change = fc.record({
  kind: fc.constantFrom('replace', 'drop', 'add', 'repeat', 'graft', 'wrap'),
  at: fc.nat(10_000),
  from: fc.nat(grafts.length - 1),
  key,
  value,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

interface Node {
  readonly path: readonly (string | number)[];
  readonly node: Json;
}

function nodesOf(node: Json, path: Node['path'] = []): readonly Node[] {
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(node)
    ? node.map((one, at) => [at, one] as const)
    : isObject(node)
      ? Object.entries(node)
      : [];
  return [{ path, node }, ...entries.flatMap(([name, one]) => nodesOf(one, [...path, name]))];
}

function isObject(node: Json): node is { readonly [key: string]: Json } {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** The body with one place changed; `undefined` takes it out. */
function put(node: Json, path: Node['path'], replace: (old: Json) => Json | undefined): Json {
  const [name, ...rest] = path;
  if (name === undefined) return replace(node) ?? null;
  if (Array.isArray(node)) {
    return node.flatMap((one, at) => {
      if (at !== name) return [one];
      const renewed = rest.length === 0 ? replace(one) : put(one, rest, replace);
      return renewed === undefined ? [] : [renewed];
    });
  }
  if (!isObject(node)) return node;
  const entries = Object.entries(node).flatMap(([each, one]) => {
    if (each !== name) return [[each, one] as const];
    const renewed = rest.length === 0 ? replace(one) : put(one, rest, replace);
    return renewed === undefined ? [] : [[each, renewed] as const];
  });
  return Object.fromEntries(entries);
}

function apply(body: Json, one: Change): Json {
  const nodes = nodesOf(body);
  const path = nodes[one.at % nodes.length]?.path ?? [];
  const graft = grafts[one.from] ?? null;
  switch (one.kind) {
    case 'drop':
      return put(body, path, () => undefined);
    case 'graft':
      return put(body, path, () => graft);
    case 'wrap':
      return put(body, path, (old) => (one.from % 2 === 0 ? [old] : { [one.key]: old }));
    case 'repeat':
      return put(body, path, (old) => (Array.isArray(old) ? [...old, ...old] : [old, old]));
    case 'add':
      return put(body, path, (old) => added(old, one.key, one.from % 3 === 0 ? graft : one.value));
    default:
      return put(body, path, () => one.value);
  }
}

function added(old: Json, name: string, more: Json): Json {
  if (Array.isArray(old)) return [...old, more];
  // By definition and not by assignment, which `__proto__` would take for something else.
  return isObject(old) ? Object.fromEntries([...Object.entries(old), [name, more]]) : more;
}

/** What a reader makes of a body; any error but the gateway's own fails the run, and so does one that tells content. */
function read(
  { protocol }: Corpus,
  route: Extract<Route, { kind: 'invoke' }>,
  bytes: Uint8Array,
): ReadRequest | undefined {
  try {
    return protocol.read(route, bytes, () => undefined);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(['invalidRequest', 'unsupported', 'uninspectable', 'unsupportedMediaType']).toContain(error.code);
    expect(error.message).not.toMatch(CANARY);
    return undefined;
  }
}

/** Tokens of reasoning are opened by the server, which refuses what it did not seal. */
function sealedTokens(request: unknown): readonly string[] {
  if (typeof request !== 'object' || request === null || request instanceof Uint8Array) return [];
  if ('kind' in request && request.kind === 'sealed' && 'token' in request) return [String(request.token)];
  return Object.values(request).flatMap(sealedTokens);
}

/** Every canary of a body that was read is in a part, where the inspection sees it. */
function expectAllInParts({ parts, model, request }: ReadRequest, bytes: Uint8Array): void {
  const seen = [...parts.map(({ text }) => text), model, ...sealedTokens(request)].join('\n');
  const body: Json = JSON.parse(Buffer.from(bytes).toString());
  const strings = nodesOf(body).flatMap(({ path, node }) => [
    String(path.at(-1) ?? ''),
    ...(typeof node === 'string' ? [node] : []),
  ]);
  for (const [one] of strings.join('\n').matchAll(CANARY)) expect(seen).toContain(one);
}

function routeOf({ protocol, path }: Corpus): Extract<Route, { kind: 'invoke' }> {
  const route = protocol.match('POST', path);
  if (route?.kind !== 'invoke') throw new Error(`${path} is no route that takes a body`);
  return route;
}

describe('the readers', () => {
  it('refuse as a fault what says that it has a length and has none', () => {
    for (const corpus of corpora) {
      const route = routeOf(corpus);
      for (const { path } of nodesOf(corpus.bodies[0])) {
        const body = put(corpus.bodies[0], path, () => ({ length: { toString: null } }));
        read(corpus, route, Buffer.from(JSON.stringify(body)));
      }
    }
  });
});

describe.each(corpora.map((corpus) => [corpus.path, corpus] as const))('the reader of %s', (_path, corpus) => {
  const route = routeOf(corpus);
  const toBytes = (body: Json) => Buffer.from(JSON.stringify(body));

  // Were it refused, nothing would be tried.
  it('takes the first body there is', () => {
    expect(read(corpus, route, toBytes(corpus.bodies[0]))).toBeDefined();
  });

  it(
    'lets no text through that is not in a part, and throws nothing but faults, whatever is changed in a body',
    () => {
      const cases = fc.record({ which: fc.nat(), changes: fc.array(change, { maxLength: 2 }) });
      return fuzz(
        fc.property(cases, ({ which, changes }) => {
          const body = changes.reduce(apply, corpus.bodies[which % corpus.bodies.length] ?? null);
          const bytes = toBytes(body);
          const request = read(corpus, route, bytes);
          if (request !== undefined) expectAllInParts(request, bytes);
        }),
        1_500,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'does so with bytes changed, too',
    () => {
      const cases = fc.record({ which: fc.nat(), changes: byteChanges });
      return fuzz(
        fc.property(cases, ({ which, changes }) => {
          const bytes = changeBytes(toBytes(corpus.bodies[which % corpus.bodies.length] ?? null), changes);
          const request = read(corpus, route, bytes);
          if (request !== undefined) expectAllInParts(request, bytes);
        }),
        300,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
