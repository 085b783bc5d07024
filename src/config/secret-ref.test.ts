import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile as read } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type ManagedSecretRef, resolveSecret, secretRef } from './secret-ref.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-secret-'));
afterAll(() => rmSync(directory, { recursive: true }));

const readFile = (path: string) => read(path, 'utf8');
const readManaged = async (ref: ManagedSecretRef) => `of AWS: ${JSON.stringify(ref)}`;

async function fromFile(content: string): Promise<string> {
  const file = join(directory, 'secret');
  writeFileSync(file, content);
  return resolveSecret({ file }, { env: {}, readFile, readManaged });
}

describe('a reference to a secret', () => {
  it('gives what the environment variable holds, as it is', async () => {
    expect(await resolveSecret({ env: 'KEY' }, { env: { KEY: ' s3cret\n' }, readFile, readManaged })).toBe(' s3cret\n');
  });

  it('gives what the file holds, without the line break that editors add', async () => {
    expect(await fromFile('s3cret\n')).toBe('s3cret');
    expect(await fromFile('s3cret\r\n')).toBe('s3cret');
    expect(await fromFile('two\nlines\n\n')).toBe('two\nlines\n');
    expect(await fromFile(' s3cret ')).toBe(' s3cret ');
  });

  it('is refused where there is no secret behind it', async () => {
    for (const env of [{}, { KEY: '' }, { KEY: undefined }]) {
      const resolved = resolveSecret({ env: 'KEY' }, { env, readFile, readManaged });
      await expect(resolved).rejects.toThrow(ConfigError);
      await expect(resolved).rejects.toThrow(/^the environment variable `KEY` is not set$/);
    }
    await expect(fromFile('\n')).rejects.toThrow(/secret is empty$/);
  });

  it('is refused with the cause where the file cannot be read', async () => {
    const file = join(directory, 'missing');
    const error = await resolveSecret({ file }, { env: {}, readFile, readManaged }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'ConfigError',
      message: `the secret file ${file} cannot be read (ENOENT)`,
      cause: { code: 'ENOENT' },
    });
  });

  it('gives what AWS keeps', async () => {
    for (const ref of [{ secretsManager: 'a', field: 'b' }, { ssm: '/a' }]) {
      expect(await resolveSecret(ref, { env: {}, readFile, readManaged })).toBe(`of AWS: ${JSON.stringify(ref)}`);
    }
  });

  it('is one of four forms and nothing besides', () => {
    expect(secretRef.safeParse({ secretsManager: 'a', field: 'b' }).success).toBe(true);
    expect(secretRef.safeParse({ ssm: '/gateway/key' }).success).toBe(true);
    expect(secretRef.safeParse({ env: 'AWS_KEY_1' }).success).toBe(true);
    expect(secretRef.safeParse({ file: 'a' }).success).toBe(true);
    for (const other of [
      'AWS_KEY',
      {},
      { env: '' },
      { env: 'A B' },
      { env: 'A=B' },
      { file: '' },
      { env: 'A', file: 'b' },
      { ssm: 'a', field: 'b' },
      { secretsManager: 'a b' },
      { ssm: '' },
      null,
    ]) {
      expect(secretRef.safeParse(other).success, JSON.stringify(other)).toBe(false);
    }
  });
});
