import { type Exchange, type OutputFormat, textOf } from '../../core/index.ts';

// A schema that contains itself has no end, and one that does so twice would fill the memory long before its depth.
const MAX_DEPTH = 16;
const MAX_VALUES = 10_000;

type Schema = Readonly<Record<string, unknown>>;

/**
 * A JSON object in the form that was asked for, its texts all `text`. Of a schema it has the required properties; types,
 * `enum`, `const`, `items`, `minItems`, `minimum`, the first of `anyOf` or `oneOf`, and `$ref` within the schema are
 * kept to, other keywords are not.
 */
export function toJsonAnswer(exchange: Pick<Exchange, 'parts'>, format: OutputFormat, text: string): string {
  if (format.kind === 'json') return JSON.stringify({ answer: text });
  const root: unknown = JSON.parse(textOf(exchange, format.schema));
  return JSON.stringify(toValue({ root, text, made: 0 }, root, 0));
}

interface Making {
  readonly root: unknown;
  readonly text: string;
  /** Values so far. */
  made: number;
}

function toValue(making: Making, given: unknown, depth: number): unknown {
  const schema = resolve(making.root, given);
  making.made += 1;
  if (schema === undefined || depth > MAX_DEPTH || making.made > MAX_VALUES) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choice = firstOf(schema.anyOf) ?? firstOf(schema.oneOf);
  if (choice !== undefined) return toValue(making, choice, depth + 1);
  switch (firstOf(schema.type) ?? schema.type) {
    case 'string':
      return making.text;
    case 'number':
    case 'integer':
      return typeof schema.minimum === 'number' ? schema.minimum : 0;
    case 'boolean':
      return true;
    case 'array': {
      const length = typeof schema.minItems === 'number' ? Math.min(schema.minItems, MAX_DEPTH) : 0;
      return Array.from({ length }, () => toValue(making, schema.items, depth + 1));
    }
    case 'null':
      return null;
    default:
      return toObject(making, schema, depth);
  }
}

function toObject(making: Making, { properties, required }: Schema, depth: number): unknown {
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const known = isSchema(properties) ? properties : {};
  return Object.fromEntries(names.map((name) => [String(name), toValue(making, known[String(name)], depth + 1)]));
}

/** The schema itself, or the one it refers to by a JSON Pointer. */
function resolve(root: unknown, schema: unknown): Schema | undefined {
  if (!isSchema(schema)) return undefined;
  if (typeof schema.$ref !== 'string') return schema;
  let target: unknown = root;
  for (const segment of schema.$ref.split('/').slice(1)) target = isSchema(target) ? target[segment] : undefined;
  return isSchema(target) ? target : undefined;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
