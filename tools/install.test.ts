import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Installation, install, Unavailable } from './install.ts';

let home: string;
let source: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-install-'));
  source = join(home, 'lock.txt');
  writeFileSync(source, 'one');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const node = (program: string): readonly [string, ...string[]] => [process.execPath, '-e', program];
const counting = (): Installation => ({
  name: 'part',
  files: [source],
  commands: [node("require('node:fs').copyFileSync('lock.txt', 'made-of-it')")],
});
const made = (directory: string) => readFileSync(join(directory, 'made-of-it'), 'utf8');
const drafts = () => readdirSync(home).filter((name) => name.startsWith('part-'));

describe('an installation', () => {
  it('is made once, of the files it was given', async () => {
    const directory = await install(home, counting());
    expect(made(directory)).toBe('one');
    rmSync(join(directory, 'made-of-it'));
    expect(await install(home, counting())).toBe(directory);
    expect(existsSync(join(directory, 'made-of-it'))).toBe(false);
  });

  it('is another one with other files or other commands', async () => {
    const first = await install(home, counting());
    writeFileSync(source, 'two');
    const second = await install(home, counting());
    expect([made(first), made(second)]).toEqual(['one', 'two']);
    const third = await install(home, { ...counting(), commands: [node('0')] });
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('is one and whole when several ask at once', async () => {
    const directories = await Promise.all([1, 2, 3].map(() => install(home, counting())));
    expect(new Set(directories).size).toBe(1);
    expect(made(directories[0] ?? '')).toBe('one');
    expect(drafts()).toHaveLength(1);
  });

  it('leaves nothing behind when a command fails, and says which and why', async () => {
    const failing = { ...counting(), commands: [node("console.error('no such host'); process.exit(3)")] };
    const error = await install(home, failing).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).toMatch(/ended with 3: no such host/);
    expect(drafts()).toEqual([]);
    const wordy = { ...counting(), commands: [node("console.error('wait\\nError: full\\nbye'); process.exit(1)")] };
    await expect(install(home, wordy)).rejects.toThrow(/ended with 1: Error: full$/);
    await expect(install(home, { ...counting(), commands: [['no-such-program']] })).rejects.toThrow(/no-such-program/);
  });

  it('gives its commands the environment, which may name the directory', async () => {
    const directory = await install(home, {
      name: 'part',
      commands: [node("require('node:fs').writeFileSync(process.env.TARGET + '/made-of-it', 'there')")],
      environment: (draft) => ({ TARGET: draft }),
    });
    expect(made(directory)).toBe('there');
  });
});
