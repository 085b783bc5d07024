import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { GatewayError } from '../core/index.ts';

/**
 * A field the protocol has and the inner form cannot carry. Absent, null and the values given here, which ask for
 * nothing, pass; any other throws `unsupported`, so that no wish of the caller's is dropped unsaid.
 *
 * It throws out of the parse because zod's issues, all of which mean `invalidRequest`, come in one kind.
 */
export function notCarried(field: string, ...neutral: readonly unknown[]) {
  return z
    .custom<unknown>((value) => {
      if (value === null || neutral.some((allowed) => isDeepStrictEqual(allowed, value))) return true;
      throw new GatewayError('unsupported', { detail: `the value of \`${field}\`` });
    })
    .optional();
}

/** Members of a union over `type` that the protocol has and this gateway refuses. Throws `code` out of the parse. */
export function refusedTypes<const Types extends readonly [string, ...string[]]>(
  code: 'unsupported' | 'uninspectable',
  types: Types,
) {
  return z.looseObject({ type: z.enum(types) }).transform(({ type }): never => {
    throw new GatewayError(code, { detail: `an object of type \`${type}\`` });
  });
}
