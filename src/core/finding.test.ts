import { describe, expect, it } from 'vitest';
import { countFindings, findingTypes } from './finding.ts';

describe('countFindings', () => {
  it('counts by type and names only the types that were found', () => {
    expect(countFindings([{ type: 'EMAIL' }, { type: 'PHONE' }, { type: 'EMAIL' }])).toEqual({ EMAIL: 2, PHONE: 1 });
    expect(countFindings([])).toEqual({});
  });
});

describe('the finding types', () => {
  it('are each listed once, in the form of a masking tag', () => {
    expect(new Set(findingTypes).size).toBe(findingTypes.length);
    for (const type of findingTypes) expect(type).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });
});
