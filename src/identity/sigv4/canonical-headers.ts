import { GatewayError, type RequestHead } from '../../core/index.ts';
import { valuesOf } from '../header-values.ts';

const RUN_OF_SPACE = /[ \t]+/g;
const OUTER_SPACE = /^ | $/g;
/** A line end in a value could pass for another header of the canonical request. */
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * The headers of a canonical request: one line for each of `names`, values trimmed, runs of space made one, values of
 * one name joined in order of arrival. Throws `signatureMismatch` where a header is missing.
 */
export function toCanonicalHeaders(head: RequestHead, names: readonly string[]): string {
  let text = '';
  for (const name of names) text += `${name}:${signedValues(head, name).map(toCanonicalValue).join(',')}\n`;
  return text;
}

function signedValues(head: RequestHead, name: string): readonly string[] {
  const values = isHostName(name) ? [hostOf(head)] : valuesOf(head, name);
  if (values.length === 0) throw new GatewayError('signatureMismatch', { detail: 'a signed header is missing' });
  return values;
}

function toCanonicalValue(value: string): string {
  if (CONTROL.test(value)) throw new GatewayError('unauthenticated');
  // Runs first: a pattern for space before the end would try every run up to it, in quadratic time.
  return value.replace(RUN_OF_SPACE, ' ').replace(OUTER_SPACE, '');
}

/** Whether a header says what host is meant: HTTP/2 replaced `host` by `:authority` (RFC 9113, section 8.3.1). */
export function isHostName(name: string): boolean {
  return name === 'host' || name === ':authority';
}

/**
 * The one host of a request, by whichever name it came: a proxy between two HTTP versions renames it, and clients of
 * HTTP/2 sign either. Two are refused: one could be verified and the other believed.
 */
function hostOf(head: RequestHead): string {
  const [host, other] = [...valuesOf(head, 'host'), ...valuesOf(head, ':authority')];
  if (host === undefined || (other !== undefined && other !== host)) throw new GatewayError('unauthenticated');
  return host;
}
