import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { configFile, removeTemporaryDirectories, sallyport, temporaryDirectory } from '../terminal.suite.ts';
import { requestIdOf, writeRecord } from './record.suite.ts';

afterAll(removeTemporaryDirectories);

const id = requestIdOf(0);
const ORIGIN = 'sallyport/demo';
const BECAUSE = ['--reason', 'case 4711', '--operator', 'olga'];

let home: string;
let ottoKey: string;
beforeEach(() => {
  home = temporaryDirectory();
  ottoKey = join(home, 'otto.key');
});

const audit = (...words: readonly string[]) => sallyport('audit', ...words);
const approverKey = (...words: readonly string[]) => audit('approver-key', ottoKey, '--name', 'otto', ...words);
const approve = (...words: readonly string[]) =>
  audit('approve', id, '--key', ottoKey, '--name', 'otto', '--for', 'olga', '--view', 'full', ...words);

describe('sallyport audit approver-key', () => {
  it('makes a key for its owner alone, and prints what others know it by', async () => {
    const made = await approverKey();
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^otto\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/) });
    expect(statSync(ottoKey).mode & 0o777).toBe(0o600);
    const before = readFileSync(ottoKey, 'utf8');
    expect(await approverKey()).toEqual(made);
    expect(readFileSync(ottoKey, 'utf8')).toBe(before);
    expect(JSON.parse((await approverKey('--json')).out)).toEqual({ name: 'otto', key: made.out });
  });

  it('keeps it under a passphrase, whose line end is none of it', async () => {
    const file = join(home, 'passphrase');
    writeFileSync(file, 'correct horse\n');
    const made = await approverKey('--passphrase-file', file);
    expect(made.code).toBe(0);
    writeFileSync(file, 'correct horse');
    expect(await approverKey('--passphrase-file', file)).toEqual(made);
    expect(await approverKey()).toMatchObject({ code: 2, error: expect.stringContaining('a passphrase is needed') });
  });

  it.each([
    ['a name with a space', ['--name', 'ot to'], 'has no spaces'],
    ['a passphrase that is not there', ['--passphrase-file', '/nowhere/at-all'], 'cannot be read'],
  ])('refuses %s', async (_, words, why) => {
    const refused = await approverKey(...words);
    expect(refused).toMatchObject({ code: 2, out: '', error: expect.stringContaining(why) });
    expect(refused.error).not.toContain('a defect');
  });

  it('refuses a directory that is not there, or a file that is no key', async () => {
    ottoKey = join(home, 'no', 'otto.key');
    expect(await approverKey()).toMatchObject({ code: 2, error: expect.stringContaining('does not exist') });
    ottoKey = join(home, 'other');
    writeFileSync(ottoKey, 'other', { mode: 0o600 });
    expect(await approverKey()).toMatchObject({ code: 2, error: expect.stringContaining('cannot be opened') });
  });
});

