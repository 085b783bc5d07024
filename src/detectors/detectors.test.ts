import { expect, it } from 'vitest';
import { inspectedTypes } from '../core/index.ts';
import { detectors } from './detectors.ts';

it('is one table of every detector under its name, and together they find every type', () => {
  expect(Object.values(detectors).map(({ name }) => name)).toEqual(Object.keys(detectors));
  expect(new Set(Object.values(detectors).map(({ type }) => type))).toEqual(new Set(inspectedTypes));
});
