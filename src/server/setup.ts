import { existsSync } from 'node:fs';
import { createAuthorizer, createReadingAuthorizer, PolicyError } from '../access/index.ts';
import { parseVerifierKey, type VerifierKey } from '../audit/index.ts';
import { type Config, ConfigError, demoConfigText, loadConfig, parseConfig } from '../config/index.ts';
import type { Authorizer, ReadingAuthorizer } from '../core/index.ts';
import { type DataDirectory, toDataDirectory } from './data-directory.ts';
import { createGuardrailSet, type GuardrailSet } from './guarding/guardrail-set.ts';
import { type TenantSession, toTenantSessions } from './roles/tenant-sessions.ts';

export interface SetupOptions {
  /** Without it `sallyport.yaml` in the working directory, and without that the demo. */
  readonly configFile?: string;
  /** Wins over the configuration's `data`. */
  readonly dataDirectory?: string;
  readonly port?: number;
  readonly adminPort?: number;
}

/** What a gateway is to be. */
export interface Setup {
  readonly config: Config;
  readonly isDemo: boolean;
  readonly directory: DataDirectory;
  readonly port: number;
  readonly adminPort: number;
  readonly guardrails: GuardrailSet;
}

const DEFAULT_FILE = 'sallyport.yaml';

/** Reads the configuration, its policy files and its guardrails. Rejects with a `ConfigError`. */
export async function loadSetup(options: SetupOptions = {}): Promise<Setup> {
  const file = options.configFile ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const config = file === undefined ? parseConfig(demoConfigText, { path: 'demo.yaml' }) : await loadConfig(file);
  return {
    config,
    isDemo: file === undefined,
    directory: toDataDirectory(options.dataDirectory ?? config.data),
    port: options.port ?? config.listen.port,
    adminPort: options.adminPort ?? config.listen.adminPort,
    guardrails: createGuardrailSet(config),
  };
}

/** The policies of a setup, ready to be asked. Throws a `ConfigError` that lists what is wrong with them. */
export function createSetupAuthorizer({ config }: Pick<Setup, 'config'>): Authorizer {
  const { policies, tenants, models, guardrails } = config;
  return withPolicies(policies, () => createAuthorizer({ policies, tenants, models, guardrails }));
}

/** Those about reading the record. Throws as `createSetupAuthorizer` does. */
export function createSetupReadingAuthorizer({ config }: Pick<Setup, 'config'>): ReadingAuthorizer {
  return withPolicies(config.policies, () => createReadingAuthorizer(config.policies));
}

function withPolicies<Made>(policies: Config['policies'], make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ConfigError(
      error.problems.map((problem) => withPlace(problem, policies)),
      { cause: error },
    );
  }
}

/** Says of a policy that stands in the configuration that it does, so that nobody looks for a file of its name. */
function withPlace(problem: string, policies: Config['policies']): string {
  const { within } = policies.find(({ name }) => problem.startsWith(`${name}:`)) ?? {};
  return within === undefined ? problem : `${within}: policy ${problem}`;
}

/** Whose approvals count. */
export function readApprovers({ config }: Pick<Setup, 'config'>): readonly VerifierKey[] {
  return config.audit.approvers.map(({ key }) => parseVerifierKey(key));
}

/** What a valid configuration holds. */
export interface SetupSummary {
  readonly models: number;
  readonly principals: number;
  readonly policies: number;
  /** What each tenant is called for under; absent where no provider has `roles`. */
  readonly roles?: readonly RoleSummary[];
}

interface RoleSummary {
  readonly tenant: string;
  readonly provider: string;
  /** The reference, such as `ssm /sallyport/tenants/acme/role`. */
  readonly role: string;
  readonly region: string;
  readonly models: readonly string[];
}

/** Checks a configuration whole and tells what is in it. Rejects with a `ConfigError`. */
export async function checkSetup(options: SetupOptions): Promise<SetupSummary> {
  const { config } = await loadSetup(options);
  const authorizer = createSetupAuthorizer({ config });
  const roles = config.providers.flatMap((entry) =>
    entry.kind === 'bedrock' ? toTenantSessions(config, entry, authorizer).map((one) => toSummary(one, entry)) : [],
  );
  return {
    models: config.models.length,
    principals: config.tenants.flatMap(({ principals }) => principals).length,
    policies: config.policies.length,
    ...(roles.length === 0 ? {} : { roles }),
  };
}

function toSummary({ tenant, role, region, models }: TenantSession, { name }: { readonly name: string }): RoleSummary {
  return { tenant, provider: name, role: Object.entries(role).flat().join(' '), region, models };
}
