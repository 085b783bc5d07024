import { z } from 'zod';
import { type FaultCode, GatewayError } from '../../core/index.ts';

/** A member that the service has and this gateway refuses, whatever it holds. Throws `code` out of the parse. */
export function refused(code: Extract<FaultCode, 'unsupported' | 'uninspectable'>, member: string) {
  return z
    .custom<never>(() => {
      throw new GatewayError(code, { detail: `the member \`${member}\`` });
    })
    .optional();
}

/** A Smithy union: an object with exactly one of its members. */
export function union<Members extends z.ZodRawShape>(members: Members) {
  return z
    .strictObject(members)
    .refine((value) => Object.keys(value).length === 1, { error: 'expected exactly one member' });
}

/** A text of `min` to `max` characters: Smithy's `length` counts code points, not UTF-16 units. */
export function characters(min: number, max = Number.POSITIVE_INFINITY) {
  return z.string().refine(
    (text) => {
      if (text.length < min) return false;
      // Only between the two counts of units is it worth counting characters.
      if (text.length >= min * 2 && text.length <= max) return true;
      const count = [...text].length;
      return count >= min && count <= max;
    },
    { error: `expected ${min} to ${max} characters` },
  );
}

/** The service's `ToolUseId`. */
export const toolUseId = z.string().regex(/^[a-zA-Z0-9_.:-]{1,64}$/);

/** The service's `ToolName`. */
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

/** The service's `NonEmptyString`. */
export const nonEmpty = z.string().min(1);

/** The service's `CachePointBlock`. */
export const cachePoint = z.strictObject({ type: z.literal('default'), ttl: z.enum(['5m', '1h']).optional() });
