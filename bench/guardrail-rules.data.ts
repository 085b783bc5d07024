/** Patterns such as an organisation has for what is its own. */
export const listedPatterns = [
  'ACCT-\\d{6,10}',
  '\\b[A-Z]{2}\\d{6}[A-Z]\\b',
  '(?i)project\\s+(?:falcon|osprey|kestrel)',
  '\\bEMP\\d{5}\\b',
  '(?i)internal use only',
  '[A-Z]{3}-\\d{3}-[A-Z]{2}',
  '\\d{3}-\\d{2}-\\d{4}',
  'https?://intranet\\.[a-z]+\\.example',
  '\\w+@corp\\.example',
  '(?i)confidential(?:ity)?',
  '\\b\\d{4}[ -]?\\d{4}[ -]?\\d{4}\\b',
  'INV\\d+',
  '(?i)mrn[: ]*\\d{7}',
  '\\b[0-9A-F]{32}\\b',
  '(?i)\\bcase\\s+no\\.?\\s*\\d+',
  'TKT[-_]?\\d{4,}',
  '(?:SKU|PN):[A-Z0-9]+',
  '\\$\\d+(?:\\.\\d{2})?',
  '\\bv\\d+\\.\\d+\\.\\d+\\b',
  '[A-Z][a-z]+ v\\. [A-Z][a-z]+',
].map((pattern, at) => ({ name: `pattern ${at}`, pattern }));

const SYLLABLES = 'ba de fi go hu ka lo me ni pu ra se ti vo wu xa ye zi co qui'.split(' ');

/** Made words of four syllables, all different, the same for the same count. */
export function listedWords(count: number): readonly { readonly text: string }[] {
  return Array.from({ length: count }, (_, at) => {
    const places = [at, at / 20, at / 400, at / 8_000].map((place) => SYLLABLES[Math.floor(place) % SYLLABLES.length]);
    return { text: places.join('') };
  });
}
