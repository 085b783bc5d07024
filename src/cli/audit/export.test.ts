import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAdministration } from '../../server/index.ts';
import { configFile, removeTemporaryDirectories, sallyport, temporaryDirectory } from '../terminal.suite.ts';
import { writeRecord } from './record.suite.ts';

afterAll(removeTemporaryDirectories);

let data: string;
let out: string;
beforeEach(() => {
  data = temporaryDirectory();
  out = join(temporaryDirectory(), 'export');
});

const audit = (...words: readonly string[]) => sallyport('audit', ...words, '--data', data);
const exportTo = (...words: readonly string[]) => audit('export', '--out', out, ...words);
const BECAUSE = ['--reason', 'case 4711', '--operator', 'olga'];
const read = (name: string) => readFileSync(join(out, name), 'utf8');

/** The last act of reading, decrypted. */
async function lastReading() {
  await writeRecord(data);
  const { records } = JSON.parse((await audit('list', '--type', 'bodyAccess', '--json')).out);
  return records.length === 0 ? undefined : JSON.parse((await audit('show', records[0].requestId, '--json')).out)[0];
}

describe('sallyport audit export', () => {
  it('writes what an auditor verifies with Node.js alone', async () => {
    await writeRecord(data, 'demo', 'demo', 'bank');
    const { code, out: said } = await exportTo('--format', 'jsonl', 'csv');
    expect(code).toBe(0);
    expect(said).toBe(`3 exchanges written to ${out}\n  entries       6 of 6 of sallyport/demo`);
    expect(readdirSync(out).toSorted()).toEqual([
      'README.txt',
      'exchanges.csv',
      'exchanges.jsonl',
      'log',
      'records.jsonl',
      'verify.mjs',
    ]);
    expect(read('README.txt')).toContain('  environment      demo, us-east-1\n');
    const key = (await audit('key')).out;
    const verified = spawnSync(process.execPath, ['verify.mjs', '.', '--key', key], { cwd: out, encoding: 'utf8' });
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringMatching(/^result: internally consistent\n/)]);
  });

  it('says that there is a file where it should go', async () => {
    await writeRecord(data, 'demo');
    out = join(data, 'file');
    writeFileSync(out, '');
    expect(await exportTo()).toMatchObject({ code: 2, error: `sallyport: \`${out}\` is a file` });
    expect((await exportTo('--finding', 'CARD')).error).toContain('CREDIT_DEBIT_CARD_NUMBER');
  });

  it('takes the filters that a list takes', async () => {
    await writeRecord(data, 'demo', 'bank', 'demo');
    const counts: number[] = [];
    for (const words of [
      ['--tenant', 'bank'],
      ['--principal', 'nobody'],
      ['--model', 'amazon.nova-lite-v1:0'],
      ['--decision', 'block'],
      ['--finding', 'EMAIL'],
      ['--from', '2026-01-02T03:04:05.001Z'],
      ['--until', '2026-01-02T04:04:05.002+01:00'],
      ['--from', '2026-01-03'],
    ]) {
      out = join(temporaryDirectory(), 'export');
      const ran = await exportTo('--json', ...words);
      expect(ran.code).toBe(0);
      counts.push(JSON.parse(ran.out).exchanges);
    }
    expect(counts).toEqual([1, 0, 3, 0, 0, 2, 2, 0]);
    expect(read('exchanges.jsonl')).toBe('');
    expect(read('README.txt')).toContain('from 2026-01-03T00:00:00.000Z');
  });

  it('gives content for a reason alone, and records who took what before it is written', async () => {
    await writeRecord(data, 'demo', 'bank');
    for (const body of ['masked', 'full']) {
      expect(await exportTo('--body', body)).toMatchObject({ code: 2, error: expect.stringContaining('--reason') });
    }
    expect(existsSync(out)).toBe(false);
    await exportTo();
    expect(read('records.jsonl')).not.toContain('prompt 0');
    expect(await lastReading()).toBeUndefined();
    out = join(temporaryDirectory(), 'full');
    const words = ['--body', 'full', '--tenant', 'demo', '--format', 'jsonl', 'ocsf', ...BECAUSE];
    expect((await exportTo(...words)).code).toBe(0);
    expect(read('records.jsonl')).toContain('prompt 0');
    expect(read('records.jsonl')).not.toContain('prompt 1');
    expect(await lastReading()).toMatchObject({
      kind: 'bodyAccess',
      operator: 'olga',
      act: 'export bodies',
      reason: 'case 4711',
      details: {
        request: 'export',
        view: 'full',
        formats: ['jsonl', 'ocsf'],
        tenant: 'demo',
        policies: ['operators-read-every-word'],
      },
    });
  });

  it('gives no content where a policy denies reading one exchange of it, and records that', async () => {
    await writeRecord(data, 'demo', 'bank');
    const rule = `@id("not-of-the-bank") forbid (principal, action, resource in Sallyport::Tenant::"bank");`;
    const config = configFile((text) => text.replace('cedar: |\n', `cedar: |\n      ${rule}\n`));
    const words = ['--config', config, '--body', 'masked', ...BECAUSE];
    const why = 'denied by `not-of-the-bank`: `bank/developer` on `amazon.nova-lite-v1:0`';
    expect(await exportTo(...words)).toEqual({ code: 1, out: '', error: `sallyport: ${why}` });
    expect(existsSync(out)).toBe(false);
    expect(await lastReading()).toMatchObject({
      act: 'refuse an export',
      operator: 'olga',
      details: { view: 'masked', policies: ['not-of-the-bank'], refusal: why },
    });
    expect((await exportTo(...words, '--tenant', 'demo')).code).toBe(0);
    out = join(temporaryDirectory(), 'none');
    expect((await exportTo('--config', config)).code).toBe(0);
  });

  it('takes no word for it that somebody approved', async () => {
    await writeRecord(data, 'demo');
    expect((await exportTo('--body', 'full', '--approver', 'otto', ...BECAUSE)).code).toBe(2);
    expect((await exportTo('--body', 'full', '--operator', ' ', '--reason', 'x')).error).toContain('--operator');
  });

  it('is not made where something is already, or of no log', async () => {
    const administration = await openAdministration({ dataDirectory: data, absent: 'made' });
    await administration[Symbol.asyncDispose]();
    expect(await exportTo()).toEqual({ code: 2, out: '', error: 'sallyport: there is no published log yet' });
    await writeRecord(data, 'demo');
    mkdirSync(out);
    writeFileSync(join(out, 'x'), '');
    const refused = await exportTo('--body', 'full', ...BECAUSE);
    expect(refused).toEqual({ code: 2, out: '', error: `sallyport: \`${out}\` is not empty` });
    expect(await lastReading()).toBeUndefined();
  });

  it('says what nobody can read any more', async () => {
    await writeRecord(data, 'demo', 'bank', 'slow');
    await audit('erase', '--tenant', 'bank', ...BECAUSE);
    const segments = join(data, 'audit', 'log', 'segments');
    const names = readdirSync(segments, { recursive: true, encoding: 'utf8' }).toSorted();
    // The batch of the first five entries: those of three tenants.
    for (const name of names) if (/^\w{32}(?:\/000){4}\/00[04]$/.test(name)) rmSync(join(segments, name));
    const { code, out: said } = await exportTo();
    expect([code, said]).toEqual([
      0,
      [
        `0 exchanges written to ${out}`,
        '  entries       1 of 6 of sallyport/demo',
        '  not whole     1, whose request cannot be read any more',
        '  erased        2 records of the log',
        '  removed       3 records of the log',
      ].join('\n'),
    ]);
  });

  it('says how far it is, once a second', async () => {
    await writeRecord(data, 'demo', 'bank');
    let clock = 0;
    const now = vi.spyOn(Date, 'now').mockImplementation(() => {
      clock += 600;
      return clock;
    });
    const { error } = await exportTo();
    now.mockRestore();
    expect(error.split('\n')).toEqual(['2 of 4 entries', '4 of 4 entries']);
  });

  it.each([
    ['--from', 'yesterday'],
    ['--format', 'xml'],
    ['--body', 'some'],
  ])('refuses %s %s', async (...words) => {
    expect((await exportTo(...words)).code).toBe(2);
  });

  it('wants to know where to', async () => {
    expect((await audit('export')).code).toBe(2);
  });
});
