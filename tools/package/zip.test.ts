import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toZip } from './zip.ts';

const files = [
  { path: 'b/ä.txt', bytes: Buffer.from('second '.repeat(1_000)) },
  { path: 'a.bin', bytes: new Uint8Array([0, 1, 2]) },
  { path: 'b/empty', bytes: new Uint8Array() },
];

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return process.env.CI !== undefined;
  }
}

describe('a zip', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-zip-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('is the same for the same files in any order', () => {
    expect(toZip(files.toReversed()).equals(toZip(files))).toBe(true);
  });

  it.skipIf(!hasUnzip())('is unpacked by another to the same files, which nobody may change', () => {
    writeFileSync(join(directory, 'a.zip'), toZip(files));
    execFileSync('unzip', ['-q', 'a.zip', '-d', 'out'], { cwd: directory });
    for (const { path, bytes } of files) {
      const file = join(directory, 'out', path);
      expect(readFileSync(file).equals(bytes)).toBe(true);
      expect(statSync(file).mode & 0o777).toBe(0o444);
    }
  });

  it('of more files than it can count is refused', () => {
    const many = Array.from({ length: 65_536 }, (_, index) => ({ path: String(index), bytes: new Uint8Array() }));
    expect(() => toZip(many)).toThrow(RangeError);
  });
});
