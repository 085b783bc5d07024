import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf, everything, exchange, exchanges, MARK, request, unanswered } from './export-fixture.suite.ts';
import { toJsonl } from './jsonl.ts';

describe('an exchange as a line of JSON', () => {
  it('carries all that the records have', () => {
    const line = JSON.parse(toJsonl(everything, contextOf('full', { accountId: '123456789012' })));
    const { response } = everything;
    const { kind: _request, requestId, findings, original, rewritten, files, ...header } = everything.request;
    const { kind: _response, requestId: _id, ...outcome } = response ?? {};
    expect(line).toEqual({
      schema: 'sallyport.exchange/1',
      requestId,
      environment: 'production',
      region: 'eu-central-1',
      accountId: '123456789012',
      log: {
        origin: 'example.org/log',
        request: { index: 40, leafHash: '11'.repeat(32) },
        response: { index: 41, leafHash: '22'.repeat(32) },
      },
      body: 'full',
      request: {
        ...header,
        time: '2025-11-24T16:00:00.000Z',
        decision: 'rewrite',
        sent: true,
        original,
        rewritten,
        findings,
        files,
      },
      releases: everything.releases.map(({ time, events, sequence, parent }) => ({
        time: new Date(time).toISOString(),
        parent,
        sequence,
        released: events,
      })),
      response: { ...outcome, time: '2025-11-24T16:00:00.640Z' },
    });
  });

  it('lacks what cannot be masked, and what the model said before the answer was masked', () => {
    const line = JSON.parse(toJsonl(everything, contextOf('masked')));
    expect(line.request).not.toHaveProperty('original');
    expect(line.request.masked[1].text).toBe('Is {EMAIL} a customer?');
    expect(line.request.files).toEqual([{ kind: 'image', format: 'png' }]);
    expect(line.response).not.toHaveProperty('original');
    expect(line.response).not.toHaveProperty('findings');
    expect(line.response.released).toHaveLength(2);
    expect(JSON.stringify(line)).not.toMatch(/jane|23125/);
  });

  it('carries headers alone where no body goes out', () => {
    fc.assert(
      fc.property(exchanges, (any) => {
        const text = toJsonl(any, contextOf('none'));
        expect(text).not.toContain(MARK);
        const { request: asked, releases, response } = JSON.parse(text);
        expect(Object.keys({ ...asked, ...releases[0], ...response })).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/^(original|rewritten|masked|findings|files|released)$/)]),
        );
      }),
    );
  });

  it('has no response while the exchange is under way, and no member that is not known', () => {
    const { response, log, accountId } = JSON.parse(toJsonl(unanswered, contextOf('masked')));
    expect({ response, accountId, entry: log.response }).toEqual({});
    const { released: _, ...refused } = exchange.response ?? {};
    const line = toJsonl({ ...unanswered, response: { ...refused } as never }, contextOf('masked'));
    expect(JSON.parse(line).response).not.toHaveProperty('released');
  });

  it('names its members in the same order always', () => {
    const keysOf = (text: string) => Object.keys(JSON.parse(text));
    expect(keysOf(toJsonl(exchange, contextOf('full', { accountId: '1' })))).toEqual([
      'schema',
      'requestId',
      'environment',
      'region',
      'accountId',
      'log',
      'body',
      'request',
      'releases',
      'response',
    ]);
    const reordered = Object.fromEntries(Object.entries(request).toReversed()) as unknown as typeof request;
    expect(toJsonl({ ...exchange, request: reordered }, contextOf('full'))).toBe(toJsonl(exchange, contextOf('full')));
  });

  it('is one line for every reader, and reads back as it was', () => {
    fc.assert(
      fc.property(
        exchanges,
        fc.constantFrom('\u2028', '\u2029', '\u0085', '\u007f', '\u0000', '\ud800'),
        (any, odd) => {
          const first = { kind: 'text', origin: 'user', path: '/0', text: `a${odd}b` } as const;
          const { rewritten: _, ...asked } = any.request;
          const text = toJsonl(
            { ...any, request: { ...asked, original: [first, ...asked.original] } },
            contextOf('full'),
          );
          expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(text.at(-1)).toBe('\n');
          expect(text.isWellFormed()).toBe(true);
          const { original } = JSON.parse(text).request;
          expect(original).toEqual([first, ...any.request.original]);
        },
      ),
    );
  });
});
