import { expect, it } from 'vitest';
import { stemOf } from './stem.ts';

it.each([
  ['invest', ['invest', 'invests', 'invested', 'investing', 'investor', 'investors', 'investment', 'investments']],
  ['stop', ['stop', 'stops', 'stopped', 'stopping']],
  ['compani', ['company', 'companies', "company's"]],
  ['recommend', ['recommend', 'recommends', 'recommendation', 'recommendations']],
  ['box', ['box', 'boxes']],
])('%s is what its forms have in common', (stem, words) => {
  expect(words.map(stemOf)).toEqual(words.map(() => stem));
});

it.each(['bus', 'this', 'glass', 'king', 'red', 'a', '', 'water', 'über'])('leaves `%s` as it is', (word) => {
  expect(stemOf(word)).toBe(word);
});
