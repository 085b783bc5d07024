import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { KeyRing } from '../core/index.ts';
import { createLocalKeyRing } from './local-key-ring.ts';
import { StateError } from './state-error.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newFile(content?: string, mode = 0o600): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
  directories.push(directory);
  const file = join(directory, 'root.key');
  if (content !== undefined) {
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  return file;
}

const hex = (ring: KeyRing, purpose: string) => Buffer.from(ring.derive(purpose)).toString('hex');
const KEY = Buffer.alloc(32, 7).toString('base64url');

describe('the local key ring', () => {
  it('makes a key file for its owner alone, and leaves nothing beside it', async () => {
    const file = newFile();
    await createLocalKeyRing(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(readdirSync(dirname(file))).toEqual(['root.key']);
  });

  it('gives the same keys from the same file, others from another, another for each purpose', async () => {
    const file = newFile();
    const ring = await createLocalKeyRing(file);
    const again = await createLocalKeyRing(file);
    const other = await createLocalKeyRing(newFile());
    expect(ring.derive('state')).toHaveLength(32);
    expect(hex(again, 'state')).toBe(hex(ring, 'state'));
    expect(hex(other, 'state')).not.toBe(hex(ring, 'state'));
    expect(hex(ring, 'identity/api-key')).not.toBe(hex(ring, 'state'));
  });

  it('derives by HKDF-SHA-256, so that keys stay what they are', async () => {
    // Computed with another implementation: salt `sallyport/key-ring/v1`, info `state`, 32 bytes of value 7 as input.
    const ring = await createLocalKeyRing(newFile(KEY));
    expect(hex(ring, 'state')).toBe('10141c90a3db186e54d3125dd26472e2fe3c197fcfac790beda1a58fb8829058');
  });

  it('keeps its root under a passphrase, however that is typed', async () => {
    const file = newFile();
    const ring = await createLocalKeyRing(file, { passphrase: 'pass\u00e9 phrase' });
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^sallyport-root-1 17 [A-Za-z0-9_-]{102}\n$/);
    const again = await createLocalKeyRing(file, { passphrase: 'passe\u0301 phrase' });
    expect(hex(again, 'state')).toBe(hex(ring, 'state'));
    await expect(createLocalKeyRing(file, { passphrase: 'another' })).rejects.toThrow('not the one of this key file');
    await expect(createLocalKeyRing(file)).rejects.toThrow('a passphrase is needed');
    await expect(createLocalKeyRing(newFile(KEY), { passphrase: 'x' })).rejects.toThrow('not encrypted');
    const changed = text.slice(0, 40) + (text[40] === 'A' ? 'B' : 'A') + text.slice(41);
    await expect(createLocalKeyRing(newFile(changed), { passphrase: 'pass\u00e9 phrase' })).rejects.toThrow(StateError);
  });

  it.each(['30', '13', '99'])('does not take all memory for a file that asks for it (cost %s)', async (cost) => {
    const forged = `sallyport-root-1 ${cost} ${'A'.repeat(102)}\n`;
    await expect(createLocalKeyRing(newFile(forged), { passphrase: 'x' })).rejects.toThrow('the key file is damaged');
    await expect(createLocalKeyRing(newFile('sallyport-root-1 17 AAAA'), { passphrase: 'x' })).rejects.toThrow(
      'damaged',
    );
  });

  it('keeps its keys from a user who wipes a copy', async () => {
    const ring = await createLocalKeyRing(newFile(KEY));
    const before = hex(ring, 'state');
    ring.derive('state').fill(0);
    expect(hex(ring, 'state')).toBe(before);
  });

  it('gives everyone who makes the file at once the same key', async () => {
    const file = newFile();
    const door = JSON.stringify(join(import.meta.dirname, 'index.ts'));
    const script = `import { createLocalKeyRing } from ${door};
      console.log(Buffer.from((await createLocalKeyRing(${JSON.stringify(file)})).derive('state')).toString('hex'));`;
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const said = Promise.all(children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
    const here = await Promise.all(Array.from({ length: 8 }, () => createLocalKeyRing(file)));
    expect(new Set([...here.map((ring) => hex(ring, 'state')), ...(await said)]).size).toBe(1);
    expect(readdirSync(dirname(file))).toEqual(['root.key']);
  });

  it.each(['640', '604', '620', '602', '610', '644'])('refuses a file of mode %s', async (mode) => {
    await expect(createLocalKeyRing(newFile(KEY, Number.parseInt(mode, 8)))).rejects.toThrow('mode must be 0600');
  });

  it.each([
    ['empty', ''],
    ['a byte short', Buffer.alloc(31).toString('base64url')],
    ['a byte long', Buffer.alloc(33).toString('base64url')],
    ['another alphabet', `${KEY.slice(0, 42)}+`],
    ['a key and more', `${KEY}\n${KEY}\n`],
    ['bits that no key has', `${KEY.slice(0, 42)}d`],
  ])('refuses a file that holds no key: %s', async (_, content) => {
    await expect(createLocalKeyRing(newFile(content))).rejects.toThrow(
      new StateError('the key file does not hold one key of 32 bytes'),
    );
  });

  it('reads a key with or without a line end', async () => {
    const plain = await createLocalKeyRing(newFile(KEY));
    expect(hex(await createLocalKeyRing(newFile(`${KEY}\n`, 0o400)), 'state')).toBe(hex(plain, 'state'));
  });

  it('refuses what is no file, and says why there cannot be one', async () => {
    const directory = newFile();
    mkdirSync(directory, { mode: 0o700 });
    await expect(createLocalKeyRing(directory)).rejects.toThrow('not a regular file');
    await expect(createLocalKeyRing(join(newFile(), 'missing', 'root.key'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(createLocalKeyRing(join(newFile(KEY), 'root.key'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    const link = newFile();
    symlinkSync(join(dirname(link), 'nowhere'), link);
    await expect(createLocalKeyRing(link)).rejects.toThrow(new StateError('the key file cannot be made'));
    expect(readdirSync(dirname(link))).toEqual(['root.key']);
  });
});
