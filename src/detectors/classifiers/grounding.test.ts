import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreGrounding } from './grounding.ts';

const sources = [
  'The lease runs for 24 months from 1 March. The monthly rent is 1,250 euros. Pets are not allowed in the flat.',
  'The landlord, Peter Brandt, lives in Basel. Prices increased by two percent in May.',
];
const score = (answer: string) => scoreGrounding({ sources, answer });

describe('grounding', () => {
  it.each([
    'The monthly rent is 1,250 euros.',
    'the MONTHLY rent is 1250 euros',
    'The monthly rent is 1,250 euros. Pets are not allowed in the flat.',
    'The landlord, Peter Brandt, lives in Basel.',
    'Yes.',
    '',
  ])('is 1 of %j', (answer) => {
    expect(score(answer)).toBeCloseTo(1);
  });

  it.each([
    ['another number', 'The monthly rent is 1,350 euros.'],
    ['a number of another sentence', 'The lease runs for 1,250 months.'],
    ['another name', 'The landlord, Anna Weiss, lives in Basel.'],
    ['a negation left out', 'Pets are allowed in the flat.'],
    ['a negation more', 'The landlord, Peter Brandt, does not live in Basel.'],
    ['the opposite', 'Prices decreased by two percent in May.'],
    ['what no source says', 'The kitchen was renovated by a carpenter last summer.'],
    ['one claim of several that no source makes', 'The monthly rent is 1,250 euros. A garage costs 90 euros more.'],
  ])('is low with %s', (_, answer) => {
    expect(score(answer)).toBeLessThan(0.5 + 0.05);
  });

  it('says less of what is in other words', () => {
    expect(score('The rent is 1,250 euros for each month of the lease.')).toBeGreaterThan(0.5);
    expect(score('The rent is 1,250 euros for each month of the lease.')).toBeLessThan(1);
  });

  it('joins what two sentences say', () => {
    expect(score('The lease runs for 24 months, and the monthly rent is 1,250 euros.')).toBeGreaterThan(0.8);
  });

  it('of no sources is 0, unless nothing is claimed', () => {
    expect(scoreGrounding({ sources: [], answer: 'Water boils at 100 degrees.' })).toBe(0);
    expect(scoreGrounding({ sources: [], answer: 'It is.' })).toBe(1);
  });

  it('lies between 0 and 1, and is 1 of any source itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (source, answer) => {
        const value = scoreGrounding({ sources: [source], answer });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(scoreGrounding({ sources: [source], answer: source })).toBeGreaterThan(0.999);
      }),
    );
  });

  it('takes time that grows with the texts, also where every sentence has the same words', () => {
    const cpu = (count: number) => {
      const text = 'the same four words again. '.repeat(count);
      const started = process.cpuUsage();
      scoreGrounding({ sources: [text], answer: text });
      return process.cpuUsage(started).user;
    };
    const small = Math.max(cpu(400), cpu(400), 2_000);
    expect(cpu(4_000)).toBeLessThan(60 * small);
  });
});
