import { describe, expect, it } from 'vitest';
import { createFaultList } from './findings.ts';

describe('a list of faults', () => {
  it('has those of the earliest entries first, and those of none last', () => {
    const faults = createFaultList();
    for (const index of [7, undefined, 3]) faults.add({ ...(index === undefined ? {} : { index }), message: 'x' });
    expect(faults.sorted().map(({ index }) => index)).toEqual([3, 7, undefined]);
  });

  it('counts all and keeps a hundred', () => {
    const faults = createFaultList();
    for (let index = 0; index < 250; index += 1) faults.add({ index, message: 'x' });
    expect(faults.count).toBe(250);
    expect(faults.sorted()).toHaveLength(100);
  });
});
