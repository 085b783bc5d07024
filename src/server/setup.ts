import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createAuthorizer, PolicyError, type PolicySource } from '../access/index.ts';
import { type Config, demoConfigText, loadConfig, parseConfig } from '../config/index.ts';
import { type Authorizer, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { modelFamily } from '../protocols/index.ts';
import { type DataDirectory, toDataDirectory } from './data-directory.ts';
import { StartError, toStartError } from './start-error.ts';

export interface SetupOptions {
  /** Without it `sallyport.yaml` in the working directory, and without that the demo. */
  readonly configFile?: string;
  /** Wins over the configuration's `data`. */
  readonly dataDirectory?: string;
  readonly port?: number;
  readonly adminPort?: number;
}

/** What a gateway is to be: configuration, policies and places, all read and checked for shape. */
export interface Setup {
  readonly config: Config;
  readonly isDemo: boolean;
  readonly policies: readonly PolicySource[];
  readonly directory: DataDirectory;
  readonly port: number;
  readonly adminPort: number;
}

const DEFAULT_FILE = 'sallyport.yaml';
const DEFAULT_DATA = '.sallyport';

/** Reads the configuration and its policy files. Throws a `ConfigError` or a `StartError`. */
export async function loadSetup(options: SetupOptions = {}): Promise<Setup> {
  const file = options.configFile ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  if (file !== undefined && !existsSync(file)) throw new StartError(`${file}: no such file`);
  const config = file === undefined ? parseConfig(demoConfigText, { path: 'demo' }) : await loadConfig(file);
  const base = file === undefined ? '.' : dirname(file);
  return {
    config,
    isDemo: file === undefined,
    policies: await readPolicies(config, base),
    directory: toDataDirectory(options.dataDirectory ?? resolve(base, config.data ?? DEFAULT_DATA)),
    port: options.port ?? config.listen.port,
    adminPort: options.adminPort ?? config.listen.adminPort,
  };
}

async function readPolicies({ policies }: Config, base: string): Promise<readonly PolicySource[]> {
  return Promise.all(
    policies.map(async (policy) => {
      if ('cedar' in policy) return { name: policy.name, text: policy.cedar };
      try {
        return { name: policy.file, text: await readFile(resolve(base, policy.file), 'utf8') };
      } catch (error) {
        throw toStartError(error, `the policy file ${policy.file} cannot be read`);
      }
    }),
  );
}

/** The policies of a setup, ready to be asked. Throws a `StartError` that lists what is wrong with them. */
export function createSetupAuthorizer({ config, policies }: Setup): Authorizer {
  try {
    return createAuthorizer({
      policies,
      tenants: config.tenants.map(({ name, principals }) => ({
        name: parseTenantId(name),
        principals: principals.map((principal) => ({ name: parsePrincipalId(principal.name), roles: principal.roles })),
      })),
      models: config.models.map(({ id, provider }) => ({ id: parseModelId(id), provider, family: modelFamily(id) })),
    });
  } catch (error) {
    if (error instanceof PolicyError) throw new StartError(error.problems.join('\n'), { cause: error });
    throw error;
  }
}

/** Checks a configuration whole and counts what is in it. Throws a `ConfigError` or a `StartError`. */
export async function checkSetup(
  options: SetupOptions,
): Promise<{ readonly models: number; readonly principals: number; readonly policies: number }> {
  const setup = await loadSetup(options);
  createSetupAuthorizer(setup);
  const { models, tenants, policies } = setup.config;
  return {
    models: models.length,
    principals: tenants.flatMap(({ principals }) => principals).length,
    policies: policies.length,
  };
}
