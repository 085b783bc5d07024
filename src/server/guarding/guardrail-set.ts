import { type Config, ConfigError } from '../../config/index.ts';
import type { Caller, GuardrailReference } from '../../core/index.ts';
import {
  createGuardrail,
  type Guardrail,
  GuardrailError,
  parseGuardrailPolicy,
  policyHash,
} from '../../guardrails/index.ts';
import { guardrailParts } from './guardrail-parts.ts';

/** The guardrails of a configuration. */
export interface GuardrailSet {
  /** As a caller names one, by its id or an ARN that ends with it. */
  find(reference: GuardrailReference): Guardrail | undefined;
  /** Those that apply to a caller whatever the request says: the gateway's, its tenant's, its own. */
  appliedTo(caller: Pick<Caller, 'tenant' | 'principal'>): readonly Guardrail[];
}

type GuardrailsConfig = Pick<Config, 'guardrails' | 'inspection' | 'tenants' | 'region'>;
type Reference = Config['inspection']['guardrails'][number];

/** Makes them. Throws a `ConfigError` that lists what is wrong with their policies. */
export function createGuardrailSet({ guardrails, inspection, tenants }: GuardrailsConfig): GuardrailSet {
  const problems: string[] = [];
  const known = new Map<string, Guardrail>();
  for (const entry of guardrails) {
    try {
      known.set(keyOf(entry), create(entry));
    } catch (error) {
      if (!(error instanceof GuardrailError)) throw error;
      problems.push(...error.problems.map((problem) => `${entry.place}: ${problem}`));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const all = (references: readonly Reference[]) =>
    references.flatMap((reference) => known.get(keyOf(reference)) ?? []);
  const applied = new Map(
    tenants.flatMap((tenant) =>
      tenant.principals.map((principal) => [
        callerKey({ tenant: tenant.name, principal: principal.name }),
        once([...all(inspection.guardrails), ...all(tenant.guardrails), ...all(principal.guardrails)]),
      ]),
    ),
  );
  return {
    find: ({ identifier, version }) => known.get(keyOf({ id: idOf(identifier), version })),
    appliedTo: (caller) => applied.get(callerKey(caller)) ?? [],
  };
}

function create({ id, version, sha256, policy }: GuardrailsConfig['guardrails'][number]): Guardrail {
  const parsed = parseGuardrailPolicy(policy);
  const actual = policyHash(policy);
  if (sha256 !== undefined && sha256 !== actual) {
    throw new GuardrailError([`its \`sha256\` is ${actual}: what a version means does not change`]);
  }
  return createGuardrail({ id, version }, parsed, guardrailParts);
}

/** An ARN ends with the id: `arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123`. */
function idOf(identifier: string): string {
  return /^arn:[^/]*:guardrail\/([a-z0-9]+)$/.exec(identifier)?.[1] ?? identifier;
}

function keyOf({ id, version }: Reference): string {
  return `${id}:${version}`;
}

function callerKey({ tenant, principal }: Pick<Caller, 'tenant' | 'principal'>): string {
  return `${tenant}/${principal}`;
}

function once<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
