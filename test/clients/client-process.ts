import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Demo } from '../../src/server/index.ts';
import type { Language } from './clients.data.ts';

const snippets = join(import.meta.dirname, 'snippets');

/** What an exception of the client says. */
const failure = z.object({
  /** Its class and those above it. */
  classes: z.array(z.string()),
  message: z.string(),
  code: z.string().nullish(),
  status: z.number().nullish(),
  requestId: z.string().nullish(),
});
export type ClientError = z.infer<typeof failure>;

const outcome = z.union([z.object({ value: z.unknown() }), z.object({ error: failure })]);
export type Outcome = z.infer<typeof outcome>;

/** A program that uses a client library, in a process of its own. */
export interface ClientProcess extends AsyncDisposable {
  /** What it printed so far, warnings included. */
  printed(): string;
  /** Has its driver call a method. Rejects if the process ends before it has answered. */
  call(method: string, params: object): Promise<Outcome>;
}

export interface Program {
  readonly language: Language;
  /** The directory of the language's installation. */
  readonly home: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a program in the environment that is given and no other: a variable of the machine could be the credential. */
export function startClient(program: Program): ClientProcess {
  const [command, ...args] = toCommand(program);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...quiet, ...toPaths(program), ...program.environment },
  });
  let text = '';
  const gather = (chunk: Buffer) => {
    text += chunk;
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  // A program without a driver may end before its input does.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: outcomesOf(child) });
  const replies = lines[Symbol.asyncIterator]();
  return {
    printed: () => text,
    async call(method, params) {
      child.stdin.write(`${JSON.stringify({ method, params })}\n`);
      const { done, value } = await replies.next();
      if (done === true) throw new Error(`the client ended:\n${text}`);
      return outcome.parse(JSON.parse(value));
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  };
}

/** Runs a program of the guide to its end and gives what it printed. */
export async function runSnippet(program: Program): Promise<string> {
  const client = startClient(program);
  await client[Symbol.asyncDispose]();
  return client.printed();
}

/** No configuration of the machine's user, and nothing written beside the sources. */
const quiet = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_PROXY: '127.0.0.1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
};

function toCommand({ language, home, file }: Program): readonly [string, ...string[]] {
  switch (language) {
    case 'python':
      return [join(home, 'bin/python'), file];
    case 'javascript':
      return [process.execPath, '--import', join(import.meta.dirname, 'resolve.mjs'), file];
    default:
      return language satisfies never;
  }
}

function toPaths({ home }: Program): Readonly<Record<string, string>> {
  return { CLIENTS_HOME: home, PYTHONPATH: [snippets, join(import.meta.dirname, 'drivers')].join(delimiter) };
}

function outcomesOf({ stdio }: ChildProcess): Readable {
  const channel = stdio[3];
  if (channel === null || channel === undefined || !('read' in channel)) throw new Error('no channel for outcomes');
  return channel;
}

/** An environment of the guide, with the address and the credentials of a gateway in place of the guide's. */
export function environmentOf(name: string, { endpoint, principals }: Demo): Readonly<Record<string, string>> {
  const credentials: Readonly<Record<string, string>> = { ...principals.developer };
  const lines = readFileSync(join(snippets, name), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [variable = '', value = ''] = line.split(/=(.*)/s);
      const filled = value.replace(/<(\w+)>/, (_, key) => credentials[key] ?? '');
      return [variable, filled.replace('http://127.0.0.1:8080', endpoint)];
    }),
  );
}