describe('sallyport audit approve', () => {
  beforeEach(async () => void (await approverKey()));

  it('prints what was signed, and tells what that is', async () => {
    const { code, out, error } = await approve();
    expect(code).toBe(0);
    const lines = out.split('\n');
    const expires = lines[4] ?? '';
    expect(lines).toEqual([
      'sallyport approval 1',
      ORIGIN,
      id,
      'full',
      expect.stringMatching(/Z$/),
      'olga',
      '',
      expect.stringMatching(/^— otto \S+$/),
    ]);
    expect(Math.abs(Date.parse(expires) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(error).toBe(`approved by otto for olga, full, in the log ${ORIGIN}, until ${expires}`);
  });

  it('is for as long, in the view, and of the log that is said', async () => {
    const config = configFile((text) => text.replace('environment: demo', 'environment: dev'));
    for (const [valid, length] of [
      ['30m', 1_800_000],
      ['8h', 28_800_000],
      ['7d', 604_800_000],
    ] as const) {
      const { out } = await approve('--valid', valid, '--config', config, '--view', 'masked');
      const [, origin, , view, expires = ''] = out.split('\n');
      expect([origin, view]).toEqual(['sallyport/dev', 'masked']);
      expect(Math.abs(Date.parse(expires) - Date.now() - length)).toBeLessThan(60_000);
    }
    expect((await approve('--origin', 'example.org/log')).out.split('\n')[1]).toBe('example.org/log');
  });

  it('writes it to a file, but over none', async () => {
    const out = join(home, 'olga.approval');
    expect(await approve('--out', out)).toMatchObject({ code: 0, out: '', error: expect.stringContaining(`(${out})`) });
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(/^sallyport approval 1\n(?:.*\n)+$/);
    expect(await approve('--out', out)).toMatchObject({ code: 2, error: expect.stringContaining('is there already') });
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  it.each([
    ['8d', ['--valid', '8d']],
    ['no time', ['--valid', '0h']],
    ['a unit of its own', ['--valid', '1w']],
    ['another view', ['--view', 'some']],
    ['two lines for a name', ['--for', 'olga\nx']],
  ])('refuses %s', async (_, words) => {
    const refused = await approve(...words);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).not.toContain('a defect');
  });

  it.each([
    ['4711', 'expected a request id'],
    ['x', 'expected a request id'],
  ])('refuses an id as %s', async (entry, why) => {
    const refused = await audit('approve', entry, '--key', ottoKey, '--name', 'otto', '--for', 'olga');
    expect(refused).toMatchObject({ code: 2, out: '', error: expect.stringContaining(why) });
    expect(refused.error).not.toContain('entry');
  });

  it('prints it as JSON', async () => {
    const { out, error } = await approve('--json', '--view', 'full');
    const { approval, ...parts } = JSON.parse(out);
    expect(parts).toMatchObject({ request: id, view: 'full', operator: 'olga', approver: 'otto' });
    expect(approval).toMatch(/^sallyport approval 1\n/);
    expect(error).toBe('');
  });

  it('speaks of the key file and of what a name may have', async () => {
    appendFileSync(ottoKey, 'x');
    const { error } = await approve();
    expect(error).toContain(`the key file ${ottoKey} cannot be opened`);
    expect(error).not.toContain('key ring');
    const file = join(home, 'new.key');
    for (const name of ['otto m', 'otto+m', '']) {
      const refused = await audit('approver-key', file, '--name', name);
      expect(refused).toMatchObject({ code: 2, error: expect.stringContaining('no spaces and no `+`') });
    }
    expect(existsSync(file)).toBe(false);
  });

  it('makes no key: one that is mistyped is nobody’s', async () => {
    ottoKey = join(home, 'oto.key');
    expect(await approve()).toMatchObject({ code: 2, error: expect.stringContaining('`audit approver-key`') });
    expect(existsSync(ottoKey)).toBe(false);
  });
});

describe('sallyport audit show --approval', () => {
  let data: string;
  let config: string;
  beforeEach(async () => {
    const key = (await approverKey()).out;
    data = join(home, 'data');
    mkdirSync(data);
    config = configFile((text) => {
      const [before = '', after = ''] = text.split('action == Sallyport::Action::"ReadAuditBodyUnmasked",');
      const condition = after.replace('resource\n      );', 'resource\n      ) when { context.approved };');
      const approvers = `audit:\n  approvers:\n    - { key: "${key}" }\n`;
      return `${before}action == Sallyport::Action::"ReadAuditBodyUnmasked",${condition}\n${approvers}`;
    });
    await writeRecord(data, 'demo', 'demo');
  });

  const show = (...words: readonly string[]) =>
    audit('show', id, '--full', ...BECAUSE, ...words, '--data', data, '--config', config);
  const refusal = (why: string) => ({ code: 1, out: '', error: `sallyport: ${why}` });

  async function approvalFile(...words: readonly string[]): Promise<string> {
    const file = join(temporaryDirectory(), 'approval');
    expect((await approve('--config', config, '--out', file, ...words)).code).toBe(0);
    return file;
  }

  /** The acts of reading, decrypted, the first of them first: each is of another writer, which the log may turn round. */
  async function readings() {
    await writeRecord(data);
    const list = await audit('list', '--type', 'bodyAccess', '--json', '--data', data);
    const records: readonly { readonly requestId: string }[] = JSON.parse(list.out).records;
    const shown = records.map(async ({ requestId }) => (await audit('show', requestId, '--json', '--data', data)).out);
    return (await Promise.all(shown)).map((out) => JSON.parse(out)[0]).toSorted((a, b) => a.time - b.time);
  }

  it('shows what a second person approved, whose approval stays in the record', async () => {
    const want = 'no policy permits `ReadAuditBodyUnmasked` without an approval';
    expect(await show()).toEqual(refusal(want));
    const file = await approvalFile();
    const shown = await show('--approval', file);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('prompt 0') });
    expect(await readings()).toMatchObject([
      { act: 'refuse a body', operator: 'olga', details: { refusal: want } },
      { act: 'read a body', operator: 'olga', approver: 'otto', details: { approval: readFileSync(file, 'utf8') } },
    ]);
  });

  it('refuses one that was not given for this, and records that', async () => {
    const whys: string[] = [];
    for (const [words, more, why] of [
      [['--view', 'masked'], [], 'the approval is for another view'],
      [['--origin', 'example.org/log'], [], 'the approval is for another log'],
      [[], ['--operator', 'mallory'], 'the approval is for another operator than `mallory`'],
      [['--for', 'Otto'], ['--operator', 'Otto'], 'the operator cannot approve their own reading'],
      [['--name', 'vera'], [], 'none of `audit.approvers` has signed it'],
    ] as const) {
      const file = await approvalFile(...words);
      expect(await show('--approval', file, ...more)).toEqual(refusal(why));
      whys.push(why);
    }
    const file = await approvalFile();
    writeFileSync(file, readFileSync(file, 'utf8').replace('olga', 'otto'));
    const why = 'none of `audit.approvers` has signed it';
    expect(await show('--approval', file)).toEqual(refusal(why));
    const other = audit('show', requestIdOf(1), '--full', ...BECAUSE, '--data', data, '--config', config);
    expect((await other).code).toBe(1);
    const acts = await readings();
    expect(acts.slice(0, -1).map(({ details }) => details.refusal)).toEqual([...whys, why]);
    expect(acts.filter((act) => act.act !== 'refuse a body' || act.approver !== undefined)).toEqual([]);
  });

  it('is of one exchange', async () => {
    const file = await approvalFile();
    const words = ['--full', ...BECAUSE, '--approval', file, '--data', data, '--config', config];
    expect(await audit('show', requestIdOf(1), ...words)).toEqual(refusal('the approval is for another record'));
  });

  it('takes no word for it that somebody approved', async () => {
    expect((await show('--approver', 'otto')).code).toBe(2);
    expect(await show('--approval', join(home, 'nothing'))).toMatchObject({
      code: 2,
      error: 'sallyport: the approval cannot be read',
    });
    expect(await readings()).toEqual([]);
  });

  it('gives no way around it by an export', async () => {
    const out = join(home, 'export');
    const words = ['--out', out, '--body', 'full', ...BECAUSE, '--data', data, '--config', config];
    const refused = await audit('export', ...words);
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('which an export cannot have') });
    expect(existsSync(out)).toBe(false);
    expect(await readings()).toMatchObject([{ act: 'refuse an export' }]);
  });
});
