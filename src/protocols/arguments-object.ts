import { GatewayError, parseJson } from '../core/index.ts';

/**
 * The raw arguments of a tool call, if they are one JSON object. Throws `upstreamFailed` otherwise: spliced into an
 * answer as they are, anything else would let a model write past the end of its tool call.
 */
export function argumentsObject(raw: string): string {
  let value: unknown;
  try {
    ({ value } = parseJson(raw));
  } catch (cause) {
    throw new GatewayError('upstreamFailed', { detail: 'tool arguments that are not JSON', cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return raw;
  throw new GatewayError('upstreamFailed', { detail: 'tool arguments that are not a JSON object' });
}
