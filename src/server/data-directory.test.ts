import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDataDirectory, lockDataDirectory, replaceFile, toDataDirectory } from './data-directory.ts';
import { removeTemporaryDirectories, temporaryDirectory } from './gateway.suite.ts';
import { StartError } from './start-error.ts';

afterAll(removeTemporaryDirectories);

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the data directory', () => {
  it('lies at an absolute path, also where a relative one is given', () => {
    const { path, keyFile, journalDirectory } = toDataDirectory('data');
    expect([path, keyFile, journalDirectory].every(isAbsolute)).toBe(true);
  });

  it('is made with what is missing above it, for its owner alone, and left empty of traces', async () => {
    const directory = toDataDirectory(join(temporaryDirectory(), 'a', 'b'));
    await createDataDirectory(directory);
    const { path, keyFile, stateFile, journalDirectory } = directory;
    for (const made of [path, dirname(path), dirname(keyFile), dirname(stateFile), journalDirectory]) {
      expect(modeOf(made), made).toBe(0o700);
    }
    expect(readdirSync(path).sort()).toEqual(['audit', 'keys', 'locks', 'staging', 'state']);
    await createDataDirectory(directory);
  });

  it('is not made where a file is in the way', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'audit'), '');
    const made = createDataDirectory(toDataDirectory(root));
    await expect(made).rejects.toThrow(StartError);
    await expect(made).rejects.toThrow(/cannot be written: a part of the path is not a directory/);
  });

  // A superuser may write everywhere but where the kernel itself takes no entries.
  it('is not made where nothing can be written, and says so instead of trying for ever', async () => {
    await expect(createDataDirectory(toDataDirectory('/proc/sallyport'))).rejects.toThrow(/cannot be written/);
    await expect(createDataDirectory(toDataDirectory('/proc/sallyport/below'))).rejects.toThrow(/cannot be written/);
  });

  it.skipIf(process.getuid?.() === 0)('is refused where it can only be read', async () => {
    const root = temporaryDirectory();
    await createDataDirectory(toDataDirectory(root));
    chmodSync(root, 0o500);
    await expect(createDataDirectory(toDataDirectory(root))).rejects.toThrow(/permission denied/);
    chmodSync(root, 0o700);
  });

  it('belongs to one gateway at a time', async () => {
    const directory = toDataDirectory(temporaryDirectory());
    await createDataDirectory(directory);
    const lock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(/another gateway is running on the data directory/);
    lock.release();
    lockDataDirectory(directory).release();
  });
});

describe('replacing a file', () => {
  it('leaves the new content with its mode, and no temporary file', async () => {
    const root = temporaryDirectory();
    const file = join(root, 'file');
    writeFileSync(file, 'old', { mode: 0o644 });
    await replaceFile(file, 'new', 0o600);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('leaves the old content where the new cannot take its place', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'file', 'inside'), { recursive: true });
    await expect(replaceFile(join(root, 'file'), 'new', 0o600)).rejects.toThrow();
    expect(existsSync(join(root, 'file', 'inside'))).toBe(true);
    await expect(replaceFile(join(root, 'missing', 'file'), 'new', 0o600)).rejects.toThrow(/ENOENT/);
  });
});
