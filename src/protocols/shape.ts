import { z } from 'zod';
import { decodeUtf8, GatewayError, type JsonDocument, parseJson } from '../core/index.ts';

/**
 * A JSON object taken as it stands, for `JsonDocument.rawOf`: zod would copy what `z.object` or `z.record` check, and
 * a copy has no place in the raw text.
 */
export const jsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'expected an object' },
);

/** Any JSON value, likewise taken as it stands. */
export const jsonValue = z.custom<unknown>((value) => value !== undefined, { error: 'expected a value' });

/** Reads a request body as strict JSON. Throws `invalidRequest`. */
export function readBody(body: Uint8Array): JsonDocument {
  return parseJson(decodeUtf8(body));
}

/** The value in a schema's type. Throws `invalidRequest` naming the first field that is wrong, never its content. */
export function parseShape<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = check(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new GatewayError('invalidRequest', { detail: issue === undefined ? 'wrong shape' : describe(issue) });
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    // zod measures whatever says that it has a length, and fails where that is no number and cannot be made one.
    throw new GatewayError('invalidRequest', { detail: 'wrong shape', cause });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? 'the body' : `\`${issue.path.map(nameable).join('.')}\``;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${path} has a field this gateway does not know: \`${nameable(issue.keys[0] ?? '')}\``;
    case 'invalid_type':
      return `${path} must be of type ${issue.expected}`;
    case 'too_small':
      return `${path} is below its minimum of ${issue.minimum}`;
    case 'too_big':
      return `${path} is above its maximum of ${issue.maximum}`;
    case 'invalid_value':
      return `${path} must be one of ${issue.values.map((allowed) => `\`${String(allowed)}\``).join(', ')}`;
    case 'invalid_union':
      return describeUnion(issue, path);
    case 'custom':
      return `${path}: ${issue.message}`;
    default:
      return `${path} does not have the right form`;
  }
}

/** The complaint of the union's closest branch: the one that got furthest into the value. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: string): string {
  const first = issue.errors
    .flatMap((branch) => branch.slice(0, 1))
    .sort(
      (a, b) =>
        b.path.length - a.path.length ||
        Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
    )[0];
  if (first === undefined) return `${path} has none of the accepted forms`;
  return describe({ ...first, path: [...issue.path, ...first.path] });
}

/**
 * A field's name as it may stand in a message. Names that a caller made up could carry content, so only plain words and
 * positions are repeated: no card number or key is one.
 */
function nameable(name: PropertyKey): string {
  const text = String(name);
  return /^(?:[A-Za-z][A-Za-z_]{0,31}|[0-9]{1,4})$/.test(text) ? text : '…';
}
