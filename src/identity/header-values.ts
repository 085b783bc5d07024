import type { RequestHead } from '../core/index.ts';

/** The values of a header by lower-case name, in order of arrival. */
export function valuesOf({ headers }: Pick<RequestHead, 'headers'>, wanted: string): readonly string[] {
  const values: string[] = [];
  for (const [name, value] of headers) if (name === wanted) values.push(value);
  return values;
}
