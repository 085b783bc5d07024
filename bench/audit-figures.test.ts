import { expect, it } from 'vitest';
import { atLeast, atMost, toFigure, toFigureTable } from './audit/figures.ts';

const rate = { name: 'a rate', unit: 'records/s' };

it('judges a value before it is rounded, and what is not a number as missed', () => {
  expect(toFigure({ ...rate, value: 4_999.9, aim: atLeast(5_000) })).toMatchObject({ value: 5_000, met: false });
  expect(toFigure({ ...rate, value: 5_000, aim: atLeast(5_000) }).met).toBe(true);
  expect(toFigure({ ...rate, value: 10.01, aim: atMost(10) })).toMatchObject({ value: 10, met: false });
  expect(toFigure({ ...rate, value: Number.NaN, aim: atMost(10) }).met).toBe(false);
});

it('judges nothing where there is no aim', () => {
  expect(toFigure({ ...rate, value: 1 })).toEqual({ ...rate, value: 1, aim: null, met: null });
});

it('shows a figure beside its floor and its aim', () => {
  const text = toFigureTable([toFigure({ ...rate, value: 600, floor: 1_200, aim: atLeast(5_000) })]);
  expect(text.split('\n').at(-1)).toMatch(/a rate \| +600 \| records\/s \| +1200 \| +0\.50 \| at least 5000 \| MISSED/);
});
