import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const script = resolve(import.meta.dirname, 'lambda.ts');

interface PackedZip {
  readonly file: string;
  readonly architecture: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly sha256: string;
}

export interface PackedBundle extends AsyncDisposable {
  /** The zips, and what was said of each. */
  readonly packed: readonly PackedZip[];
  /** The one for this machine, unpacked by another's program. */
  readonly directory: string;
}

/** Makes the bundle as `npm run package:lambda` does, with the same arguments, in a directory of its own. */
export async function packBundle(...args: readonly string[]): Promise<PackedBundle> {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-packed-'));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [script, '--json', '--out', root, ...args]);
  const packed: PackedBundle['packed'] = JSON.parse(stdout);
  const own = packed.find(({ architecture }) => architecture === process.arch);
  const directory = join(root, 'task');
  await run('unzip', ['-q', own?.file ?? '', '-d', directory]);
  return {
    packed,
    directory,
    async [Symbol.asyncDispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
