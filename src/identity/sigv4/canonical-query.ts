import { canonicalizeEscapes } from './percent-encoding.ts';

/** A parameter of a query, name and value in canonical escapes. */
export type Parameter = readonly [name: string, value: string];

/** The parameters of a raw query, in order of arrival. */
export function toParameters(query: string): readonly Parameter[] {
  if (query === '') return [];
  return query.split('&').map((text) => {
    const sign = text.indexOf('=');
    return sign === -1
      ? [canonicalizeEscapes(text), '']
      : [canonicalizeEscapes(text.slice(0, sign)), canonicalizeEscapes(text.slice(sign + 1))];
  });
}

/** The query of a canonical request: sorted by name, then by value, without the parameters named in `omitted`. */
export function toCanonicalQuery(query: string, omitted: readonly string[]): string {
  return toParameters(query)
    .filter(([name]) => !omitted.includes(name))
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

// Sorting `name=value` whole would put `Param-3` before `Param`, because `-` comes before `=`.
function byNameThenValue([name, value]: Parameter, [otherName, otherValue]: Parameter): number {
  return compare(name, otherName) || compare(value, otherValue);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
