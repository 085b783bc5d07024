import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const file = join(import.meta.dirname, '../../../../shared/vectors/bedrock/bedrock-runtime.service-2.json');

/** Whether the published service model lies beside the repository. */
export const hasServiceModel = existsSync(file);

const reference = z.object({ shape: z.string(), location: z.string().optional() });
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
});
type Shape = z.output<typeof shape>;

const shapes: Readonly<Record<string, Shape>> = hasServiceModel
  ? z.object({ shapes: z.record(z.string(), shape) }).parse(JSON.parse(readFileSync(file, 'utf8'))).shapes
  : {};

/**
 * Everything in which the JSON of a body is not of a shape of the service model, as `path: what`. Where the model is not
 * at hand nothing is found: the test that says so is skipped.
 */
export function modelFaults(name: string, value: unknown, path = '$'): readonly string[] {
  if (!hasServiceModel) return [];
  const found = shapes[name];
  if (found === undefined) throw new Error(`the service model has no shape ${name}`);
  if (found.document === true) return [];
  const bad = (is: boolean, what: string) => (is ? [] : [`${path}: ${what}`]);
  const inRange = (size: number) => size >= (found.min ?? -Infinity) && size <= (found.max ?? Infinity);
  switch (found.type) {
    case 'structure':
      return isObject(value) ? structureFaults(found, value, path) : bad(false, 'not an object');
    case 'list':
      if (!Array.isArray(value)) return bad(false, 'not a list');
      return [
        ...bad(inRange(value.length), 'out of range'),
        ...value.flatMap((item, at) => modelFaults(found.member?.shape ?? '', item, `${path}[${at}]`)),
      ];
    case 'map':
      if (!isObject(value)) return bad(false, 'not an object');
      return [
        ...bad(inRange(Object.keys(value).length), 'out of range'),
        ...Object.entries(value).flatMap(([key, item]) => [
          ...modelFaults(found.key?.shape ?? '', key, `${path} key`),
          ...modelFaults(found.value?.shape ?? '', item, `${path}.${key}`),
        ]),
      ];
    case 'string':
      return typeof value === 'string'
        ? [
            ...bad(inRange(value.length), 'out of range'),
            ...bad(found.enum?.includes(value) ?? true, 'not of its enum'),
            ...bad(
              found.pattern === undefined || new RegExp(`^(?:${found.pattern})$`).test(value),
              'not of its pattern',
            ),
          ]
        : bad(false, 'not a string');
    case 'blob':
      return typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value
        ? bad(inRange(Buffer.from(value, 'base64').length), 'out of range')
        : bad(false, 'not base64');
    case 'boolean':
      return bad(typeof value === 'boolean', 'not a boolean');
    case 'integer':
    case 'long':
      return bad(Number.isSafeInteger(value) && inRange(Number(value)), 'not an integer in range');
    case 'float':
    case 'double':
      return bad(typeof value === 'number' && inRange(value), 'not a number in range');
    default:
      return bad(false, `of type ${found.type}`);
  }
}

function structureFaults(found: Shape, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const members = new Map(Object.entries(found.members ?? {}).filter(([, { location }]) => location === undefined));
  const present = Object.keys(value);
  return [
    ...(found.required ?? [])
      .filter((name) => members.has(name) && value[name] === undefined)
      .map((name) => `${path}: no ${name}`),
    ...(found.union === true && present.length !== 1 ? [`${path}: a union with ${present.length} members`] : []),
    ...present.flatMap((name) => {
      const member = members.get(name);
      return member === undefined
        ? [`${path}: unknown ${name}`]
        : modelFaults(member.shape, value[name], `${path}.${name}`);
    }),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
