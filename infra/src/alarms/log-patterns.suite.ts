type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Whether a line of JSON matches a filter pattern of CloudWatch Logs, as far as ours use that: `=` and `!=` with `*` at the
 * ends, `&&`, `||`, brackets, and `[*]` for any entry ("Filter pattern syntax"). A selector that leads nowhere matches
 * neither.
 */
export function matches(pattern: string, line: Json): boolean {
  const tokens = [...pattern.matchAll(/\(|\)|&&|\|\||\$[.\w[\]*-]+|!=|=|"[^"]*"/g)].map(([token]) => token);
  let at = 0;
  const next = () => tokens[at++];

  function either(): boolean {
    let result = both();
    while (tokens[at] === '||') {
      next();
      result = both() || result;
    }
    return result;
  }
  function both(): boolean {
    let result = one();
    while (tokens[at] === '&&') {
      next();
      result = one() && result;
    }
    return result;
  }
  function one(): boolean {
    if (tokens[at] === '(') {
      next();
      const result = either();
      if (next() !== ')') throw new Error('a bracket is missing');
      return result;
    }
    const [selector = '', operator, literal = ''] = [next(), next(), next()];
    const wanted = new RegExp(
      `^${literal
        .slice(1, -1)
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')}$`,
    );
    const found = select(line, selector).filter((value) => typeof value === 'string');
    return found.some((value) => wanted.test(value) === (operator === '='));
  }
  const result = either();
  if (at !== tokens.length) throw new Error(`not read to its end: ${tokens.slice(at).join(' ')}`);
  return result;
}

function select(value: Json, selector: string): readonly Json[] {
  const steps = [...selector.matchAll(/\.([\w-]+)|\[\*\]/g)].map(([, name]) => name);
  return steps.reduce<readonly Json[]>(
    (values, name) =>
      values.flatMap((each) => {
        if (name === undefined) return Array.isArray(each) ? each : [];
        if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
        const child = (each as Readonly<Record<string, Json>>)[name];
        return child === undefined ? [] : [child];
      }),
    [value],
  );
}
