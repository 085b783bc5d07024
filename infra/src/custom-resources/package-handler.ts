import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { readFiles } from '../../../tools/package/installed-tree.ts';
import { isNeeded } from '../../../tools/package/needed.ts';
import { type ArchivedFile, toZip } from '../../../tools/package/zip.ts';

const sources = resolve(import.meta.dirname, '..');
/** Not in a directory that others can write to: what lies there is deployed. */
const cache = resolve(sources, '../node_modules/.cache/sallyport-custom-resources');
const compiler = resolve(sources, '../../node_modules/typescript/bin/tsc');

/**
 * The zip of a custom resource's function, for `index.handler` of Lambda's Node: the handler's module with what it
 * imports, compiled, and the packages that these name, from what is installed. Its own SDK goes along: the one that Lambda
 * has may not know a field yet, and would leave it out without a word. The same sources give the same bytes.
 *
 * `handler` is the module's path below `infra/src`, such as `bedrock/handlers/invocation-logging.ts`.
 */
export function packageHandler(handler: string): string {
  const file = join(cache, `${fingerprint(handler)}.zip`);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  // Other processes write the same file: each puts its own in place whole.
  const part = `${file}.${process.pid}`;
  writeFileSync(part, toZip(collectHandlerFiles(handler)));
  renameSync(part, file);
  return file;
}

/** What the zip is made of: the sources of the two rooms, and what is installed. */
function fingerprint(handler: string): string {
  const [room = ''] = handler.split('/');
  const hash = createHash('sha256').update(handler);
  for (const directory of [join(sources, room), join(sources, 'custom-resources')]) {
    const files = readFiles(directory, (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
    for (const { path, bytes } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) hash.update(path).update(bytes);
  }
  for (const lock of ['../package-lock.json', '../../package-lock.json'])
    hash.update(readFileSync(join(sources, lock)));
  return hash.digest('hex');
}

/** The files of the zip, by their paths in it. */
export function collectHandlerFiles(handler: string): readonly ArchivedFile[] {
  const compiled = mkdtempSync(join(tmpdir(), 'sallyport-handler-'));
  try {
    compile(handler, compiled);
    const modules = readFiles(compiled, (path) => path.endsWith('.js'));
    const text = modules.map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
    return [
      { path: 'package.json', bytes: Buffer.from('{"type":"module"}\n') },
      { path: 'index.js', bytes: Buffer.from(`export * from './${handler.replace(/\.ts$/, '.js')}';\n`) },
      ...modules,
      ...collectPackages(namesIn(text)),
    ];
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

/** Types were checked before: here they are only taken out. */
function compile(handler: string, outDir: string): void {
  const options = ['--ignoreConfig', '--noCheck', '--skipLibCheck', '--rewriteRelativeImportExtensions'];
  const target = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
  execFileSync(
    process.execPath,
    [compiler, join(sources, handler), ...options, ...target, '--rootDir', sources, '--outDir', outDir],
    { cwd: resolve(sources, '..'), stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

/** Packages that modules import, Node's own left out. */
function namesIn(text: string): readonly string[] {
  const specifiers = [...text.matchAll(/^(?:import|export) [^;]*?from '([^'.][^']*)';/gms)].map(
    ([, name = '']) => name,
  );
  return [...new Set(specifiers.filter((name) => !name.startsWith('node:')))];
}

/** The packages and all that they depend on, each where Node finds it from who needs it. */
function collectPackages(names: readonly string[]): readonly ArchivedFile[] {
  const files: ArchivedFile[] = [];
  const places = new Map<string, string>();
  const visit = (name: string, from: string, place: string): void => {
    const directory = findPackage(name, from);
    const taken = places.get(`node_modules/${name}`);
    if (taken === directory) return;
    const target = taken === undefined ? `node_modules/${name}` : `${place}/node_modules/${name}`;
    if (places.get(target) === directory) return;
    places.set(target, directory);
    files.push(...filesOf(directory, target));
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(join(directory, 'package.json'), 'utf8'),
    );
    for (const dependency of Object.keys(dependencies)) visit(dependency, directory, target);
  };
  for (const name of names) visit(name, sources, '');
  return files;
}

function findPackage(name: string, from: string): string {
  for (let directory = from; directory !== dirname(directory); directory = dirname(directory)) {
    const found = join(directory, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
  }
  throw new Error(`the package ${name} is not installed`);
}

function filesOf(directory: string, target: string): readonly ArchivedFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    const inside = relative(directory, file).replaceAll(sep, '/');
    const isOwn = entry.isFile() && !inside.startsWith('node_modules/');
    const path = `${target}/${inside}`;
    return isOwn && isNeeded(path, 'container') ? [{ path, bytes: readFileSync(file) }] : [];
  });
}
