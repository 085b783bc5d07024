import { describe, expect, it } from 'vitest';
import { GatewayError, type ReadRequest } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { type RequestClass, requestClasses } from './leaf-classes.data.ts';
import { bodyWith, classOf, type Leaf, leavesOf, namesIn, pathOf, sampleOfForm } from './leaf-walk.suite.ts';
import { openaiProtocol } from './protocol.ts';
import { hasSchemas } from './schemas.suite.ts';

const CANARY = 'canary-7f3a';
const CANARY_URL = `https://example.com/${CANARY}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

const roots = {
  'chat.completions': 'CreateChatCompletionRequest',
  responses: 'CreateResponse',
  embeddings: 'CreateEmbeddingRequest',
} as const;
type Operation = keyof typeof roots;
const operations = Object.keys(roots).filter((name): name is Operation => Object.hasOwn(roots, name));

const hello = [{ role: 'user', content: 'hi' }];
const samples = {
  messages: hello,
  input: 'hi',
  model: 'm',
  arguments: '{}',
  url: 'https://example.com/',
  data: base64('hi'),
  file: { file_id: 'file-1' },
  schema: {},
  parameters: {},
  output: 'hi',
  content: 'hi',
  summary: [],
  detail: 'auto',
  annotations: [],
  logprobs: [],
  json_schema: { name: 'x', schema: {} },
};

/** What stands in a leaf so that the canary is within it, where the canary alone is not of its form. */
function plantedAt({ steps, form, keys }: Leaf): unknown {
  if (form.kind === 'json') return { title: CANARY };
  if (form.kind !== 'string') return sampleOfForm(form, samples);
  const last = steps.at(-1);
  const name = last?.kind === 'member' ? last.name : '';
  switch (name) {
    case 'arguments':
      return JSON.stringify({ title: CANARY });
    case 'file_data':
      return `data:text/plain;base64,${base64(CANARY)}`;
    case 'data':
      return base64(CANARY);
    case 'file_url':
      return CANARY_URL;
    default:
      return classOf(requestClasses, { keys }, 'refused') === 'media'
        ? `data:image/png;base64,${base64(CANARY)}`
        : CANARY;
  }
}

function readWith(operation: Operation, { steps }: Leaf, value: unknown): ReadRequest {
  const whole = bodyWith(steps, value, samples);
  const rest = operation === 'chat.completions' ? { messages: hello } : { input: 'hi' };
  const body = { model: 'm', ...rest, ...Object(whole) };
  return openaiProtocol.read({ kind: 'invoke', operation }, Buffer.from(JSON.stringify(body)), () => undefined);
}

/** Everything under a value that `found` picks. */
function search(value: unknown, found: (value: unknown) => boolean): readonly unknown[] {
  if (found(value)) return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.values(value).flatMap((inner) => search(inner, found));
}

const isKind = (kind: string) => (value: unknown) =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
const isCanary = (value: unknown) => value instanceof Uint8Array && Buffer.from(value).toString() === CANARY;
const holdingCanary = ({ parts }: ReadRequest) => parts.filter(({ text }) => text.includes(CANARY));

/** What must hold of a leaf of each class. */
const trials: Readonly<Record<RequestClass, (operation: Operation, leaf: Leaf) => void>> = {
  text(operation, leaf) {
    const parts = holdingCanary(readWith(operation, leaf, plantedAt(leaf)));
    expect(parts.map(({ kind }) => kind)).toEqual([expect.stringMatching(/^(text|json)$/)]);
  },
  identifier(operation, leaf) {
    expect(holdingCanary(readWith(operation, leaf, CANARY)).map(({ kind }) => kind)).toEqual(['identifier']);
    expect(codeOf(() => readWith(operation, leaf, `${CANARY}{}`))).toBe('invalidRequest');
  },
  bounded(operation, leaf) {
    const values = leaf.form.kind === 'string' ? (leaf.form.values ?? ['m']) : [];
    expect(values.filter((value) => codeOf(() => readWith(operation, leaf, value)) === undefined)).not.toEqual([]);
    for (const value of values) {
      expect([undefined, 'invalidRequest', 'unsupported']).toContain(codeOf(() => readWith(operation, leaf, value)));
    }
    expect(codeOf(() => readWith(operation, leaf, `${CANARY} `))).toMatch(/^(invalidRequest|unsupported)$/);
  },
  media(operation, leaf) {
    const [media, ...more] = search(readWith(operation, leaf, plantedAt(leaf)).request, isKind('media'));
    expect(more).toEqual([]);
    expect(search(media, isCanary)).toHaveLength(1);
    expect(codeOf(() => readWith(operation, leaf, `${plantedAt(leaf)}=`))).toBe('invalidRequest');
    expect(codeOf(() => readWith(operation, leaf, ''))).toBe('invalidRequest');
    if (pathOf(leaf).endsWith('data')) return;
    const elsewhere = readWith(operation, leaf, CANARY_URL);
    expect(search(elsewhere.request, isKind('reference'))).toHaveLength(1);
    expect(holdingCanary(elsewhere).map(({ kind }) => kind)).toEqual(['identifier']);
  },
  reference(operation, leaf) {
    const read = readWith(operation, leaf, plantedAt(leaf));
    expect(search(read.request, isKind('reference'))).toHaveLength(1);
    expect(holdingCanary(read).map(({ kind }) => kind)).toEqual(['identifier']);
    expect(codeOf(() => readWith(operation, leaf, `${CANARY} {}`))).toBe('invalidRequest');
  },
  sealed(operation, leaf) {
    const read = readWith(operation, leaf, CANARY);
    expect(holdingCanary(read)).toEqual([]);
    expect(search(read.request, isKind('sealed'))).toEqual([{ kind: 'sealed', token: CANARY }]);
  },
  refused(operation, leaf) {
    const values = leaf.form.kind === 'string' ? [CANARY, ...(leaf.form.values ?? [])] : [plantedAt(leaf)];
    const errors = values.map((value) => errorOf(() => readWith(operation, leaf, value)));
    const codes = errors.map((error) => (error instanceof GatewayError ? error.code : error));
    expect(codes).toContain('unsupported');
    // What the schema enumerates may ask for nothing; nothing else passes.
    expect(['unsupported', 'invalidRequest']).toContain(codes[0]);
    for (const code of codes) expect(['unsupported', 'invalidRequest', undefined]).toContain(code);
    for (const error of errors) expect(String(error)).not.toContain(CANARY);
  },
};

describe.skipIf(!hasSchemas)('every string of a request, by OpenAI’s own schemas', () => {
  const isRefused = (keys: readonly string[]) => classOf(requestClasses, { keys }, 'refused') === 'refused';
  const leaves = hasSchemas
    ? operations.flatMap((operation) =>
        leavesOf(roots[operation], isRefused).map((leaf) => ({ operation, leaf, path: pathOf(leaf) })),
      )
    : [];
  const kindOf = (leaf: Leaf): RequestClass | undefined =>
    classOf(requestClasses, leaf, 'refused') ??
    (leaf.form.kind === 'string' && leaf.form.values ? 'bounded' : undefined);

  it('has a class', () => {
    expect(leaves.length).toBeGreaterThan(200);
    const unclassed = leaves.filter(({ leaf }) => kindOf(leaf) === undefined);
    expect(unclassed.map(({ operation, path, leaf }) => `${operation}${path} ${leaf.keys.at(-1)}`)).toEqual([]);
  });

  it('is all that the table has classes for', () => {
    const walked = new Set(leaves.flatMap(({ leaf }) => namesIn(leaf)));
    expect(Object.keys(requestClasses).filter((key) => !walked.has(key))).toEqual([]);
  });

  it.each(leaves.map((each) => ({ ...each, kind: kindOf(each.leaf), name: each.leaf.keys.at(-1) })))(
    'is treated as its class says: $operation $path of $name is $kind',
    ({ operation, leaf, kind }) => {
      if (kind === undefined) throw new Error('no class');
      trials[kind](operation, leaf);
    },
  );
});
