import { resolve } from 'node:path';
import type { Model } from '../core/index.ts';
import { isProduction } from './exposure.ts';
import type { GuardrailConfig } from './guardrails.ts';
import type { ConfigShape } from './schema.ts';
import type { SecretRef } from './secret-ref.ts';

type Frozen<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer Entry)[]
    ? readonly Frozen<Entry>[]
    : { readonly [Key in keyof T]: Frozen<T[Key]> };

/** A model on offer. `family` is for policies. */
export interface ModelConfig extends Model {
  readonly family?: string | undefined;
}

/** Cedar policies by the name of the file they stand in. */
export interface PolicyText {
  readonly name: string;
  readonly text: string;
  /** The configuration that it stands in itself, if it does: there is no file of its name. */
  readonly within?: string;
}

export type ProviderConfig = Frozen<ConfigShape['providers'][number]>;
/** TLS of a port. */
export type TlsConfig = NonNullable<Config['listen']['tls']>;
/** The same from files. */
export type TlsFiles = Exclude<TlsConfig, { readonly ephemeral: true }>;
/** By which road requests come. */
export type FrontDoor = Config['frontDoor'];
export type TenantConfig = Frozen<ConfigShape['tenants'][number]>;

/** A part that goes to where AWS is called without the rest, and says `fips` again. */
type CallingAws<Part> = Part & { readonly fips?: boolean };

/** Where checkpoints of the log are kept. */
export type SinkConfig = CallingAws<Frozen<ConfigShape['audit']['sinks'][number]>>;

export interface AuditConfig extends Frozen<Omit<ConfigShape['audit'], 'origin' | 'store' | 'sinks'>> {
  readonly origin: string;
  readonly store: CallingAws<Frozen<ConfigShape['audit']['store']>>;
  readonly sinks: readonly SinkConfig[];
}

interface KeysConfig extends Frozen<Omit<ConfigShape['keys'], 'kms'>> {
  readonly kms?: CallingAws<Frozen<NonNullable<ConfigShape['keys']['kms']>>> | undefined;
}

/** A whole configuration: every default filled in, every reference sound, every path absolute. */
export interface Config
  extends Frozen<Omit<ConfigShape, 'models' | 'policies' | 'guardrails' | 'production' | 'audit' | 'keys' | 'state'>> {
  readonly production: boolean;
  readonly keys: KeysConfig;
  readonly state: CallingAws<Frozen<ConfigShape['state']>>;
  readonly audit: AuditConfig;
  readonly models: readonly ModelConfig[];
  readonly policies: readonly PolicyText[];
  readonly guardrails: readonly GuardrailConfig[];
}

function named(guardrail: Model['guardrail']): Pick<Model, 'guardrail'> {
  return guardrail === undefined ? {} : { guardrail };
}

/** What stands in files beside a configuration, or in places of it as in files. */
interface ReadFiles {
  readonly policies: readonly PolicyText[];
  readonly guardrails: readonly GuardrailConfig[];
}

/** The configuration of a checked document. `directory` is what relative paths start from. */
export function toConfig(shape: ConfigShape, directory: string, { policies, guardrails }: ReadFiles): Config {
  const fips = shape.fips ? { fips: true } : {};
  const { store } = shape.audit;
  const remote = new Map(
    shape.providers.flatMap((entry) =>
      entry.kind === 'bedrock' && entry.guardrail !== undefined ? [[entry.name, entry.guardrail] as const] : [],
    ),
  );
  const accepting = new Set(shape.providers.filter(({ terms }) => terms.uninspectedContent).map(({ name }) => name));
  return {
    ...shape,
    ...(shape.deploy === undefined ? {} : { deploy: deployWithPaths(shape.deploy, directory) }),
    production: isProduction(shape.production, shape.environment),
    data: resolve(directory, shape.data),
    listen: listenWithPaths(shape.listen, directory),
    frontDoor: doorWithPaths(shape.frontDoor, directory),
    keys: {
      ...shape.keys,
      ...(shape.keys.passphrase === undefined ? {} : { passphrase: withPath(shape.keys.passphrase, directory) }),
      ...(shape.keys.root === undefined ? {} : { root: withPath(shape.keys.root, directory) }),
      ...(shape.keys.kms === undefined ? {} : { kms: { ...shape.keys.kms, ...fips } }),
    },
    state: shape.state.kind === 'dynamodb' ? { ...shape.state, ...fips } : shape.state,
    audit: {
      ...shape.audit,
      origin: shape.audit.origin ?? `sallyport/${shape.environment}`,
      store: store.kind === 's3' ? { ...store, ...fips } : store,
      sinks: shape.audit.sinks.map((sink) =>
        sink.kind === 's3' ? { ...sink, ...fips } : sinkWithPaths(sink, directory),
      ),
    },
    providers: shape.providers.map((provider) => withPaths(provider, directory)),
    tenants: shape.tenants.map(({ role, ...tenant }) => ({
      ...tenant,
      ...(role === undefined ? {} : { role: withPath(role, directory) }),
    })),
    models: shape.models.map(({ providerModelId, ...model }) => ({
      ...model,
      providerModelId: providerModelId ?? model.id,
      ...named(remote.get(model.provider)),
      ...(accepting.has(model.provider) ? { acceptsUninspected: true } : {}),
    })),
    policies,
    guardrails,
  };
}

