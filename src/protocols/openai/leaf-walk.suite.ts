import { resolve, type Schema } from './schemas.suite.ts';

/** A step from a schema to one that it holds. */
export type Step =
  | { readonly kind: 'member'; readonly name: string; readonly of: ObjectForm }
  | { readonly kind: 'item' }
  | { readonly kind: 'key'; readonly of: ObjectForm }
  | { readonly kind: 'value'; readonly of: ObjectForm };

/** A place in which a string, or JSON of any form, stands. */
export interface Leaf {
  readonly steps: readonly Step[];
  /** What it is called in the table of classes, from the whole to the part: names of schemas, and paths in them. */
  readonly keys: readonly string[];
  readonly form: Form;
}

/** A schema without references and alternatives. */
export type Form =
  | { readonly kind: 'string'; readonly values?: readonly unknown[] }
  | { readonly kind: 'json' }
  | { readonly kind: 'array'; readonly items: Schema }
  | ObjectForm
  | { readonly kind: 'other'; readonly sample: unknown };

export interface ObjectForm {
  readonly kind: 'object';
  readonly members: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly rest: Schema | undefined;
}

interface Variant {
  readonly form: Form;
  /** The schemas' names on the way, where references were followed. */
  readonly names: readonly string[];
}

/** The alternatives of a schema. */
function variantsOf(given: Schema): readonly Variant[] {
  const { $ref, anyOf = [], oneOf = [], allOf } = given;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return variantsOf(resolve(given)).map(({ form, names }) => ({ form, names: [name, ...names] }));
  }
  const options = [...anyOf, ...oneOf];
  if (options.length > 0) return options.flatMap(variantsOf);
  if (allOf !== undefined) return [{ form: merge(allOf), names: [] }];
  return [{ form: toForm(given), names: [] }];
}

function merge(all: readonly Schema[]): ObjectForm {
  const forms = all.flatMap(variantsOf).map(({ form }) => form);
  const objects = forms.filter((form): form is ObjectForm => form.kind === 'object');
  return {
    kind: 'object',
    members: Object.assign({}, ...objects.map(({ members }) => members)),
    required: objects.flatMap(({ required }) => required),
    rest: undefined,
  };
}

function toForm(schema: Schema): Form {
  const said = [schema.type].flat().find((each) => each !== 'null');
  const type = said ?? (schema.properties === undefined ? undefined : 'object');
  switch (type) {
    case 'string':
      return { kind: 'string', ...(schema.enum === undefined ? {} : { values: schema.enum }) };
    case 'array':
      return { kind: 'array', items: schema.items ?? {} };
    case 'object': {
      const { properties: members = {}, required = [], additionalProperties: rest } = schema;
      const isMap = typeof rest === 'object' && Object.keys(rest).length > 0;
      if (Object.keys(members).length === 0 && !isMap) return { kind: 'json' };
      return { kind: 'object', members, required, rest: isMap ? rest : undefined };
    }
    case undefined:
      if (schema.type === 'null') return { kind: 'other', sample: null };
      return schema.enum === undefined ? { kind: 'json' } : { kind: 'string', values: schema.enum };
    default:
      return { kind: 'other', sample: type === 'boolean' ? true : (schema.minimum ?? 1) };
  }
}

export type ClassTable<Class> = Readonly<Record<string, Class>>;

/** What a table may call a place by: its key, and its key under one before it. */
function namesOf(keys: readonly string[]): readonly string[] {
  const last = keys.at(-1) ?? '';
  return [last, ...keys.slice(0, -1).map((above) => `${above} > ${last}`)];
}

/** What a table may call a place by, and all that the place is in. */
export function namesIn({ keys }: Pick<Leaf, 'keys'>): readonly string[] {
  return keys.flatMap((_, index) => namesOf(keys.slice(0, index + 1)));
}

/** The class of a place: its own, or one of `inherited` that what it is in has. */
export function classOf<Class>(
  table: ClassTable<Class>,
  { keys }: Pick<Leaf, 'keys'>,
  inherited: Class,
): Class | undefined {
  const find = (names: readonly string[]) => names.map((name) => table[name]).findLast((found) => found !== undefined);
  return (
    find(namesOf(keys)) ??
    namesIn({ keys })
      .map((name) => table[name])
      .find((found) => found === inherited)
  );
}

/**
 * Every leaf under a schema. What `isWhole` says is one is not looked into; recursion ends where a schema would hold
 * itself.
 */
export function leavesOf(root: string, isWhole: (keys: readonly string[]) => boolean): readonly Leaf[] {
  return [...walk({ $ref: `#/${root}` }, { steps: [], keys: [], above: [] }, isWhole)];
}

interface Position extends Pick<Leaf, 'steps' | 'keys'> {
  readonly above: readonly string[];
}

