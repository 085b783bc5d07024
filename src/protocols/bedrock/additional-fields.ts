import { GatewayError } from '../../core/index.ts';

type Field = (value: unknown) => boolean;

const isNumber: Field = (value) => typeof value === 'number';

/** What may pass to a model beside Converse's own fields: sampling only. */
const carried: Readonly<Record<string, Field>> = {
  top_k: isNumber,
  topK: isNumber,
  inferenceConfig: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, inner]) => name === 'topK' && isNumber(inner)),
};

/**
 * Throws `unsupported` unless `additionalModelRequestFields` of Converse, which reach the model as they are, only steer
 * the sampling; reasoning has been taken out of them.
 *
 * Models take betas, hosted tools and references to content elsewhere in these fields, all of which would make them see
 * or do what the gateway cannot.
 */
export function assertCarriedFields(fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(carried, name) && carried[name]?.(value) === true) continue;
    const detail = 'a field of `additionalModelRequestFields` other than `top_k`, `thinking` and `output_config`';
    throw new GatewayError('unsupported', { detail });
  }
}
