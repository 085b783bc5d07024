import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonObject, jsonValue, parseShape, readBody } from './shape.ts';

const schema = z.strictObject({
  text: z.string().min(2).max(4).optional(),
  kind: z.enum(['a', 'b']).optional(),
  pattern: z.string().regex(/^x/).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  choice: z
    .union([z.strictObject({ one: z.string() }), z.strictObject({ two: z.strictObject({ deep: z.number() }) })])
    .optional(),
  raw: jsonObject.optional(),
  any: jsonValue.optional(),
});

function complaint(value: unknown): string {
  try {
    parseShape(schema, value);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('what is said of a wrong body', () => {
  it.each([
    [{ text: 1 }, 'The request is not valid: `text` must be of type string.'],
    [{ text: 'x' }, 'The request is not valid: `text` is below its minimum of 2.'],
    [{ text: 'xxxxx' }, 'The request is not valid: `text` is above its maximum of 4.'],
    [{ kind: 'c' }, 'The request is not valid: `kind` must be one of `a`, `b`.'],
    [{ pattern: 'y' }, 'The request is not valid: `pattern` does not have the right form.'],
    [{ unknown: 1 }, 'The request is not valid: the body has a field this gateway does not know: `unknown`.'],
    [{ choice: { two: { deep: 'x' } } }, 'The request is not valid: `choice.two.deep` must be of type number.'],
    [{ raw: [] }, 'The request is not valid: `raw`: expected an object.'],
    [[], 'The request is not valid: the body must be of type object.'],
    [{ text: { length: 3 } }, 'The request is not valid: `text` must be of type string.'],
    [{ text: { length: { toString: null } } }, 'The request is not valid: wrong shape.'],
  ])('names the field and what is expected: %j', (value, message) => {
    expect(complaint(value)).toBe(message);
  });

  it.each(['4111111111111111', 'jane@example.com', 'sk-live-1234567890', '123-45-6789', 'AKIAIOSFODNN7EXAMPLE'])(
    'does not repeat %s where a caller made it a name',
    (secret) => {
      expect(complaint({ [secret]: 1 })).toContain('`…`');
      expect(complaint({ metadata: { [secret]: 1 } })).toContain('`metadata.…`');
      expect(complaint({ [secret]: 1 }) + complaint({ metadata: { [secret]: 1 } })).not.toContain(secret);
    },
  );
});

describe('values taken as they stand', () => {
  it('are the very objects of the document, so that their raw text can be had', () => {
    const document = readBody(Buffer.from('{"raw": {"b":1,  "a":2}, "any": [1]}'));
    const { raw } = parseShape(schema, document.value);
    expect(document.rawOf(raw ?? {})).toBe('{"b":1,  "a":2}');
  });
});
