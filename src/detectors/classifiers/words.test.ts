import { expect, it } from 'vitest';
import { contentWordsOf, wordsOf } from './words.ts';

it('reads words as they are folded', () => {
  expect(wordsOf('Größe, Ca\u200bfé — DON’T').map(({ text }) => text)).toEqual(['grosse', 'cafe', "don't"]);
});

it.each([
  ['1,200', '1200'],
  ['1.200', '1200'],
  ['3.50', '3.5'],
  ['3,5', '3.5'],
  ['12.0', '12'],
  ['1,234,567.80', '1234567.8'],
  ['two', '2'],
  ['٤٢', '42'],
])('reads the number %s', (text, value) => {
  expect(wordsOf(text)).toMatchObject([{ text: value, kind: 'number' }]);
});

it('marks names and what has digits among its letters', () => {
  expect(wordsOf('the Acme model X200 costs 5').map(({ isMarked }) => isMarked)).toEqual([
    false,
    true,
    false,
    true,
    false,
    false,
  ]);
});

it('leaves out words that say nothing', () => {
  expect(contentWordsOf('What is the price of the two tickets?').map(({ stem }) => stem)).toEqual([
    'pric',
    '2',
    'ticket',
  ]);
});

it('takes each pair of characters where there are no spaces', () => {
  expect(wordsOf('我想买股票').map(({ text }) => text)).toEqual(['我想', '想买', '买股', '股票']);
});
