import { describe, expect, it } from 'vitest';
import { createDecisionCache } from './decision-cache.ts';

const allowed = { allowed: true, policies: ['a'], failed: false };

describe('the decision cache', () => {
  it('asks once a question', () => {
    const cache = createDecisionCache(2);
    expect(cache.get('one', () => allowed)).toBe(allowed);
    expect(cache.get('one', () => ({ ...allowed, allowed: false }))).toBe(allowed);
    expect(cache.get('two', () => ({ ...allowed, allowed: false })).allowed).toBe(false);
  });

  it('never holds more than it was made for', () => {
    const cache = createDecisionCache(2);
    const asked: string[] = [];
    const ask = (question: string) =>
      cache.get(question, () => {
        asked.push(question);
        return allowed;
      });
    for (const question of ['one', 'two', 'one', 'three', 'three', 'one']) ask(question);
    expect(asked).toEqual(['one', 'two', 'three', 'one']);
  });

  it('keeps nothing of a question that could not be asked', () => {
    const cache = createDecisionCache(2);
    const fails = () => {
      throw new Error('out of memory');
    };
    expect(() => cache.get('one', fails)).toThrow('out of memory');
    expect(cache.get('one', () => allowed)).toBe(allowed);
  });
});
