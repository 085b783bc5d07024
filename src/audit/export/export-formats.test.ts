import { describe, expect, it } from 'vitest';
import { contextOf, denied, everything } from './export-fixture.suite.ts';
import { exportFormats } from './export-formats.ts';

describe('the formats of an export', () => {
  it('write one line of each exchange, each in a file of its own', () => {
    const files = Object.values(exportFormats).map(({ file }) => file);
    expect(files).toEqual(['exchanges.jsonl', 'exchanges.csv', 'bedrock-invocations.jsonl', 'ocsf.jsonl']);
    for (const { head, toLine } of Object.values(exportFormats)) {
      expect(toLine(everything, contextOf('masked'))).toMatch(/^[^\n]+\n$/);
      expect(head).toMatch(/^(?:[^\n]+\n)?$/);
    }
    expect(exportFormats.csv.head).toMatch(/^"time","request_id",/);
  });

  it('leave out what a format has nothing of', () => {
    expect(exportFormats.bedrock.toLine(denied, contextOf('none'))).toBe('');
    expect(exportFormats.ocsf.toLine(denied, contextOf('none'))).not.toBe('');
  });
});
