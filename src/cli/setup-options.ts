import { type Command, InvalidArgumentError } from 'commander';
import type { SetupOptions } from '../server/index.ts';
import { CommandError } from './command-error.ts';

/** What commander gives for the options below. */
export interface SetupArguments {
  readonly config?: string;
  readonly data?: string;
  readonly port?: number;
  readonly adminPort?: number;
}

/** Adds `--config` and `--data`, which every command that works on a gateway takes. */
export function withSetupOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration (default: ./sallyport.yaml, else the built-in demo)')
    .option('-d, --data <directory>', 'data directory (default: $SALLYPORT_DATA, else what the configuration says)');
}

/** Options and environment in one: an option wins over its variable. */
export function toSetupOptions(given: SetupArguments, environment: NodeJS.ProcessEnv = process.env): SetupOptions {
  const data = given.data ?? environment.SALLYPORT_DATA;
  const port = given.port ?? fromEnvironment('SALLYPORT_PORT', environment);
  const adminPort = given.adminPort ?? fromEnvironment('SALLYPORT_ADMIN_PORT', environment);
  return {
    ...(given.config === undefined ? {} : { configFile: given.config }),
    ...(data === undefined || data === '' ? {} : { dataDirectory: data }),
    ...(port === undefined ? {} : { port }),
    ...(adminPort === undefined ? {} : { adminPort }),
  };
}

function fromEnvironment(name: string, environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const port = toPort(text);
  if (port === undefined) throw new CommandError(2, `${name} must be a port from 0 to 65535`);
  return port;
}

/** A TCP port; 0 lets the system choose. */
export function parsePort(text: string): number {
  const port = toPort(text);
  if (port === undefined) throw new InvalidArgumentError('must be a port from 0 to 65535.');
  return port;
}

function toPort(text: string): number | undefined {
  const port = Number(text);
  return /^[0-9]{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}
