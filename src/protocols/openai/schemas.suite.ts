import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../../../../shared/vectors/openai/schemas.json');

/** OpenAI's own schemas are no part of this repository. Without them their tests are skipped. */
export const hasSchemas = existsSync(file);

/** A schema of OpenAPI 3.1, with the keywords that these schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** All of them, by name. */
const schemas: Readonly<Record<string, Schema>> = hasSchemas
  ? JSON.parse(readFileSync(file, 'utf8')).components.schemas
  : {};

/** The schema that a reference names, or the schema itself. */
export const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolve(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? { enum: [] });

/** What is wrong with a value, as paths; empty where it conforms. */
export function faultsOf(given: Schema, value: unknown, path = ''): readonly string[] {
  const schema = resolve(given);
  const found = [...(schema.allOf ?? []).flatMap((each) => faultsOf(each, value, path))];
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (options.length > 0 && !options.some((option) => faultsOf(option, value, path).length === 0)) {
    found.push(`${path}: none of the forms`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path}: not of the values`);
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type))) {
    found.push(`${path}: not of type ${schema.type}`);
  }
  if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value))) {
    found.push(`${path}: out of range`);
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) found.push(`${path}: too few`);
    const { items } = schema;
    if (items) found.push(...value.flatMap((item, index) => faultsOf(items, item, `${path}/${index}`)));
  } else if (typeof value === 'object' && value !== null) {
    found.push(...memberFaults(schema, Object(value), path));
  }
  return found;
}

function memberFaults(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}/${name}: missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const known = schema.properties?.[name];
      if (known !== undefined) return faultsOf(known, member, `${path}/${name}`);
      const rest = schema.additionalProperties;
      if (rest === false) return [`${path}/${name}: unknown`];
      return typeof rest === 'object' ? faultsOf(rest, member, `${path}/${name}`) : [];
    }),
  ];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
