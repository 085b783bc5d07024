import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceOf } from './trace.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const W3C = `00-${ID}-${SPAN}-01`;
const AMAZON = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const OWN = '0102030405060708';
const take = () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const headOf = (...headers: readonly (readonly [string, string])[]) => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: headers.map(([name, value]): [string, string] => [name, value]),
  source: '',
});
const of = (name: string, value: string) => traceOf(headOf([name, value]), take);
const NONE = { logged: {}, sent: {} };

describe('the trace of a request', () => {
  it('goes on from a traceparent with a span of the gateway', () => {
    const expected = { logged: { traceId: ID }, sent: { traceparent: `00-${ID}-${OWN}-01` } };
    expect(of('traceparent', W3C)).toEqual(expected);
    expect(of('traceparent', W3C.replace(/01$/, 'fe')).sent.traceparent).toMatch(/-00$/);
    expect(of('traceparent', `cc${W3C.slice(2)}-what the future brings`)).toEqual(expected);
  });

  it('goes on from the header of AWS, and from what Lambda says', () => {
    const traceId = '5759e988bd862e3fe1be46a994272793';
    const expected = { logged: { traceId }, sent: { traceparent: `00-${traceId}-${OWN}-01` } };
    expect(of('x-amzn-trace-id', AMAZON)).toEqual(expected);
    expect(of('x-amzn-trace-id', `Self=1-67891234-12456789abcdef012345678; ${AMAZON}`)).toEqual(expected);
    expect(of('x-amzn-trace-id', AMAZON.replace('=1;', '=0;').replace(/1$/, '0')).sent.traceparent).toMatch(/-00$/);
    expect(traceOf(headOf(), take, AMAZON)).toEqual(expected);
    expect(traceOf(headOf(['x-amzn-trace-id', 'Root=x']), take, AMAZON)).toEqual(expected);
  });

  it('is that of the traceparent where both are there', () => {
    const head = headOf(['x-amzn-trace-id', AMAZON], ['traceparent', W3C]);
    expect(traceOf(head, take, AMAZON).logged.traceId).toBe(ID);
  });

  it.each([
    ['traceparent', ''],
    ['traceparent', W3C.toUpperCase()],
    ['traceparent', ` ${W3C}`],
    ['traceparent', `${W3C}-more`],
    ['traceparent', `${W3C}\n`],
    ['traceparent', `ff${W3C.slice(2)}`],
    ['traceparent', `cc${W3C.slice(2)}more`],
    ['traceparent', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['traceparent', `00-${ID}-${'0'.repeat(16)}-01`],
    ['traceparent', `00-${ID.slice(1)}-${SPAN}-01`],
    ['x-amzn-trace-id', AMAZON.replace('1-', '2-')],
    ['x-amzn-trace-id', AMAZON.toUpperCase()],
    ['x-amzn-trace-id', `${AMAZON};${AMAZON}`],
    ['x-amzn-trace-id', `${AMAZON};${'x'.repeat(1_024)}`],
    ['x-amzn-trace-id', 'Root=1-00000000-000000000000000000000000'],
    ['x-amzn-trace-id', 'Parent=53995c3f42cd8ad8'],
    ['tracestate', W3C],
  ])('is none where %s is %j', (name, value) => {
    expect(of(name, value)).toEqual(NONE);
  });

  it('is none where two are told', () => {
    expect(traceOf(headOf(['traceparent', W3C], ['traceparent', W3C]), take)).toEqual(NONE);
  });

  it('is hexadecimal digits, whatever a caller writes', () => {
    const near = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.nat(99)).map(([text, at]) => W3C.slice(0, at) + text + W3C.slice(at)),
      fc.tuple(fc.string(), fc.nat(99)).map(([text, at]) => AMAZON.slice(0, at) + text + AMAZON.slice(at)),
    );
    fc.assert(
      fc.property(near, near, (one, other) => {
        const { logged, sent } = traceOf(headOf(['traceparent', one], ['x-amzn-trace-id', other]), take);
        if (logged.traceId !== undefined) expect(logged.traceId).toMatch(/^[0-9a-f]{32}$/);
        if (sent.traceparent !== undefined) expect(sent.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
      }),
    );
  });
});
