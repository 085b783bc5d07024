import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, temporaryDirectory } from '../journal/journal-fixture.suite.ts';
import { checkExportDirectory, createExportDirectory, ExportError, readVerifier } from './export-directory-store.ts';

afterEach(cleanUp);

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the directory of an export', () => {
  it('is for its owner alone, with all that is in it', async () => {
    const directory = join(temporaryDirectory(), 'b');
    const to = await createExportDirectory(directory);
    await to.write('log/tile/x', 'one');
    const lines = await to.lines('lines');
    await lines.write('two\n');
    await lines.close();
    expect(readFileSync(join(directory, 'log/tile/x'), 'utf8')).toBe('one');
    expect(readFileSync(join(directory, 'lines'), 'utf8')).toBe('two\n');
    expect(['.', 'log', 'log/tile'].map((path) => modeOf(join(directory, path)))).toEqual(['700', '700', '700']);
    expect(['log/tile/x', 'lines'].map((path) => modeOf(join(directory, path)))).toEqual(['600', '600']);
  });

  it('may be there, empty; then it becomes its owner’s alone', async () => {
    const directory = join(temporaryDirectory(), 'empty');
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    await createExportDirectory(directory);
    expect(modeOf(directory)).toBe('700');
  });

  it('is refused where there is something in it, or where it is no directory', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'x'), '');
    await expect(createExportDirectory(directory)).rejects.toThrow(new ExportError(`\`${directory}\` is not empty`));
    const file = join(directory, 'x');
    await expect(checkExportDirectory(file)).rejects.toThrow(new ExportError(`\`${file}\` is a file`));
    const endless = join(directory, 'loop');
    symlinkSync(endless, endless);
    await expect(checkExportDirectory(endless)).rejects.toThrow(new ExportError(`\`${endless}\` cannot be read`));
    await expect(checkExportDirectory(join(directory, 'none'))).resolves.toBeUndefined();
  });

  it('has nothing written over, and follows no link that somebody put there', async () => {
    const directory = join(temporaryDirectory(), 'export');
    const to = await createExportDirectory(directory);
    await to.write('x', 'one');
    await expect(to.write('x', 'two')).rejects.toThrow('EEXIST');
    const elsewhere = join(temporaryDirectory(), 'elsewhere');
    symlinkSync(elsewhere, join(directory, 'y'));
    await expect(to.write('y', 'two')).rejects.toThrow('EEXIST');
    await expect(to.lines('y')).rejects.toThrow('EEXIST');
  });

  it('writes many lines, whole and in order', async () => {
    const directory = join(temporaryDirectory(), 'export');
    const lines = await (await createExportDirectory(directory)).lines('lines');
    const expected = Array.from({ length: 30_000 }, (_, at) => `line ${at} ä\n`);
    for (const line of expected) await lines.write(line);
    // As it goes, not at the end: what is held in memory is bounded.
    expect(statSync(join(directory, 'lines')).size).toBeGreaterThan(100_000);
    await lines.close();
    expect(readFileSync(join(directory, 'lines'), 'utf8')).toBe(expected.join(''));
  });

  it('gets the verifier as it is in the source', async () => {
    const own = join(import.meta.dirname, '../offline/verify.mjs');
    expect(Buffer.from(await readVerifier())).toEqual(readFileSync(own));
  });

  it('is made in a directory that is there and takes entries, or not at all', async () => {
    const above = temporaryDirectory();
    await expect(createExportDirectory(join(above, 'missing', 'export'))).rejects.toThrow(
      'there is no directory that takes it',
    );
    await expect(createExportDirectory('/proc/export')).rejects.toMatchObject({ name: 'ExportError' });
    writeFileSync(join(above, 'file'), '');
    await expect(createExportDirectory(join(above, 'file', 'export'))).rejects.toThrow();
  });
});
