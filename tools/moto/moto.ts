import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Installation, install, Unavailable } from '../install.ts';

/** `moto` is another's idea of AWS, written against AWS itself and not against us. */
const installation: Installation = {
  name: 'moto',
  files: [join(import.meta.dirname, 'moto.txt')],
  commands: [
    ['python3', '-m', 'venv', '.'],
    [
      ...(['bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries=1'] as const),
      ...['--timeout=20', '--only-binary=:all:', '--require-hashes', '--requirement=moto.txt'],
    ],
  ],
};

/** One request after another: moto looks whether an object is there and puts it in two steps. */
const SERVE = `
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.server_port, flush=True)
server.serve_forever()
`;

export type MotoPlace = { readonly directory: string } | { readonly reason: string };

/** Where `moto` is installed, or why it cannot be. */
export async function findMoto(): Promise<MotoPlace> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'conformance');
  try {
    return { directory: await install(cache, installation) };
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (!(error instanceof Unavailable) || process.env.CI !== undefined) throw error;
    process.stderr.write(`conformance: the tests with moto are skipped: ${error.message}\n`);
    return { reason: error.message };
  }
}

export interface Moto {
  readonly endpoint: string;
  stop(): void;
}

export async function startMoto({ directory }: { readonly directory: string }): Promise<Moto> {
  const child: ChildProcess = spawn(join(directory, 'bin/python'), ['-c', SERVE], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [port] = await once(child.stdout ?? child, 'data');
  return { endpoint: `http://127.0.0.1:${String(port).trim()}`, stop: () => void child.kill() };
}
