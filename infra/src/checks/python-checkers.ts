import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { type Installation, install, isInstalled, Unavailable } from '../../../tools/install.ts';
import { CheckError, type Finding, stackOf } from './finding.ts';

export type PythonChecker = 'cfn-lint' | 'checkov';

export type CheckerPlace = { readonly directory: string } | { readonly reason: string };

const REQUIREMENTS = { 'cfn-lint': 'cfn-lint.txt', checkov: 'checkov.txt' } as const;

function toInstallation(name: PythonChecker): Installation {
  const file = REQUIREMENTS[name];
  return {
    name,
    files: [join(import.meta.dirname, 'uv.txt'), join(import.meta.dirname, file)],
    commands: [
      ['python3', '-m', 'venv', '.'],
      [
        'bin/python',
        '-m',
        'pip',
        'install',
        '--quiet',
        '--retries=1',
        '--disable-pip-version-check',
        ...WHOLE,
        'uv.txt',
      ],
      // Its installer takes half a minute for what pip takes ten for.
      ['bin/uv', 'pip', 'install', '--quiet', '--python', 'bin/python', '--link-mode', 'copy', ...WHOLE, file],
    ],
  };
}

/** Wheels alone, with the hashes of the lock. */
const WHOLE = ['--only-binary', ':all:', '--require-hashes', '--requirement'] as const;

/**
 * Where a checker from PyPI is installed, or why it is not. To install them can take minutes: a command does so where they
 * must be there, under `CI` and with `SALLYPORT_CHECKERS=install`, and takes them elsewhere only if they are there. With
 * `installs` it is tried once, and what keeps it from that is the reason.
 */
export async function findChecker(name: PythonChecker, { installs = false } = {}): Promise<CheckerPlace> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'checks');
  const installation = toInstallation(name);
  const isAsked = process.env.CI !== undefined || process.env.SALLYPORT_CHECKERS === 'install';
  if (!isAsked && !installs && !isInstalled(cache, installation)) {
    const reason = `${name} is not installed; SALLYPORT_CHECKERS=install does that`;
    process.stderr.write(`checks: ${reason}\n`);
    return { reason };
  }
  try {
    return { directory: await install(cache, installation) };
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (isAsked || !(error instanceof Unavailable)) throw error;
    process.stderr.write(`checks: without ${name}: ${error.message}\n`);
    return { reason: `${name} cannot be installed here: ${error.message}` };
  }
}

/** What cfn-lint says of templates, warnings too. Throws a `CheckError`. */
export function lintFindings(files: readonly string[], directory: string): readonly Finding[] {
  const args = ['-c', 'from cfnlint.runner import main; main()', '--format', 'json', ...files];
  const { status, stdout, stderr } = python(directory, args);
  // Bits: 2 errors, 4 warnings, 8 informational. 1 and 32: it did not run.
  if (status === null || (status & ~14) !== 0)
    throw new CheckError(`cfn-lint ended with ${status}: ${stderr.slice(-500)}`);
  const matches: readonly LintMatch[] = JSON.parse(stdout);
  const unread = matches.find(({ Rule: { Id: id }, Filename: file }) => file === null || id === 'E0000');
  if (unread !== undefined) throw new CheckError(`cfn-lint could not read a template: ${unread.Message}`);
  return matches.map(({ Rule: rule, Message: message, Filename: file, Location: { Path: path } }) => ({
    tool: 'cfn-lint',
    rule: rule.Id,
    stack: stackOf(file ?? ''),
    resource: path?.[0] === 'Resources' ? String(path[1] ?? '') : '',
    message,
  }));
}

interface LintMatch {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Filename: string | null;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** What checkov says of templates that lie in one directory. It calls nowhere. Throws a `CheckError`. */
export function checkovFindings(files: readonly string[], directory: string): readonly Finding[] {
  const [first] = files;
  if (first === undefined) return [];
  for (const file of files) requireTemplate(file);
  const names = files.map((file) => relative(dirname(first), file));
  const args = [
    '-c',
    CHECKOV,
    '--framework',
    'cloudformation',
    '--output',
    'json',
    '--quiet',
    '--compact',
    '--soft-fail',
  ];
  const run = python(
    directory,
    [...args, '--skip-download', ...names.flatMap((name) => ['--file', name])],
    dirname(first),
  );
  if (run.status !== 0) throw new CheckError(`checkov ended with ${run.status}: ${run.stderr.slice(-500)}`);
  const parsed: unknown = JSON.parse(run.stdout);
  const reports = (Array.isArray(parsed) ? parsed : [parsed]).filter(isReport);
  // Where there is nothing that it knows, it says how much it passed, in a form of its own.
  const isNothing = typeof parsed === 'object' && parsed !== null && 'resource_count' in parsed;
  if (reports.length === 0 && !isNothing) throw new CheckError('checkov examined nothing');
  for (const { summary } of reports) {
    if (summary.parsing_errors > 0) throw new CheckError(`checkov could not read ${summary.parsing_errors} templates`);
  }
  return reports.flatMap(({ results }) =>
    results.failed_checks.map(({ check_id: rule, check_name: message, file_path: file, resource }) => ({
      tool: 'checkov',
      rule,
      stack: stackOf(file),
      resource: resource.replace(/^.*\./, ''),
      message,
    })),
  );
}

/** What checkov cannot read it takes for nothing, and passes: it is to be a template before it is asked. */
function requireTemplate(file: string): void {
  try {
    if (typeof JSON.parse(readFileSync(file, 'utf8')).Resources === 'object') return;
  } catch {
    // Said below, with the file's name alone.
  }
  throw new CheckError(`${basename(file)} is no template`);
}

/** Its program imports what its own start-up file does; that one begins with the path of the place it was made in. */
const CHECKOV = 'import sys; from checkov.main import Checkov; sys.exit(Checkov().run())';

const isReport = (value: unknown): value is CheckovReport =>
  typeof value === 'object' && value !== null && 'results' in value;

interface CheckovReport {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly file_path: string;
      readonly resource: string;
    }[];
  };
  readonly summary: { readonly parsing_errors: number };
}

function python(directory: string, args: readonly string[], cwd?: string) {
  return spawnSync(join(directory, 'bin/python'), [...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', LOG_LEVEL: 'ERROR', BC_API_KEY: '' },
    ...(cwd === undefined ? {} : { cwd }),
  });
}