function deployWithPaths(deploy: NonNullable<ConfigShape['deploy']>, directory: string) {
  const { guardrails, baseline, ...rest } = deploy;
  const at = <Part extends { file: string }>(part: Part): Part => ({ ...part, file: resolve(directory, part.file) });
  const enforced = baseline?.enforcedGuardrail;
  return {
    ...rest,
    guardrails: guardrails.map(at),
    ...(baseline === undefined
      ? {}
      : { baseline: { ...baseline, ...(enforced === undefined ? {} : { enforcedGuardrail: at(enforced) }) } }),
  };
}

function sinkWithPaths(sink: ConfigShape['audit']['sinks'][number], directory: string): SinkConfig {
  if (sink.kind === 'file') return { ...sink, directory: resolve(directory, sink.directory) };
  if (sink.kind === 's3' || sink.token === undefined) return sink;
  return { ...sink, token: withPath(sink.token, directory) };
}

function doorWithPaths(door: ConfigShape['frontDoor'], directory: string): ConfigShape['frontDoor'] {
  if (door.kind !== 'rest-iam') return door;
  return { ...door, principals: door.principals.map((one) => ({ ...one, role: withPath(one.role, directory) })) };
}

function listenWithPaths(
  { tls, adminTls, ...listen }: ConfigShape['listen'],
  directory: string,
): ConfigShape['listen'] {
  return {
    ...listen,
    ...(tls === undefined ? {} : { tls: tlsWithPaths(tls, directory) }),
    ...(adminTls === undefined ? {} : { adminTls: tlsWithPaths(adminTls, directory) }),
  };
}

type TlsShape = NonNullable<ConfigShape['listen']['tls']>;

function tlsWithPaths(shape: TlsShape, directory: string): TlsShape {
  if ('ephemeral' in shape) return shape;
  const { certificate, key, clientCa, ...tls } = shape;
  return {
    ...tls,
    certificate: { file: resolve(directory, certificate.file) },
    key: withPath(key, directory),
    ...(clientCa === undefined ? {} : { clientCa: { file: resolve(directory, clientCa.file) } }),
  };
}

function withPaths(provider: ConfigShape['providers'][number], directory: string): ProviderConfig {
  if (provider.kind === 'openai-compatible' && provider.apiKey !== undefined) {
    return { ...provider, apiKey: withPath(provider.apiKey, directory) };
  }
  if (provider.kind !== 'bedrock') return provider;
  const { credentials, roles } = provider;
  return {
    ...provider,
    ...(credentials === undefined ? {} : { credentials: eachWithPath(credentials, directory) }),
    ...(roles === undefined ? {} : { roles: { ...roles, ...eachWithPath(referencesOf(roles), directory) } }),
  };
}

function referencesOf({ role, externalId }: Pick<NonNullable<BedrockShape['roles']>, 'role' | 'externalId'>) {
  return { ...(role === undefined ? {} : { role }), ...(externalId === undefined ? {} : { externalId }) };
}

type BedrockShape = Extract<ConfigShape['providers'][number], { kind: 'bedrock' }>;

/** References by name, each with its path. */
function eachWithPath<References extends Readonly<Record<string, SecretRef | undefined>>>(
  references: References,
  directory: string,
): References {
  const entries = Object.entries(references).flatMap(([name, ref]) =>
    ref === undefined ? [] : [[name, withPath(ref, directory)] as const],
  );
  return Object.fromEntries(entries) as References;
}

function withPath(ref: SecretRef, directory: string): SecretRef {
  return 'file' in ref ? { file: resolve(directory, ref.file) } : ref;
}
