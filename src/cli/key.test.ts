import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeRecord } from './audit/record.suite.ts';
import { configFile, removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

let data: string;
beforeEach(() => {
  data = temporaryDirectory();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
afterAll(removeTemporaryDirectories);

const key = (...words: readonly string[]) => sallyport('key', ...words, '--data', data);
const developer = ['--tenant', 'demo', '--principal', 'developer'] as const;
/** The acts of the record, decrypted, the first of them first. */
async function acts() {
  await writeRecord(data);
  const { records } = JSON.parse((await sallyport('audit', 'list', '--json', '--data', data)).out);
  const shown: { readonly kind: string; readonly time: number; readonly [name: string]: unknown }[] = [];
  for (const { requestId } of records) {
    shown.push(...JSON.parse((await sallyport('audit', 'show', requestId, '--json', '--data', data)).out));
  }
  return shown.filter(({ kind }) => kind === 'administration').toSorted((one, other) => one.time - other.time);
}

const listed = async () => JSON.parse((await key('list', '--json')).out);

describe('sallyport key create', () => {
  it('prints an API key alone, and the warning elsewhere', async () => {
    const ran = await key('create', ...developer);
    expect(ran.out).toMatch(/^sp_demo_[a-z0-9]+_\S+$/);
    expect(ran).toMatchObject({ code: 0, error: 'Keep it now: it is not shown again.' });
    expect(await listed()).toMatchObject([
      { kind: 'apiKey', tenant: 'demo', principal: 'developer', status: 'valid', id: ran.out.split('_')[2] },
    ]);
  });

  it('prints an access key for SigV4', async () => {
    const ran = await key('create', ...developer, '--kind', 'sigv4');
    expect(ran.out).toMatch(/^access key id: {5}\S+\nsecret access key: \S+$/);
    const [id = ''] = /(?<=id: +)\S+/.exec(ran.out) ?? [];
    expect(await listed()).toMatchObject([{ kind: 'sigv4', id }]);
  });

  it('prints JSON and nothing else where that is asked for', async () => {
    const api = await key('create', ...developer, '--json');
    expect(JSON.parse(api.out)).toEqual({ id: expect.any(String), apiKey: expect.stringMatching(/^sp_demo_/) });
    const access = await key('create', ...developer, '-k', 'sigv4', '--json');
    expect(JSON.parse(access.out)).toEqual({ accessKeyId: expect.any(String), secretAccessKey: expect.any(String) });
    expect([api.error, access.error]).toEqual(['', '']);
  });

  it.each([
    ['12h', 12 * 3_600_000],
    ['90d', 90 * 86_400_000],
    ['99999d', 99_999 * 86_400_000],
  ])('lets a credential live for %s', async (life, milliseconds) => {
    for (const kind of ['api-key', 'sigv4']) await key('create', ...developer, '--expires', life, '--kind', kind);
    for (const { created, expires } of await listed()) {
      expect(Date.parse(expires) - Date.parse(created)).toBeGreaterThanOrEqual(milliseconds - 10_000);
      expect(Date.parse(expires) - Date.parse(created)).toBeLessThanOrEqual(milliseconds);
    }
  });

  it.each(['0d', '-1d', '1', 'd', '1w', '1.5h', '100000h', '12H', ''])('takes %j for no life time', async (life) => {
    const ran = await key('create', ...developer, `--expires=${life}`);
    expect(ran).toMatchObject({ code: 2, out: '', error: expect.stringContaining('must be hours or days') });
    expect(readdirSync(data)).toEqual([]);
  });

  it('records who made it and for whom before there is one, and never a secret', async () => {
    const { out: apiKey } = await key(
      'create',
      ...developer,
      '--expires',
      '1h',
      '--operator',
      'olga',
      '--reason',
      'new',
    );
    await key('create', ...developer, '--kind', 'sigv4');
    const [first, second, ...more] = await acts();
    expect(more).toEqual([]);
    const [api] = (await listed()).filter(({ kind }: { readonly kind: string }) => kind === 'apiKey');
    expect(first).toMatchObject({ act: 'create credential', operator: 'olga', reason: 'new' });
    expect(first?.details).toEqual({
      tenant: 'demo',
      principal: 'developer',
      credential: api.id,
      kind: 'apiKey',
      expires: api.expires,
    });
    expect(second).toMatchObject({ operator: userInfo().username, details: { kind: 'sigv4' } });
    expect(second).not.toHaveProperty('reason');
    expect(JSON.stringify([first, second])).not.toContain(apiKey.split('_')[3]);
  });

  it('makes none where that cannot be recorded', async () => {
    await key('create', ...developer);
    rmSync(join(data, 'audit', 'journal'), { recursive: true });
    writeFileSync(join(data, 'audit', 'journal'), '');
    expect(await key('create', ...developer)).toMatchObject({ code: 2, out: '' });
    rmSync(join(data, 'audit', 'journal'));
    expect(await listed()).toHaveLength(1);
  });

  it('refuses a principal, tenant or kind that does not exist', async () => {
    const unknown = await key('create', '-t', 'demo', '-p', 'nobody');
    expect(unknown).toMatchObject({ code: 2, error: 'sallyport: the configuration has no principal `demo/nobody`' });
    expect((await key('create', '-t', 'other', '-p', 'developer')).error).toContain('`other/developer`');
    expect((await key('create', '-t', 'a/b', '-p', 'developer')).error).toMatch(/not a valid tenant name/);
    expect((await key('create', ...developer, '-k', 'password')).error).toMatch(/Allowed choices are api-key, sigv4/);
    expect(await listed()).toEqual([]);
  });
});

describe('sallyport key list', () => {
  it('is a table of what can be known, and never a secret', async () => {
    const { out: apiKey } = await key('create', ...developer, '--expires', '1h');
    await key('create', '-t', 'demo', '-p', 'titanOnly');
    const { out } = await key('list');
    const [head = '', ...rows] = out.split('\n').map((line) => line.trim().split(/\s{2,}/));
    expect(head).toEqual(['ID', 'KIND', 'TENANT', 'PRINCIPAL', 'CREATED', 'EXPIRES', 'STATUS']);
    expect(rows.filter((row) => row.length === 7)).toHaveLength(2);
    expect(out).toMatch(/titanOnly.*–.*valid/);
    expect(out).not.toContain(apiKey.split('_')[3]);
  });

  it('tells valid, expired and revoked apart', async () => {
    const create = async (...words: readonly string[]) =>
      JSON.parse((await key('create', ...developer, '--json', ...words)).out).id;
    const ids = [await create(), await create('-e', '1h'), await create('-e', '1h')];
    await key('revoke', ids[2]);
    const statuses = async () =>
      Object.fromEntries((await listed()).map(({ id, status }: Record<string, string>) => [id, status]));
    const expected = (second: string) => ({ [ids[0]]: 'valid', [ids[1]]: second, [ids[2]]: 'revoked' });
    expect(await statuses()).toEqual(expected('valid'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3_600_000 });
    expect(await statuses()).toEqual(expected('expired'));
  });

  it('finds the data directory by option, then by variable', async () => {
    await key('create', ...developer);
    vi.stubEnv('SALLYPORT_DATA', data);
    expect(JSON.parse((await sallyport('key', 'list', '--json')).out)).toHaveLength(1);
    const elsewhere = temporaryDirectory();
    await sallyport('key', 'create', ...developer, '-d', elsewhere);
    await sallyport('key', 'create', ...developer, '-d', elsewhere);
    expect(JSON.parse((await sallyport('key', 'list', '--json', '-d', elsewhere)).out)).toHaveLength(2);
  });

  it('makes no data directory where there is none', async () => {
    const { code, out, error } = await key('list');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toBe(`sallyport: ${data} is no data directory of a gateway: start one, or name it with --data`);
    expect(readdirSync(data)).toEqual([]);
  });
});

describe('sallyport key revoke', () => {
  it('revokes also where that cannot be recorded, and says so', async () => {
    const { id } = JSON.parse((await key('create', ...developer, '--json')).out);
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d';
    const withoutKeys = configFile((text) => `${text}\nkeys: { kms: { key: "${arn}" } }\n`);
    expect(await key('revoke', id, '--config', withoutKeys)).toEqual({
      code: 2,
      out: '',
      error: 'sallyport: revoked, but this could not be recorded',
    });
    expect(await listed()).toMatchObject([{ id, status: 'revoked' }]);
  });

  it('revokes once, and says no to the rest with 1', async () => {
    const create = async () => JSON.parse((await key('create', ...developer, '--json')).out).id;
    const id = await create();
    const other = await create();
    expect(await key('revoke', id)).toEqual({ code: 0, out: 'revoked', error: '' });
    expect(JSON.parse((await key('revoke', other, '--json')).out)).toEqual({ id: other, status: 'revoked' });
    for (const wrong of [id, 'unknown']) {
      expect(await key('revoke', wrong)).toEqual({
        code: 1,
        out: '',
        error: 'sallyport: no such credential, or it was revoked before',
      });
    }
    expect((await acts()).slice(2)).toMatchObject([
      { act: 'revoke credential', details: { credential: id } },
      { act: 'revoke credential', details: { credential: other, tenant: 'demo', principal: 'developer' } },
    ]);
  });
});
