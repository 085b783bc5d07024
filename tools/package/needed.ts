/** Packages that only the command line and the state on a local disk load; the handlers are loaded without them. */
const notInLambda = [
  ...['libsql', '@libsql/linux-x64-gnu', '@libsql/linux-arm64-gnu', '@neon-rs/load', 'detect-libc', 'kysely'],
  ...['commander', 'cli-table3', '@colors/colors', 'string-width', 'emoji-regex', 'is-fullwidth-code-point'],
  ...['strip-ansi', 'ansi-regex'],
];

/** Packages of which nothing runs, and natives for another C library than Amazon's and Debian's. */
const neverLoaded = ['@types', 'undici-types', '@libsql/linux-x64-musl', '@libsql/linux-arm64-musl', '.bin'];

/** What is for browsers, bundlers or older Nodes, by package. Node's own conditions lead past it. */
const unusedParts: Readonly<Record<string, readonly string[]>> = {
  '@cedar-policy/cedar-wasm': ['esm', 'web'],
  'libphonenumber-js': ['bundle', 'es6-modern', 'build', 'max', 'mobile', 'metadata.max.json', 'metadata.mobile.json'],
  uuid: ['dist/esm-browser', 'dist/cjs-browser'],
  yaml: ['browser'],
};

/** Folders at the top of a package with nothing that runs. */
const idleFolders = ['dist-es', 'dist-types', 'test', 'tests', 'docs', 'example', 'examples', 'benchmarks', 'bench'];

const idleFile = /\.(?:[cm]?ts|map|flow|md|markdown|html|tsbuildinfo)$|(?:^|\/)\.[^/]*$|\.test\.[cm]?js$/;
const legal = /(?:^|\/)(?:licen[cs]e|notice|copying)[^/]*$/i;

const nodeModule = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/;

export type Bundle = 'lambda' | 'container';

/**
 * Whether a file of the installed tree, by its path from the tree's root, goes into a bundle. Licences and notices of
 * what does always go along.
 */
export function isNeeded(path: string, bundle: Bundle): boolean {
  const [, name = '', inside = ''] = nodeModule.exec(path) ?? [];
  if (name === '') return bundle === 'container' || !path.startsWith('dist/cli/');
  if ([...neverLoaded, ...(bundle === 'lambda' ? notInLambda : [])].some((left) => isWithin(name, left))) return false;
  if (name === '.package-lock.json') return false;
  if (legal.test(inside)) return true;
  const idle = [...idleFolders, ...(unusedParts[name] ?? [])];
  return !idle.some((folder) => isWithin(inside, folder)) && !idleFile.test(inside);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
