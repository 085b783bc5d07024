import { describe, expect, it } from 'vitest';
import { replacePart, toCaseTable, toTable } from './report.ts';
import { toRow } from './rows.ts';

it('writes a table that reads as it stands', () => {
  expect(
    toTable(
      ['target', 'req/s'],
      [
        ['floor', 2_100],
        ['sallyport', null],
      ],
    ),
  ).toBe(
    ['| target    | req/s |', '| --------- | ----: |', '| floor     |  2100 |', '| sallyport |     – |'].join('\n'),
  );
});

describe('the table of a case', () => {
  const row = (target: string, requestsPerSecond: number) => ({
    ...toRow({ target, case: 'json-c1', rssIdleMiB: 1 }, [], []),
    requestsPerSecond,
  });

  it('compares with portkey where it ran, else with floor', () => {
    expect(toCaseTable([row('floor', 400), row('portkey', 100)])).toMatch(/× portkey[\s\S]*\| floor .*4\.00/);
    expect(toCaseTable([row('floor', 400), row('sallyport', 100)])).toMatch(/× floor[\s\S]*\| sallyport .*0\.25/);
    expect(toCaseTable([row('sallyport', 100)])).not.toContain('×');
  });

  it('marks rows that were disturbed or limited by the load', () => {
    const marked = { ...row('floor', 1), disturbed: true, limitedByLoad: true };
    expect(toCaseTable([marked])).toContain('| floor † ‡ |');
  });
});

describe('the page', () => {
  const first = replacePart('# Performance\n', 'gateways', 'one');

  it('takes the part of another bench at its end', () => {
    expect(replacePart(first, 'soak', 'two')).toBe(
      '# Performance\n\n<!-- bench gateways -->\n\none\n\n<!-- end of gateways -->\n\n' +
        '<!-- bench soak -->\n\ntwo\n\n<!-- end of soak -->\n',
    );
  });

  it('replaces a part in its place and leaves the others', () => {
    const both = replacePart(first, 'soak', 'two');
    expect(replacePart(both, 'gateways', 'three')).toBe(both.replace('one', 'three'));
  });
});
