import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FUNCTION_CONFIG, RUNTIME_GLOBALS } from '../../tools/package/loading.ts';
import { spreadOf } from '../statistics.ts';

export interface Initialisation {
  /** User and system time of a process that does nothing else, in milliseconds. */
  readonly cpuMs: number;
  /** Of that process, once it has loaded, in MiB. */
  readonly residentMiB: number;
}

/**
 * What loading `lambda.handler` from an unpacked bundle takes, and with it reading what is in `models`, where there is
 * such a directory: medians of processes of their own, which connect to nothing.
 */
export async function measureInitialisation(directory: string, rounds: number): Promise<Initialisation> {
  const configFile = `${directory}.yaml`;
  writeFileSync(configFile, FUNCTION_CONFIG);
  const models = join(directory, 'models');
  const code = `${RUNTIME_GLOBALS}
    import { readdirSync, readFileSync } from 'node:fs';
    const models = ${existsSync(models)} ? ${JSON.stringify(models)} : undefined;
    const { handler } = await import(${JSON.stringify(join(directory, 'lambda.js'))});
    const read = models === undefined ? [] : readdirSync(models).map((name) => readFileSync(models + '/' + name));
    const { user, system } = process.cpuUsage();
    const residentMiB = process.memoryUsage.rss() / 2 ** 20;
    process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1_000, residentMiB, handler: typeof handler, read: read.length }));
    process.exit(0);`;
  const measured: Initialisation[] = [];
  // The first of them reads the bundle from the disk.
  for (let round = 0; round <= rounds; round += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: directory,
      env: {
        NODE_ENV: 'production',
        LAMBDA_TASK_ROOT: directory,
        SALLYPORT_CONFIG: configFile,
        SALLYPORT_ROOT_KEY: Buffer.alloc(32).toString('base64url'),
      },
    });
    const { handler, ...figures }: Initialisation & { readonly handler: string } = JSON.parse(stdout);
    if (handler !== 'function') throw new Error('the bundle has no handler');
    if (round > 0) measured.push(figures);
  }
  rmSync(configFile);
  return {
    cpuMs: spreadOf(measured.map(({ cpuMs }) => cpuMs)).median,
    residentMiB: spreadOf(measured.map(({ residentMiB }) => residentMiB)).median,
  };
}
