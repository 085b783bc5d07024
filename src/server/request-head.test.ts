import { describe, expect, it } from 'vitest';
import { headerLookup, namesLoopback } from './request-head.ts';

const head = (...headers: (readonly [string, string])[]) => ({ headers });

describe('the Host check', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080', '[::1]'])('accepts %s', (name) => {
    expect(namesLoopback(head(['host', name]))).toBe(true);
    expect(namesLoopback(head([':authority', name]))).toBe(true);
  });

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8080', '', '127.0.0.1:8080@evil'])(
    'refuses %j, a name that DNS could point here',
    (name) => {
      expect(namesLoopback(head(['host', name]))).toBe(false);
    },
  );

  it('refuses a request without a host, and one with a second, foreign one', () => {
    expect(namesLoopback(head())).toBe(false);
    expect(namesLoopback(head(['host', 'localhost'], ['host', 'evil.example']))).toBe(false);
    expect(namesLoopback(head([':authority', 'localhost'], ['host', 'evil.example']))).toBe(false);
  });
});

describe('the header look-up', () => {
  it('gives the first value of a name', () => {
    const lookup = headerLookup(head(['a', '1'], ['b', '2'], ['a', '3']));
    expect(lookup('a')).toBe('1');
    expect(lookup('c')).toBeUndefined();
  });
});
