import { describe, expect, it } from 'vitest';
import { toReadme } from './export-readme.ts';

const exported = {
  origin: 'example.org/log',
  size: 9,
  exchanges: 3,
  entries: 7,
  withoutRequest: 0,
  erased: 1,
  removed: 1,
};
const context = { environment: 'prod', region: 'eu-central-1', body: 'masked' } as const;

describe('the readme of an export', () => {
  it('says what is there, of what, and how to check it', () => {
    const text = toReadme({ exported, formats: ['jsonl', 'ocsf'], filter: {}, context });
    expect(text).toContain('example.org/log');
    expect(text).toContain('  entries          7 of 9 in the log\n');
    expect(text).toContain('  selection        all there is\n');
    expect(text).toContain('node verify.mjs . --key "VERIFIERKEY"');
    expect(text).toMatch(/\n {2}exchanges\.jsonl .*\n {2}ocsf\.jsonl .*\n {2}records\.jsonl /);
    expect(text).not.toContain('exchanges.csv');
  });

  it('says what was selected, in words that steer no terminal', () => {
    const filter = { tenant: 'a\u001b\u009b\n', from: 0 };
    const text = toReadme({ exported, formats: ['jsonl'], filter, context });
    expect(text).toContain('selection        tenant "a\\u001b\\u009b\\n", from 1970-01-01T00:00:00.000Z\n');
  });
});
