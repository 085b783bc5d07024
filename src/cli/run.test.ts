import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { version } from '../telemetry/index.ts';
import { processTerminal } from './output.ts';
import { createProgram } from './program.ts';
import { run } from './run.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

afterAll(removeTemporaryDirectories);

/** A schema is JSON as it is, and a proof is in a form of its own. */
const WITHOUT_JSON = ['config schema'];

/** Every command that does something, by its words; none that only has others below it. */
function commandsOf({ commands }: Command): readonly string[] {
  return commands.flatMap((command) => {
    const below = commandsOf(command).map((words) => `${command.name()} ${words}`);
    return below.length === 0 ? [command.name()] : below;
  });
}

describe('a command line', () => {
  it.each([
    [[], /Usage: sallyport/, 2],
    [['unknown'], /unknown command 'unknown'/, 2],
    [['start', '--unknown'], /unknown option '--unknown'/, 2],
    [['key'], /Usage: sallyport key/, 2],
    [['key', 'revoke'], /missing required argument 'id'/, 2],
    [['access', 'test'], /required option '-p, --principal/, 2],
  ])('that cannot be understood (%j) says why and ends with 2', async (words, message, code) => {
    const ran = await sallyport(...words);
    expect(ran.error).toMatch(message);
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
  });

  it.each(commandsOf(createProgram(processTerminal)))('%s helps with options and examples', async (name) => {
    const { code, out, error } = await sallyport(...name.split(' '), '--help');
    expect(out).toMatch(/Usage: sallyport [\s\S]*Options:[\s\S]*Examples?:/);
    if (!WITHOUT_JSON.includes(name)) expect(out).toContain('--json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
  });

  it('tells its version, which is that of the package', async () => {
    expect(await sallyport('--version')).toEqual({ code: 0, out: version, error: '' });
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(version).toBe(manifest.version);
  });

  it('that meets a defect says so with its place, and ends with 2', async () => {
    const broken = {
      out: () => {
        throw new TypeError('a defect');
      },
      error: (text: string) => void said.push(text),
    };
    const said: string[] = [];
    expect(await run(['node', 'sallyport', 'config', 'schema'], broken)).toBe(2);
    expect(said.join('\n')).toMatch(/^sallyport: a defect: TypeError: a defect\n\s+at /);
    for (const thrown of ['a string', Object.assign(new Error('no stack'), { stack: undefined })]) {
      const odd = {
        ...broken,
        out: () => {
          throw thrown;
        },
      };
      expect(await run(['node', 'sallyport', 'config', 'schema'], odd)).toBe(2);
    }
    expect(said.slice(1)).toEqual(['sallyport: a defect: a string', 'sallyport: a defect: no stack']);
  });

  it('that meets a key ring others wrote to says so in one line', async () => {
    const data = temporaryDirectory();
    expect((await sallyport('key', 'create', '-t', 'demo', '-p', 'developer', '--data', data)).code).toBe(0);
    appendFileSync(join(data, 'keys', 'root.key'), 'x');
    const refused = await sallyport('key', 'list', '--data', data);
    expect(refused).toMatchObject({ code: 2, out: '', error: expect.stringMatching(/^sallyport: .*root\.key[^\n]*$/) });
  });

  it('writes results to standard output and all else to standard error', () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      processTerminal.out('a result');
      processTerminal.error('a remark');
      expect(out.mock.calls).toEqual([['a result\n']]);
      expect(error.mock.calls).toEqual([['a remark\n']]);
    } finally {
      out.mockRestore();
      error.mockRestore();
    }
  });

  it('that cannot open the data directory says which and why', async () => {
    const data = join(temporaryDirectory(), 'file');
    writeFileSync(data, '');
    const ran = await sallyport('key', 'create', '-t', 'demo', '-p', 'developer', '--data', data);
    expect(ran).toMatchObject({ code: 2, out: '', error: expect.stringMatching(/^sallyport: the data directory /) });
    const blocked = temporaryDirectory();
    mkdirSync(join(blocked, 'state', 'state.db'), { recursive: true });
    expect((await sallyport('key', 'list', '--data', blocked)).error).toMatch(/^sallyport: the state cannot be opened/);
  });
});
