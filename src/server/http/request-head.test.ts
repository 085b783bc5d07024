import { describe, expect, it } from 'vitest';
import { headerLookup, namesLoopback, requireSmallHead } from './request-head.ts';

const head = (...headers: (readonly [string, string])[]) => ({ headers });

describe('the head of a request', () => {
  const limits = { maxHeaders: 2, maxHeaderBytes: 20 };
  const of =
    (...headers: (readonly [string, string])[]) =>
    () =>
      requireSmallHead({ headers }, limits);

  it('has a bounded number of headers, those of HTTP/2’s own aside', () => {
    expect(of([':method', 'GET'], [':path', '/'], ['a', 'b'], ['a', 'c'])).not.toThrow();
    expect(of(['a', 'b'], ['a', 'c'], ['d', ''])).toThrow('more than 2 headers');
  });

  it('has a bounded number of bytes', () => {
    expect(of(['name', 'x'.repeat(16)])).not.toThrow();
    expect(of(['name', 'x'.repeat(17)])).toThrow('headers of more than 20 bytes');
    expect(of([':path', 'x'.repeat(16)])).toThrow('The request is not valid');
  });
});

describe('the Host check', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '127.0.0.2', '[::1]:8080', '[::1]'])(
    'accepts %s',
    (name) => {
      expect(namesLoopback(head(['host', name]))).toBe(true);
      expect(namesLoopback(head([':authority', name]))).toBe(true);
    },
  );

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
