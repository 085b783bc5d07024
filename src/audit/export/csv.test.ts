import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsvHeader, toCsvLine } from './csv.ts';
import { contextOf, everything, exchange, exchanges, MARK, unanswered } from './export-fixture.suite.ts';

/** Reads RFC 4180 by its grammar, unit by unit. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let [row, cell, isQuoted] = [[] as string[], '', false];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    if (isQuoted) {
      if (unit !== '"') cell += unit;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (unit === '"') isQuoted = true;
    else if (unit === ',') {
      row.push(cell);
      cell = '';
    } else if (unit === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      at += 1;
    } else cell += unit;
  }
  if (isQuoted || row.length > 0 || cell !== '') throw new Error('the last line does not end');
  return rows;
}

function readRow(line: string): Readonly<Record<string, string>> {
  const [names = [], cells = [], ...rest] = parseCsv(toCsvHeader() + line);
  expect(rest).toEqual([]);
  expect(cells).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
}

describe('an exchange as a line of CSV', () => {
  it('has every column of the header', () => {
    expect(readRow(toCsvLine(everything, contextOf('full')))).toEqual({
      time: '2025-11-24T16:00:00.000Z',
      request_id: '019ab2c4-7d00-7a5c-9f1e-000000000007',
      environment: 'production',
      region: 'eu-central-1',
      tenant: 'acme',
      principal: 'claims',
      credential_id: 'k1',
      credential_kind: 'apiKey',
      protocol: 'bedrock',
      operation: 'Converse',
      action: 'InvokeModel',
      model: 'amazon.nova-lite-v1:0',
      provider: 'bedrock',
      provider_request_id: '915a6a04-3f83-4c70-a277-7fbf7ea546b3',
      policy_version: 'p1',
      decision: 'rewrite',
      stages: 'detect=found guard-input=pass mask=rewrite',
      request_findings: 'EMAIL=1 PHONE=1',
      status: 'failed',
      code: 'upstreamInterrupted',
      stop: 'endTurn',
      response_time: '2025-11-24T16:00:00.640Z',
      response_findings: 'EMAIL=1',
      input_tokens: '21',
      output_tokens: '3',
      cache_read_input_tokens: '5',
      cache_write_input_tokens: '7',
      reasoning_tokens: '1',
      releases: '2',
      bytes_sent: '412',
      dropped: '2',
      log_origin: 'example.org/log',
      request_index: '40',
      request_leaf_hash: '11'.repeat(32),
      response_index: '41',
      response_leaf_hash: '22'.repeat(32),
    });
  });

  it('leaves empty what is not known', () => {
    const row = readRow(toCsvLine(unanswered, contextOf('none')));
    const empty = Object.keys(row).filter((name) => row[name] === '');
    expect(empty).toEqual([
      ...['provider_request_id', 'status', 'code', 'stop', 'response_time', 'response_findings', 'input_tokens'],
      ...['output_tokens', 'cache_read_input_tokens', 'cache_write_input_tokens', 'reasoning_tokens', 'bytes_sent'],
      ...['dropped', 'response_index', 'response_leaf_hash'],
    ]);
    const { usage: _, ...failed } = { ...exchange.response };
    expect(readRow(toCsvLine({ ...exchange, response: failed as never }, contextOf('none'))).input_tokens).toBe('');
  });

  it('holds no content, whatever body is asked for', () => {
    fc.assert(
      fc.property(exchanges, (any) => {
        expect(toCsvLine(any, contextOf('full'))).not.toContain(MARK);
      }),
    );
  });

  it('reads back what was put in, on one line, with no formula in any cell', () => {
    const hostile = fc.oneof(
      fc.constantFrom('=cmd|a!A0', ' +1', '＝1', '\t-1', '@x', 'a","=1', 'a\r\n=1', 'x;=1', "'", ''),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (model, provider, providerRequestId) => {
        const any = {
          ...exchange,
          request: { ...exchange.request, model, provider },
          response: { ...everything.response, providerRequestId } as never,
        };
        const line = toCsvLine(any, contextOf('none'));
        expect(line.indexOf('\r\n')).toBe(line.length - 2);
        const row = readRow(line);
        for (const cell of Object.values(row)) expect(cell.normalize('NFKC').trimStart()).not.toMatch(/^[=+\-@\t\r]/);
        for (const [name, value] of Object.entries({ model, provider, provider_request_id: providerRequestId })) {
          const isTame = !/[;=+\-@]/.test(value.normalize('NFKC')) && !/[\p{C}\p{M}\u2028-\u2029−﬩]/u.test(value);
          if (isTame) expect(row[name]).toBe(value);
          // Behind an apostrophe or an escape, all that can be seen is there.
          const seen = (text = '') => text.replaceAll(/\\u[0-9a-f]{4}|['\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '');
          expect(seen(row[name])).toBe(seen(value));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
