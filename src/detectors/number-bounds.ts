/**
 * What may stand around a number that is taken for a value: no further digit, and no decimal point with one. One rule
 * for all numbers: where a finding ends, no other finding may begin that could not begin before it was masked.
 */
export const BEFORE_NUMBER = '(?<![0-9]|[0-9]\\.)';
export const AFTER_NUMBER = '(?![0-9]|\\.[0-9])';

/** Pattern source for what may still become a number with separators, of at most `longest` units. */
export function unfinishedNumber(longest: number): string {
  return `${BEFORE_NUMBER}[0-9][0-9 .()/-]{0,${longest - 1}}$`;
}
