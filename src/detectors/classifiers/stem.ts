/** Endings that leave the sense of a word as it is, the longer ones first; each with the shortest stem it may leave. */
const ENDINGS: readonly (readonly [ending: string, least: number])[] = [
  ['ations', 4],
  ['ation', 4],
  ['ments', 4],
  ['ment', 4],
  ['ings', 3],
  ['ing', 3],
  ['ness', 4],
  ['ions', 4],
  ['ion', 4],
  ['ors', 4],
  ['ers', 4],
  ['or', 4],
  ['er', 4],
  ['ed', 3],
  ['ly', 4],
  ['al', 4],
];
const VOWEL = /[aeiouy]/;
const DOUBLED = /([bdfgmnprt])\1$/;

/**
 * What the forms of an English word have in common: "invests", "invested", "investing", "investor" and "investment"
 * are one. Rough: it is for counting shared words, and where two words meet by mistake little is lost.
 */
export function stemOf(word: string): string {
  const single = toSingular(word);
  for (const [ending, least] of ENDINGS) {
    if (!single.endsWith(ending)) continue;
    const stem = single.slice(0, -ending.length);
    if (stem.length >= least && VOWEL.test(stem)) return withoutLastVowel(stem.replace(DOUBLED, '$1'));
  }
  return withoutLastVowel(single);
}

function toSingular(word: string): string {
  if (word.length < 4) return word;
  if (word.endsWith("'s")) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return /[^suix']s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutLastVowel(stem: string): string {
  if (stem.length > 3 && stem.endsWith('e')) return stem.slice(0, -1);
  return stem.length > 3 && stem.endsWith('y') ? `${stem.slice(0, -1)}i` : stem;
}
