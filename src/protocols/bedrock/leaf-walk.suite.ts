import { shapeOf } from '../../../test/vectors/service-model.suite.ts';

/** A step from a shape to one that it holds. */
export interface Step {
  readonly of: string;
  readonly kind: 'member' | 'item' | 'key' | 'value';
  /** Of a member. */
  readonly name: string;
  /** Where a member stands outside the body: `uri`, `header`. */
  readonly location?: string;
  readonly header?: string;
  readonly to: string;
}

/** A place in which a value stands: the way to it, and the shape it has there. */
export interface Place {
  readonly steps: readonly Step[];
  readonly shape: string;
}

const MAX_DEPTH = 24;

/** Every place under a shape, structures included. Recursion ends where a shape would hold itself. */
export function placesOf(root: string): readonly Place[] {
  return [...walk({ steps: [], shape: root }, [])];
}

/** The places that hold a string, a blob or a document. */
export function leavesOf(root: string): readonly Place[] {
  return placesOf(root).filter(({ shape }) => isLeaf(shape));
}

function isLeaf(shape: string): boolean {
  const { type, document } = shapeOf(shape);
  return document === true || type === 'string' || type === 'blob';
}

function* walk(place: Place, above: readonly string[]): Generator<Place> {
  yield place;
  if (above.includes(place.shape)) return;
  if (place.steps.length > MAX_DEPTH) throw new Error(`deeper than ${MAX_DEPTH}: ${pathOf(place)}`);
  for (const step of stepsFrom(place.shape)) {
    yield* walk({ steps: [...place.steps, step], shape: step.to }, [...above, place.shape]);
  }
}

function stepsFrom(of: string): readonly Step[] {
  const { type, members = {}, member, key, value, document } = shapeOf(of);
  if (document === true) return [];
  if (type === 'list') return [{ of, kind: 'item', name: '[]', to: member?.shape ?? '' }];
  if (type === 'map') {
    return [
      { of, kind: 'key', name: '{key}', to: key?.shape ?? '' },
      { of, kind: 'value', name: '{value}', to: value?.shape ?? '' },
    ];
  }
  return Object.entries(members).map(([name, { shape, location, locationName }]) => ({
    of,
    kind: 'member',
    name,
    to: shape,
    ...(location === undefined ? {} : { location }),
    ...(locationName === undefined ? {} : { header: locationName }),
  }));
}

/** The way to a place, such as `messages[].content[].text`. */
export function pathOf({ steps }: Place): string {
  return steps.map(({ kind, name }, index) => (kind === 'member' && index > 0 ? `.${name}` : name)).join('');
}

/** What a step is called in the table of classes: the shape it is a part of, and its name there. */
export function keyOf({ of, kind, name }: Step): string {
  return kind === 'member' ? `${of}.${name}` : `${of}${name}`;
}

/** The class of a place: that of its last step which the table has, if it has any. */
export function classOf<Class>(table: Readonly<Record<string, Class>>, { steps }: Place): Class | undefined {
  return steps.map((step) => table[keyOf(step)]).findLast((found) => found !== undefined);
}

/** Members that a reader wants besides those the model requires, and samples of shapes with a pattern. */
export interface Samples {
  readonly values: Readonly<Record<string, unknown>>;
  readonly extras: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly before: Readonly<Record<string, readonly unknown[]>>;
}

/** The smallest body of a shape with `value` at a place, and the shape's other members as the model requires them. */
export function bodyWith({ steps }: Place, value: unknown, samples: Samples): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const below = { steps: rest, shape: '' };
  switch (step.kind) {
    case 'item':
      return [...(samples.before[step.of] ?? []), bodyWith(below, value, samples)];
    case 'key':
      return { [String(value)]: sampleOf(shapeOf(step.of).value?.shape ?? '', samples) };
    case 'value':
      return { key: bodyWith(below, value, samples) };
    case 'member': {
      const union = shapeOf(step.of).union === true;
      return { ...(union ? {} : requiredOf(step.of, samples)), [step.name]: bodyWith(below, value, samples) };
    }
    default:
      return step.kind satisfies never;
  }
}

function requiredOf(name: string, samples: Samples): Readonly<Record<string, unknown>> {
  const { required = [], members = {} } = shapeOf(name);
  const inBody = required.filter((member) => members[member]?.location === undefined);
  return {
    ...Object.fromEntries(inBody.map((member) => [member, sampleOf(members[member]?.shape ?? '', samples)])),
    ...samples.extras[name],
  };
}

/** A value that a shape takes. */
export function sampleOf(name: string, samples: Samples): unknown {
  if (Object.hasOwn(samples.values, name)) return samples.values[name];
  const found = shapeOf(name);
  if (found.document === true) return {};
  switch (found.type) {
    case 'string':
      return found.enum?.at(-1) ?? 'x';
    case 'blob':
      return 'aGk=';
    case 'boolean':
      return true;
    case 'integer':
    case 'long':
    case 'float':
      return found.min ?? 1;
    case 'list':
      return [sampleOf(found.member?.shape ?? '', samples)];
    case 'map':
      return { key: sampleOf(found.value?.shape ?? '', samples) };
    case 'structure': {
      const [first] = Object.entries(found.members ?? {});
      if (found.union !== true || first === undefined) return requiredOf(name, samples);
      return { [first[0]]: sampleOf(first[1].shape, samples) };
    }
    default:
      throw new Error(`no sample of ${name}`);
  }
}
