import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.ts';
import { createRequestId, parseModelId, parsePrincipalId, parseRequestId, parseTenantId } from './ids.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const time = fc.nat({ max: 2 ** 48 - 1 });
const entropy = fc.uint8Array({ minLength: 10, maxLength: 16 });

describe('a request id', () => {
  it('has the form of a UUIDv7 whatever the time and the random bytes', () => {
    fc.assert(fc.property(time, entropy, (now, random) => void expect(createRequestId(now, random)).toMatch(UUID_V7)));
  });

  it('holds the time in its first 48 bits, so that later ids sort after earlier ones', () => {
    fc.assert(
      fc.property(time, time, entropy, entropy, (one, other, a, b) => {
        const id = createRequestId(one, a);
        expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(one);
        if (one < other) expect(id < createRequestId(other, b)).toBe(true);
      }),
    );
  });

  it('is the example of RFC 9562, appendix A.6', () => {
    const random = Buffer.from('cc318c4dc0c0c07398f0', 'hex');
    expect(createRequestId(0x017f22e279b0, random)).toMatch(/^017f22e2-79b0-7cc3-98c4-dc0c0c07398f$/);
  });

  it('takes every random bit it can hold', () => {
    const ids = new Set(Array.from({ length: 1_000 }, () => createRequestId(1, randomBytes(10))));
    expect(ids.size).toBe(1_000);
    expect(createRequestId(0, new Uint8Array(10))).toBe('00000000-0000-7000-8000-000000000000');
    expect(createRequestId(0, new Uint8Array(10).fill(255))).toBe('00000000-0000-7fff-bfff-ffffffffffff');
  });

  it('is not made from too little entropy', () => {
    expect(() => createRequestId(0, new Uint8Array(9))).toThrow(RangeError);
  });

  it('is parsed back, and nothing else is', () => {
    const id = createRequestId(1, randomBytes(10));
    expect(parseRequestId(id)).toBe(id);
    for (const text of ['', 'x', id.toUpperCase(), ` ${id}`, `${id}\n`, '00000000-0000-4000-8000-000000000000']) {
      expect(() => parseRequestId(text)).toThrow(GatewayError);
    }
  });
});

describe.each([
  ['tenant', parseTenantId],
  ['principal', parsePrincipalId],
])('a %s name', (_name, parse) => {
  it('is a letter, then letters, digits, `_` or `-`', () => {
    expect(parse('Acme_health-2')).toBe('Acme_health-2');
    expect(parse('a'.repeat(63))).toHaveLength(63);
  });

  it.each(['', '2acme', '-a', 'a.b', 'a/b', 'a b', 'é', 'a\n', 'a'.repeat(64)])('is not %j', (text) => {
    expect(() => parse(text)).toThrow(GatewayError);
  });
});

describe('a model id', () => {
  it.each([
    'amazon.titan-text-lite-v1',
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'arn:aws:bedrock:eu-west-1::foundation-model/x',
  ])('may be %s', (text) => {
    expect(parseModelId(text)).toBe(text);
  });

  it.each(['', '.a', '/a', 'a b', 'a?b', 'a#b', 'a%2F', 'a\n', `a${'b'.repeat(2048)}`])('is not %j', (text) => {
    expect(() => parseModelId(text)).toThrow(GatewayError);
  });
});
