import { expect, it } from 'vitest';
import { confidenceOf } from './entity-confidence.ts';

it('is surest of what a check digit proves, and least of what words around it suggest', () => {
  expect(confidenceOf('CREDIT_DEBIT_CARD_NUMBER')).toBeGreaterThan(confidenceOf('PASSWORD'));
  expect(confidenceOf('PASSWORD')).toBeGreaterThan(confidenceOf('NAME'));
  expect(confidenceOf('NAME')).toBeGreaterThan(0.5);
});
