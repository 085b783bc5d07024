import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';

/**
 * A field of the API that this gateway refuses for a reason worth telling. Absent, null and the values given here, which
 * ask for nothing, pass; any other throws `unsupported` with `reason`.
 */
export function refusedBecause(reason: string, ...neutral: readonly unknown[]) {
  return z
    .custom<unknown>((value) => {
      if (value === null || neutral.some((allowed) => isDeepStrictEqual(allowed, value))) return true;
      throw new GatewayError('unsupported', { detail: reason });
    })
    .optional();
}
