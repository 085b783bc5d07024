import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Installation, install, Unavailable } from '../install.ts';

/** AWS's emulator of what surrounds a function; Go's checksum database holds what this version is. */
const emulator: Installation = {
  name: 'lambda-rie',
  commands: [
    [
      ...(['go', 'install'] as const),
      'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d',
    ],
  ],
  environment: (directory) => ({ GOBIN: directory, CGO_ENABLED: '0' }),
};

/**
 * AWS's own runtime client for Node, as published. Its native part is compiled by scripts that need CMake and a C++
 * compiler; `rapid-client.mjs` stands in for that part, under its name, and AWS's code is left as it is.
 */
const client: Installation = {
  name: 'lambda-ric',
  files: [join(import.meta.dirname, 'rapid-client.mjs')],
  commands: [
    ['npm', 'pack', '--silent', '--ignore-scripts', 'aws-lambda-ric@4.0.2'],
    ['tar', '-xzf', 'aws-lambda-ric-4.0.2.tgz'],
    ['mkdir', 'package/rapid-client.node'],
    ['mv', 'rapid-client.mjs', 'package/rapid-client.node/index.js'],
  ],
};
const CLIENT_SHA256 = '180651f3b1745cb68797cdba9a26c01da6c72b81c908400ebc6c27a43986c2e0';

export interface LambdaPrograms {
  /** AWS's emulator. */
  readonly emulator: string;
  /** The module that AWS's runtime for Node starts with. */
  readonly client: string;
}

export type LambdaPlace = LambdaPrograms | { readonly reason: string };

/** Where AWS's emulator and runtime client are installed, or why they cannot be. */
export async function findLambdaEmulator(): Promise<LambdaPlace> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'aws');
  try {
    const [emulatorDirectory, clientDirectory] = [await install(cache, emulator), await install(cache, client)];
    const programs = {
      emulator: join(emulatorDirectory, 'aws-lambda-rie'),
      client: join(clientDirectory, 'package/index.mjs'),
    };
    const hash = createHash('sha256').update(readFileSync(programs.client)).digest('hex');
    if (hash !== CLIENT_SHA256) throw new Error(`aws-lambda-ric is another than was looked at: ${hash}`);
    return programs;
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (!(error instanceof Unavailable) || process.env.CI !== undefined) throw error;
    process.stderr.write(`the tests with the Lambda emulator are skipped: ${error.message}\n`);
    return { reason: error.message };
  }
}
