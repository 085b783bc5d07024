import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../core/index.ts';
import { toCanonicalHeaders } from './canonical-headers.ts';
import { toCanonicalPath } from './canonical-path.ts';
import { toCanonicalQuery } from './canonical-query.ts';
import type { SignatureClaim } from './claim.ts';
import { parseHeaderClaim } from './header-claim.ts';
import { decodeEscapes } from './percent-encoding.ts';
import { toStringToSign } from './verify-signature.ts';

const headOf = (...headers: RequestHead['headers']): RequestHead => ({
  method: 'POST',
  path: '/',
  query: '',
  headers,
  source: '',
});

describe('the canonical path', () => {
  it.each([
    ['/model/anthropic.claude-v2%3A1/converse', '/model/anthropic.claude-v2%253A1/converse'],
    ['/model/anthropic.claude-v2:1/converse', '/model/anthropic.claude-v2%3A1/converse'],
    ['/model/arn%3Aaws%2Fx/converse', '/model/arn%253Aaws%252Fx/converse'],
    ['/a//b/./c/../d/', '/a//b/./c/../d/'],
    ["/-._~!*'()+", '/-._~%21%2A%27%28%29%2B'],
  ])('of %s is %s', (path, expected) => {
    expect(toCanonicalPath(path, false)).toBe(expected);
  });

  it.each([
    ['/a//b/./c/../d/', '/a/b/d/'],
    ['/../../a', '/a'],
    ['/..', '/'],
    ['', '/'],
    ['//', '/'],
    ['/%2e%2E/a', '/%252e%252E/a'],
  ])('of %s, normalised, is %s', (path, expected) => {
    expect(toCanonicalPath(path, true)).toBe(expected);
  });

  it('is another for every other path: none can be passed off as one that was signed', () => {
    const path = fc.string({ unit: fc.constantFrom('/', '.', '%', '2', 'F', ':', 'a', '\x80') });
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(toCanonicalPath(one, false) === toCanonicalPath(other, false)).toBe(one === other);
      }),
    );
  });
});

describe('the canonical query', () => {
  it.each([
    ['', ''],
    ['b&a', 'a=&b='],
    ['a=2&a=1&a=10', 'a=1&a=10&a=2'],
    ['Param-3=1&Param=2', 'Param=2&Param-3=1'],
    ['a%20=1&a=2', 'a=2&a%20=1'],
    ['b=1&B=2&_=3&~=4', 'B=2&_=3&b=1&~=4'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=+', 'a=%2B'],
    ['a=%7E%2d%2f', 'a=~-%2F'],
    ['a=%zz%2', 'a=%25zz%252'],
    ['a=\xe1\x88\xb4', 'a=%E1%88%B4'],
    ['a&&b', '=&a=&b='],
  ])('of %j is %j', (query, expected) => {
    expect(toCanonicalQuery(query, [])).toBe(expected);
  });

  it('leaves out what is named, in whatever escapes', () => {
    expect(toCanonicalQuery('a=1&X-Sig=2&X%2DSig=3&x-sig=4', ['X-Sig'])).toBe('a=1&x-sig=4');
  });
});

describe('the canonical headers', () => {
  it('keep every byte but spaces and tabs', () => {
    const head = headOf(['host', 'h'], ['x-note', '\t \xa0a\xa0 \t \x85b\xa0  ']);
    expect(toCanonicalHeaders(head, ['host', 'x-note'])).toBe('host:h\nx-note:\xa0a\xa0 \x85b\xa0\n');
  });
});

describe('the string to sign', () => {
  it('holds the hash of the bytes that came', () => {
    const claim: SignatureClaim = {
      form: 'header',
      accessKeyId: 'A',
      scope: { date: '20260102', region: 'r', service: 's' },
      timestamp: '20260102T030405Z',
      signedAt: 0,
      signedHeaders: ['host'],
      signature: '',
      bodyHashes: [],
    };
    expect(toStringToSign(claim, '\xe9')).toBe(
      'AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/r/s/aws4_request\nde2e331d891ae267a7009cb45b4e8830f170e0c937288ea2731a1941c7a53b0d',
    );
  });
});

describe('the claim of an authorization header', () => {
  it('has one session token at most, since the first might be verified and the second believed', () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=A/20260102/r/s/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const date = ['x-amz-date', '20260102T030405Z'] as const;
    const token = ['x-amz-security-token', 'a'] as const;
    expect(parseHeaderClaim(headOf(date, token), authorization).sessionToken).toBe('a');
    expect(() => parseHeaderClaim(headOf(date, token, token), authorization)).toThrow('at most one token');
  });
});

describe('decodeEscapes', () => {
  it('undoes escapes once and leaves what is none', () => {
    expect(decodeEscapes('%2F%2f%252F%zz%')).toBe('//%2F%zz%');
  });
});
