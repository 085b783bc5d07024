import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecentMap } from './recent-map.ts';

describe('a recent map', () => {
  it('forgets what was least recently used, and nothing before it is full', () => {
    const map = createRecentMap<number>(3);
    for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([0, 1, 2]);
    map.get('a');
    map.set('d', 3);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([0, undefined, 2, 3]);
  });

  it('replaces and deletes without forgetting another', () => {
    const map = createRecentMap<number>(2);
    map.set('a', 0);
    map.set('b', 1);
    map.set('a', 2);
    expect([map.get('a'), map.get('b')]).toEqual([2, 1]);
    map.delete('a');
    expect([map.get('a'), map.get('b')]).toEqual([undefined, 1]);
  });

  it('never holds more than it may', () => {
    const map = createRecentMap<number>(10);
    for (let at = 0; at < 1000; at += 1) map.set(String(at), at);
    expect(map.size).toBe(10);
  });

  it('keeps the order of use, whatever the order of the calls', () => {
    const call = fc.record({
      kind: fc.constantFrom('get', 'set', 'delete'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const map = createRecentMap<number>(3);
        let used: string[] = [];
        for (const [at, { kind, key }] of calls.entries()) {
          const isThere = used.includes(key);
          if (kind === 'get') expect(map.get(key) !== undefined).toBe(isThere);
          else if (kind === 'set') map.set(key, at);
          else map.delete(key);
          const stays = kind === 'set' || (kind === 'get' && isThere);
          used = [...used.filter((one) => one !== key), ...(stays ? [key] : [])].slice(-3);
        }
        expect(map.size).toBe(used.length);
      }),
    );
  });
});
