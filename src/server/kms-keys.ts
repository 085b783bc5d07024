import type { KmsWrapping } from '../audit/index.ts';
import { type Config, ConfigError, isKmsKeyArn, type KmsKeyRef, resolveSecret } from '../config/index.ts';
import { createSecretSources } from './secret-sources.ts';

/** Partitions whose regions have FIPS endpoints of KMS. */
const WITH_FIPS = /^arn:aws(?:-us-gov)?:/;

/**
 * The keys of KMS that record keys are wrapped under, each read where the configuration names the place of its ARN.
 * Undefined where it has none. Rejects with a `ConfigError` where a place cannot be read, or has no key's ARN: an alias is
 * none, for whoever moves it would choose what is wrapped under.
 */
export async function readKmsWrapping(config: Config): Promise<KmsWrapping | undefined> {
  const { kms } = config.keys;
  if (kms === undefined) return undefined;
  const sources = createSecretSources(config);
  const isCallable = (arn: string) => !config.fips || kms.endpoint !== undefined || WITH_FIPS.test(arn);
  async function read(ref: KmsKeyRef): Promise<string> {
    if (typeof ref === 'string') return ref;
    const arn = await resolveSecret(ref, sources);
    const place = Object.entries(ref).flat().join(' ');
    if (!isKmsKeyArn(arn)) throw new ConfigError([`\`keys.kms\`: what is at ${place} is not the ARN of a KMS key`]);
    if (isCallable(arn)) return arn;
    throw new ConfigError([`\`keys.kms\`: no FIPS endpoint of AWS KMS is known for the key at ${place}`]);
  }
  const [key, formerKeys, tenants] = await Promise.all([
    read(kms.key),
    Promise.all(kms.formerKeys.map(read)),
    Promise.all(Object.entries(kms.tenants).map(async ([tenant, ref]) => [tenant, await read(ref)] as const)),
  ]);
  return { ...kms, key, formerKeys, tenants: Object.fromEntries(tenants) };
}
