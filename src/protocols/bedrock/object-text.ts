import { GatewayError, parseJson } from '../../core/index.ts';

/** The text of a JSON object within a string: only as one can it be inspected. Throws `invalidRequest` naming `field`. */
export function objectText(text: string, field: string): string {
  let value: unknown;
  try {
    ({ value } = parseJson(text));
  } catch (cause) {
    throw new GatewayError('invalidRequest', { detail: `\`${field}\` is not the text of a JSON object`, cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  throw new GatewayError('invalidRequest', { detail: `\`${field}\` is not the text of a JSON object` });
}
