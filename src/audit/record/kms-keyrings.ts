import type { AwsKmsMrkAwareSymmetricKeyringNode } from '@aws-crypto/kms-keyring-node';
import type { KeyringNode } from '@aws-crypto/material-management-node';
import { awsClientSettings } from '../../aws/index.ts';

/** The keys of AWS KMS that record keys are wrapped under, as plain data that goes to any thread. All are key ARNs. */
export interface KmsSettings {
  readonly key: string;
  /** Of single tenants, in the place of `key`. */
  readonly tenants?: Readonly<Record<string, string>> | undefined;
  /** What record keys may be under still, until they are wrapped anew. */
  readonly formerKeys?: readonly string[] | undefined;
  /** URL of the KMS endpoint, such as that of a VPC endpoint. Default: that of a key's region. */
  readonly endpoint?: string | undefined;
  /** Whether a region's FIPS 140-3 endpoint is taken, where no endpoint is given; false unless told. */
  readonly fips?: boolean | undefined;
}

/** Keyrings of the AWS Encryption SDK, by tenant. */
export interface KmsKeyrings {
  /** Of the key that a tenant's record keys are wrapped under. */
  current(tenant: string): Promise<KeyringNode>;
  /** Of those that they may be under. */
  known(tenant: string): Promise<readonly KeyringNode[]>;
}

const REQUEST_TIMEOUT_MS = 3_000;

/**
 * Keyrings of KMS keys. Of a multi-Region key any replica opens what another wrapped. Nothing is loaded or asked before a
 * key is first wrapped or unwrapped; credentials are those of the AWS SDK's chain.
 */
export function createKmsKeyrings({ key, tenants = {}, formerKeys = [], endpoint, fips }: KmsSettings): KmsKeyrings {
  const opened = new Map<string, Promise<KeyringNode>>();
  function open(keyId: string): Promise<KeyringNode> {
    const keyring = opened.get(keyId) ?? createKeyring(keyId, { endpoint, fips });
    opened.set(keyId, keyring);
    return keyring;
  }
  const keyOf = (tenant: string) => (Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined) ?? key;
  return {
    current: (tenant) => open(keyOf(tenant)),
    known: (tenant) => Promise.all([keyOf(tenant), ...formerKeys].map(open)),
  };
}

type KmsClient = ConstructorParameters<typeof AwsKmsMrkAwareSymmetricKeyringNode>[0]['client'];

async function createKeyring(keyId: string, place: Pick<KmsSettings, 'endpoint' | 'fips'>): Promise<KeyringNode> {
  const [{ AwsKmsMrkAwareSymmetricKeyringNode }, { KMS }, settings] = await Promise.all([
    import('@aws-crypto/kms-keyring-node'),
    import('@aws-sdk/client-kms'),
    awsClientSettings({ region: regionOf(keyId), ...place, requestTimeoutMs: REQUEST_TIMEOUT_MS }),
  ]);
  const client = new KMS(settings);
  // Its replies may lack what they need not have, which the keyring's type of it writes in another way.
  return new AwsKmsMrkAwareSymmetricKeyringNode({ keyId, client: client as KmsClient });
}

/** Of an ARN: `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`. */
function regionOf(arn: string): string {
  return String(arn.split(':')[3]);
}
