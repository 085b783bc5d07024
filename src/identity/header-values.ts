import type { RequestHead } from '../core/index.ts';

/** The values of a header by lower-case name, in order of arrival. */
export function valuesOf({ headers }: Pick<RequestHead, 'headers'>, wanted: string): readonly string[] {
  const values: string[] = [];
  for (const header of headers) if (header[0] === wanted) values.push(header[1]);
  return values;
}
