// `npm run package:lambda`: what is uploaded to Lambda, for both of its machines.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BundleError, collectBundle, sha256, unzippedBytes, writeFiles } from './bundle.ts';
import type { Architecture } from './elf.ts';
import { createEntryModules } from './entry-modules.ts';
import { entryModules, handlers } from './handlers.data.ts';
import { compileRelease, installDependencies } from './installed-tree.ts';
import { loadHandlers } from './loading.ts';
import { createStandInModels } from './stand-in-models.ts';
import { type ArchivedFile, toZip } from './zip.ts';

interface Packed {
  readonly file: string;
  readonly architecture: Architecture;
  readonly files: number;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly sha256: string;
}

const names: Readonly<Record<Architecture, string>> = { x64: 'lambda.zip', arm64: 'lambda-arm64.zip' };

const usage = `usage: npm run -s package:lambda -- [options]

Writes dist/lambda.zip (x86-64) and dist/lambda-arm64.zip.

  --out DIR           where to, instead of dist
  --json              what was written, as JSON
  --stand-in-models   with 60 MiB of noise where models will be; for measuring, never for a release
`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string', default: resolve(import.meta.dirname, '../../dist') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      'stand-in-models': { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const staging = mkdtempSync(join(tmpdir(), 'sallyport-package-'));
  try {
    const packed = await packAll(staging, resolve(values.out), values['stand-in-models'] ? createStandInModels() : []);
    process.stdout.write(values.json ? `${JSON.stringify(packed, null, 2)}\n` : toText(packed));
    return 0;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    process.stderr.write(`package:lambda: ${error.message}\n`);
    return 1;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function packAll(staging: string, out: string, models: readonly ArchivedFile[]): Promise<readonly Packed[]> {
  compileRelease(staging);
  mkdirSync(out, { recursive: true });
  const packed: Packed[] = [];
  for (const architecture of ['x64', 'arm64'] as const) {
    rmSync(join(staging, 'node_modules'), { recursive: true, force: true });
    installDependencies(staging, architecture);
    const files = collectBundle({
      directory: staging,
      bundle: 'lambda',
      architecture,
      more: [...createEntryModules(entryModules), ...models],
    });
    if (architecture === process.arch) await tryLoading(staging, files);
    const zip = toZip(files);
    // Whole or not at all: a zip that was begun must not be uploaded.
    const file = join(out, names[architecture]);
    writeFileSync(`${file}.part`, zip);
    renameSync(`${file}.part`, file);
    packed.push({
      file,
      architecture,
      files: files.length,
      zippedBytes: zip.length,
      unzippedBytes: unzippedBytes(files),
      sha256: sha256(zip),
    });
  }
  return packed;
}

async function tryLoading(staging: string, files: readonly ArchivedFile[]): Promise<void> {
  const directory = join(staging, 'tried', 'task');
  writeFiles(directory, files);
  rmSync(join(staging, 'node_modules'), { recursive: true, force: true });
  try {
    await loadHandlers(directory, handlers);
  } finally {
    rmSync(join(staging, 'tried'), { recursive: true, force: true });
  }
}

function toText(packed: readonly Packed[]): string {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const lines = packed.map(
    (each) =>
      `${each.file}\n  ${each.architecture}, ${each.files} files, ${mebibytes(each.zippedBytes)} zipped, ` +
      `${mebibytes(each.unzippedBytes)} unzipped\n  sha256 ${each.sha256}\n`,
  );
  return `${lines.join('')}handlers: ${handlers.join(', ')}\n`;
}

process.exitCode = await main(process.argv.slice(2));
