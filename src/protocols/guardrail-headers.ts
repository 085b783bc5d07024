import { GatewayError, type HeaderLookup, type NamedGuardrail } from '../core/index.ts';

const PREFIX = 'x-amzn-bedrock-';
const IDENTIFIER = /^(?:[a-z0-9]+|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const VERSION = /^(?:[1-9][0-9]{0,7}|DRAFT)$/;

/**
 * The guardrail that a request's headers name, as those of Amazon Bedrock's `InvokeModel` do; undefined where they name
 * none. Throws `invalidRequest` for a half of a name.
 */
export function readGuardrailHeaders(headers: HeaderLookup): NamedGuardrail | undefined {
  const identifier = headers(`${PREFIX}guardrailidentifier`) ?? '';
  const version = headers(`${PREFIX}guardrailversion`) ?? '';
  const trace = traceOf(headers(`${PREFIX}trace`) ?? 'DISABLED');
  if (identifier === '' && version === '') return undefined;
  return toNamedGuardrail({ identifier, version }, trace);
}

/** A guardrail by its two names. Throws `invalidRequest` for what neither is. */
export function toNamedGuardrail(
  { identifier, version }: Pick<NamedGuardrail, 'identifier' | 'version'>,
  trace: NamedGuardrail['trace'],
): NamedGuardrail {
  if (!IDENTIFIER.test(identifier) || identifier.length > 2_048) {
    throw new GatewayError('invalidRequest', { detail: 'the guardrail identifier is none' });
  }
  if (!VERSION.test(version)) throw new GatewayError('invalidRequest', { detail: 'the guardrail version is none' });
  return { identifier, version, ...(trace === undefined ? {} : { trace }) };
}

function traceOf(value: string): NamedGuardrail['trace'] {
  switch (value) {
    case 'DISABLED':
      return undefined;
    case 'ENABLED':
      return 'found';
    case 'ENABLED_FULL':
      return 'full';
    default:
      throw new GatewayError('unsupported', { detail: 'the value of the header `x-amzn-bedrock-trace`' });
  }
}
