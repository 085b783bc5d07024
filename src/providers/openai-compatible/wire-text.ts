import { type Exchange, GatewayError, type PartIndex, textOf } from '../../core/index.ts';

/** What the positions of a request lead to. */
export type Texts = Pick<Exchange, 'parts'>;

/** A text as a JSON string. */
export function quote(texts: Texts, index: PartIndex): string {
  return JSON.stringify(textOf(texts, index));
}

/** Several texts as one: not every chat template takes a list. The line break keeps their words apart. */
export function joinTexts(texts: Texts, indexes: readonly PartIndex[]): string {
  return indexes.map((index) => textOf(texts, index)).join('\n');
}

/** What the API has no field for: refused, since left out it would be missed by nobody. */
export function unsupported(detail: string): GatewayError {
  return new GatewayError('unsupported', { detail });
}
