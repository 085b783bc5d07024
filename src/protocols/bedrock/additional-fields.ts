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
 * True, or throws `unsupported`: for `additionalModelRequestFields` of Converse, which reach the model as they are.
 *
 * Models take betas, hosted tools, reasoning and references to content elsewhere in these fields, all of which would
 * make them see or do what the gateway cannot.
 */
export function isCarriedFields(fields: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(carried, name) && carried[name]?.(value) === true) continue;
    throw new GatewayError('unsupported', { detail: 'a field of `additionalModelRequestFields` other than `top_k`' });
  }
  return true;
}
