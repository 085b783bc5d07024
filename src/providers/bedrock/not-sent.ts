import { GatewayError } from '../../core/index.ts';

/** The fault of a request with something that Bedrock, or the model's family there, has no field for. */
export function notSent(what: string): GatewayError {
  return new GatewayError('unsupported', { detail: what });
}

/** Members that ask for nothing where they hold this. */
const neutral: Readonly<Record<string, unknown>> = { frequencyPenalty: 0, presencePenalty: 0, truncate: 'none' };

/**
 * Throws `unsupported` where `asked` has a member that is not `sent`: what a later version of the inner form adds is
 * refused here until somebody prints it. `choices` is the gateway's own affair, and never goes to a provider.
 */
export function refuseOthers(asked: object, sent: readonly string[], where: string): void {
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined || sent.includes(name) || name === 'kind' || name === 'choices') continue;
    if (Object.hasOwn(neutral, name) && neutral[name] === value) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw notSent(`\`${name}\` ${where}`);
  }
}
