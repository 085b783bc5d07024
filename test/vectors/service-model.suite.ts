import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const file = join(import.meta.dirname, '../../../shared/vectors/bedrock/bedrock-runtime.service-2.json');

/** Whether the published service model lies beside the repository. */
export const hasServiceModel = existsSync(file);

const reference = z.object({
  shape: z.string(),
  location: z.string().optional(),
  locationName: z.string().optional(),
});
const shape = z.object({
  type: z.string(),
  members: z.record(z.string(), reference).optional(),
  required: z.array(z.string()).optional(),
  member: reference.optional(),
  key: reference.optional(),
  value: reference.optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  union: z.boolean().optional(),
  document: z.boolean().optional(),
  error: z.object({ httpStatusCode: z.number() }).optional(),
});
const model = z.object({ shapes: z.record(z.string(), shape) });

type Shape = z.output<typeof shape>;

const shapes: Readonly<Record<string, Shape>> = hasServiceModel
  ? model.parse(JSON.parse(readFileSync(file, 'utf8'))).shapes
  : {};

/** The shape of a name; fails where the model has none. */
export function shapeOf(name: string): Shape {
  const found = shapes[name];
  if (found === undefined) throw new Error(`the service model has no shape ${name}`);
  return found;
}

/** Everything in which a JSON value is not of a shape, as `path: what`. Members outside the body are left aside. */
export function violations(name: string, value: unknown, path = '$'): readonly string[] {
  const found = shapeOf(name);
  if (found.document === true) return value === undefined ? [`${path}: no document`] : [];
  switch (found.type) {
    case 'structure':
      return isRecord(value) ? structureViolations(found, value, path) : [`${path}: not an object`];
    case 'list': {
      if (!Array.isArray(value)) return [`${path}: not a list`];
      const item = found.member?.shape ?? '';
      return [
        ...rangeOf(found, value.length, path),
        ...value.flatMap((each, at) => violations(item, each, `${path}[${at}]`)),
      ];
    }
    case 'string':
      return typeof value === 'string' ? stringViolations(found, value, path) : [`${path}: not a string`];
    case 'blob':
      return typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value
        ? rangeOf(found, Buffer.from(value, 'base64').length, path)
        : [`${path}: not base64`];
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value) ? rangeOf(found, Number(value), path) : [`${path}: not an integer`];
    case 'float':
    case 'double':
      return typeof value === 'number' ? rangeOf(found, value, path) : [`${path}: not a number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: not a boolean`];
    case 'map':
      return isRecord(value) ? mapViolations(found, value, path) : [`${path}: not an object`];
    default:
      return [`${path}: of type ${found.type}, which no message of ours has`];
  }
}

function structureViolations(found: Shape, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const members = Object.entries(found.members ?? {}).filter(([, { location }]) => location === undefined);
  const known = new Map(members);
  const required = (found.required ?? []).filter((name) => known.has(name) && value[name] === undefined);
  const present = Object.keys(value);
  return [
    ...required.map((name) => `${path}: no ${name}`),
    ...(found.union === true && present.length !== 1 ? [`${path}: a union with ${present.length} members`] : []),
    ...present.flatMap((name) => {
      const member = known.get(name);
      return member === undefined
        ? [`${path}: unknown ${name}`]
        : violations(member.shape, value[name], `${path}.${name}`);
    }),
  ];
}

function mapViolations(found: Shape, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  return [
    ...rangeOf(found, Object.keys(value).length, path),
    ...Object.entries(value).flatMap(([key, each]) => [
      ...violations(found.key?.shape ?? '', key, `${path} key`),
      ...violations(found.value?.shape ?? '', each, `${path}.${key}`),
    ]),
  ];
}

function stringViolations(found: Shape, value: string, path: string): readonly string[] {
  const isOther = found.enum !== undefined && !found.enum.includes(value);
  const isOff = found.pattern !== undefined && !new RegExp(`^(?:${found.pattern})$`).test(value);
  return [
    ...rangeOf(found, value.length, path),
    ...(isOther ? [`${path}: not one of its values`] : []),
    ...(isOff ? [`${path}: not of its pattern`] : []),
  ];
}

function rangeOf(
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Shape,
  size: number,
  path: string,
) {
  return size < min || size > max ? [`${path}: out of range`] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