function* walk(schema: Schema, position: Position, isWhole: (keys: readonly string[]) => boolean): Generator<Leaf> {
  for (const { form, names } of variantsOf(schema)) {
    if (names.some((name) => position.above.includes(name))) continue;
    const keys = [...position.keys, ...names];
    const { steps } = position;
    if (form.kind === 'other') continue;
    if (form.kind === 'string' || form.kind === 'json' || isWhole(keys)) {
      yield { steps, keys, form };
      continue;
    }
    const above = [...position.above, ...names];
    const below = (step: Step, name: string): Position => ({
      steps: [...steps, step],
      keys: [...keys, `${keys.at(-1) ?? ''}${name}`],
      above,
    });
    if (form.kind === 'array') {
      yield* walk(form.items, below({ kind: 'item' }, '[]'), isWhole);
      continue;
    }
    for (const [name, member] of Object.entries(form.members)) {
      yield* walk(member, below({ kind: 'member', name, of: form }, `.${name}`), isWhole);
    }
    if (form.rest !== undefined) {
      const { steps: toKey, keys: ofKey } = below({ kind: 'key', of: form }, '{key}');
      yield { steps: toKey, keys: ofKey, form: { kind: 'string' } };
      yield* walk(form.rest, below({ kind: 'value', of: form }, '{value}'), isWhole);
    }
  }
}

/** The way to a place, such as `messages[].content`. */
export function pathOf({ steps }: Pick<Leaf, 'steps'>): string {
  return steps
    .map((step) => (step.kind === 'member' ? `.${step.name}` : step.kind === 'item' ? '[]' : `{${step.kind}}`))
    .join('');
}

/** Values of members by name, where any of the schema's would not do. */
export type Samples = Readonly<Record<string, unknown>>;

/** The smallest body with `value` at a place, and the other members as the schemas require them. */
export function bodyWith([step, ...rest]: readonly Step[], value: unknown, samples: Samples): unknown {
  if (step === undefined) return value;
  const inner = bodyWith(rest, value, samples);
  switch (step.kind) {
    case 'item':
      return [inner];
    case 'key':
      return { [String(inner)]: 'x' };
    case 'value':
      return { key: inner };
    case 'member':
      return { ...requiredOf(step.of, samples), ...besides(step), [step.name]: inner };
    default:
      return step satisfies never;
  }
}

const sources = ['file_id', 'file_data', 'file_url', 'image_url'];

/** What the reader wants beside a member, and the schemas do not say, such as the source of a file. */
function besides({ name, of: { members } }: Extract<Step, { kind: 'member' }>): object {
  const wantsSource = Object.hasOwn(members, 'file_id') && !sources.includes(name);
  const wantsSchema = Object.hasOwn(members, 'schema') && Object.hasOwn(members, 'strict');
  const wantsCall = Object.hasOwn(members, 'call_id') && name !== 'call_id';
  const wantsContent = Object.hasOwn(members, 'tool_calls') && name !== 'content';
  return {
    ...(wantsSource ? { file_id: 'file-1' } : {}),
    ...(wantsSchema ? { schema: {} } : {}),
    ...(wantsCall ? { call_id: 'call_1' } : {}),
    ...(wantsContent ? { content: 'hi' } : {}),
  };
}

function requiredOf({ members, required, rest }: ObjectForm, samples: Samples): object {
  if (rest !== undefined) return { key: sampleOf(rest, samples) };
  return Object.fromEntries(
    // What tells the kind of an object is there, required or not.
    Object.keys(members)
      .filter((name) => required.includes(name) || name === 'type')
      .map((name) => [name, Object.hasOwn(samples, name) ? samples[name] : sampleOf(members[name] ?? {}, samples)]),
  );
}

/** A value that a schema takes. */
function sampleOf(schema: Schema, samples: Samples): unknown {
  const [variant] = variantsOf(schema);
  return variant === undefined ? null : sampleOfForm(variant.form, samples);
}

export function sampleOfForm(form: Form, samples: Samples): unknown {
  switch (form.kind) {
    case 'string':
      return form.values?.[0] ?? 'x';
    case 'json':
      return {};
    case 'array':
      return [sampleOf(form.items, samples)];
    case 'object':
      return requiredOf(form, samples);
    case 'other':
      return form.sample;
    default:
      return form satisfies never;
  }
}

/** The names of the leaves that a value fills, of all that its schema allows there. */
export function* filledBy(value: unknown, schema: Schema, keys: readonly string[] = []): Generator<readonly string[]> {
  for (const { form, names } of variantsOf(schema)) {
    if (!fits(value, form)) continue;
    const here = [...keys, ...names];
    const below = (name: string) => [...here, `${here.at(-1) ?? ''}${name}`];
    switch (form.kind) {
      case 'string':
      case 'json':
        yield here;
        break;
      case 'array':
        for (const item of Array.isArray(value) ? value : []) yield* filledBy(item, form.items, below('[]'));
        break;
      case 'object':
        for (const [name, member] of Object.entries(Object(value))) {
          const known = form.members[name];
          if (known !== undefined) yield* filledBy(member, known, below(`.${name}`));
          else if (form.rest !== undefined) {
            yield below('{key}');
            yield* filledBy(member, form.rest, below('{value}'));
          } else yield [`unknown to the schema: ${here.at(-1)}.${name}`];
        }
        break;
      case 'other':
        break;
      default:
        form satisfies never;
    }
    return;
  }
}

/** Whether a value is of a form, as far as its type and what tells its kind say. */
function fits(value: unknown, form: Form): boolean {
  if (form.kind === 'string') return typeof value === 'string' && (form.values?.includes(value) ?? true);
  if (form.kind === 'array') return Array.isArray(value);
  if (form.kind === 'other') return value === null || typeof value === 'number' || typeof value === 'boolean';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (form.kind === 'json') return true;
  const { type } = form.members;
  if (form.required.some((name) => !Object.hasOwn(value, name))) return false;
  return type === undefined || !('type' in value) || variantsOf(type).some((variant) => fits(value.type, variant.form));
}
