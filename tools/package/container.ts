// `npm run package:container`: what an image of the gateway is built from.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BundleError, collectBundle, unzippedBytes, writeFiles } from './bundle.ts';
import { dockerfile, dockerignore, healthcheck } from './container.data.ts';
import type { Architecture } from './elf.ts';
import { compileRelease, installDependencies } from './installed-tree.ts';

const usage = `usage: npm run -s package:container -- [options]

Writes dist/container: a Dockerfile and the tree it copies.

  --arch x64|arm64   the machine it is for (default: this one)
  --config DIR       a directory with a sallyport.yaml and its policies, to be in the image
  --out DIR          where to, instead of dist/container
  --json             what was written, as JSON
`;

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      arch: { type: 'string', default: process.arch },
      config: { type: 'string' },
      out: { type: 'string', default: resolve(import.meta.dirname, '../../dist/container') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { arch } = values;
  if (values.help || (arch !== 'x64' && arch !== 'arm64')) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  if (values.config !== undefined && !existsSync(join(values.config, 'sallyport.yaml'))) {
    process.stderr.write(`package:container: there is no sallyport.yaml in ${values.config}\n`);
    return 1;
  }
  const staging = mkdtempSync(join(tmpdir(), 'sallyport-package-'));
  try {
    const packed = writeContext(staging, resolve(values.out), arch);
    writeConfig(resolve(values.out), values.config);
    process.stdout.write(values.json ? `${JSON.stringify(packed, null, 2)}\n` : toText(packed));
    return 0;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    process.stderr.write(`package:container: ${error.message}\n`);
    return 1;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

interface Context {
  readonly directory: string;
  readonly architecture: Architecture;
  readonly files: number;
  readonly bytes: number;
}

function writeContext(staging: string, directory: string, architecture: Architecture): Context {
  compileRelease(staging);
  installDependencies(staging, architecture);
  const more = [{ path: 'healthcheck.mjs', bytes: Buffer.from(healthcheck) }];
  const files = collectBundle({ directory: staging, bundle: 'container', architecture, more });
  rmSync(directory, { recursive: true, force: true });
  writeFiles(join(directory, 'tree'), files);
  writeFiles(directory, [
    { path: 'Dockerfile', bytes: Buffer.from(dockerfile) },
    { path: '.dockerignore', bytes: Buffer.from(dockerignore) },
  ]);
  for (const { path } of files) chmodSync(join(directory, 'tree', path), 0o444);
  return { directory, architecture, files: files.length, bytes: unzippedBytes(files) };
}

/** What the image has below /etc/sallyport: readable by all, and nothing where no configuration is packed. */
function writeConfig(directory: string, config: string | undefined): void {
  const etc = join(directory, 'etc');
  mkdirSync(etc);
  if (config === undefined) return;
  cpSync(config, etc, { recursive: true, dereference: true });
  for (const path of readdirSync(etc, { recursive: true, encoding: 'utf8' })) {
    const file = join(etc, path);
    chmodSync(file, statSync(file).isDirectory() ? 0o755 : 0o444);
  }
}

function toText({ directory, architecture, files, bytes }: Context): string {
  return `${directory}: ${architecture}, ${files} files, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`;
}

process.exitCode = main(process.argv.slice(2));
