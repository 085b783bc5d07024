/** Whether a pattern of IAM (`*` any text, `?` one character; `${Name}` not known yet, so any text) takes a text. */
export function takes(pattern: string, text: string, { anyCase = false } = {}): boolean {
  return new RegExp(`^${toExpression(pattern)}$`, anyCase ? 'is' : 's').test(text);
}

const isAction = { anyCase: true };

/** Whether an action of a policy (`bedrock:Invoke*`) takes an action (`bedrock:InvokeModel`). */
export const takesAction = (pattern: string, action: string): boolean => takes(pattern, action, isAction);

function toExpression(pattern: string): string {
  return toSymbols(pattern)
    .map((symbol) => (symbol === ANY ? '.*' : symbol === ONE ? '.' : symbol.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')))
    .join('');
}

const ANY = '*';
const ONE = '?';

/** The characters, runs of "any text" as one. */
function toSymbols(pattern: string): readonly string[] {
  return [...pattern.replace(/\$\{[^}]*\}/g, ANY).replace(/\*+/g, ANY)];
}

/**
 * Whether some text is taken by both patterns. What is not known yet may be anything, but two names of one template
 * (`${One.Arn}/*`, `${Other.Arn}/*`) in the same place are two things.
 */
export function overlap(one: string, other: string): boolean {
  const names = [firstName(one), firstName(other)];
  if (names[0] !== undefined && names[1] !== undefined && names[0].before === names[1].before) {
    if (names[0].name !== names[1].name) return false;
  }
  const [left, right] = [toSymbols(one), toSymbols(other)];
  const width = right.length + 1;
  // `reached` are the places in `right` up to which the symbols of `left` so far can agree with it.
  let reached = skipAny(new Set([0]), right);
  for (const symbol of left) {
    const next = new Set<number>();
    for (const place of reached) {
      if (symbol === ANY) for (let after = place; after < width; after += 1) next.add(after);
      else if (right[place] === ANY) next.add(place);
      else if (agree(symbol, right[place])) next.add(place + 1);
    }
    reached = skipAny(next, right);
  }
  return reached.has(right.length);
}

const agree = (one: string, other: string | undefined) =>
  other !== undefined && (one === ONE || other === ONE || one.toLowerCase() === other.toLowerCase());

/** "Any text" may be no text at all. */
function skipAny(places: Set<number>, symbols: readonly string[]): Set<number> {
  for (const place of places) if (symbols[place] === ANY) places.add(place + 1);
  return places;
}

/** The first name that is not one of CloudFormation's own, and what stands before it. */
function firstName(pattern: string): { readonly before: string; readonly name: string } | undefined {
  const match = /\$\{(?!AWS::|aws:|\?)([^}.]+)/.exec(pattern);
  return match === null ? undefined : { before: pattern.slice(0, match.index), name: match[1] ?? '' };
}
