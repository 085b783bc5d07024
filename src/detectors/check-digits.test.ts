import { expect, it } from 'vitest';
import { digitsOf, hasLuhnDigit, isOneDigit, weightedSum } from './check-digits.ts';

it('knows the check digit by the formula of Luhn', () => {
  // The example of ISO/IEC 7812-1, and a number of a payment scheme for tests.
  expect(hasLuhnDigit('79927398713')).toBe(true);
  expect(hasLuhnDigit('4111111111111111')).toBe(true);
  expect(hasLuhnDigit('4111111111111112')).toBe(false);
});

it('adds digits up by their weights', () => {
  expect(weightedSum('123', [3, 7, 1])).toBe(20);
  expect(weightedSum('1234', [1])).toBe(1);
});

it('reads digits out of what is written, and knows one that is repeated', () => {
  expect(digitsOf('12 3-4a')).toBe('1234');
  expect(isOneDigit('1111')).toBe(true);
  expect(isOneDigit('1112')).toBe(false);
});
