import { randomBytes } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';

export const REGION = 'us-east-1';

/** How a client of the AWS SDK reaches a server that plays AWS. */
export interface AwsSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a deployment has of AWS, as the configuration refers to it. */
export interface Resources {
  readonly logBucket: string;
  readonly workflowBucket: string;
  /** ARN of the key that record keys are wrapped under. */
  readonly kmsKey: string;
  /** Who runs the workflow's steps. */
  readonly stateMachine: string;
  /** The account that models are called in. */
  readonly account: string;
  /** Whole, a field, and parameters. */
  readonly secrets: {
    readonly root: { readonly secretsManager: string };
    readonly externalId: { readonly secretsManager: string; readonly field: string };
    readonly role: { readonly ssm: string };
    readonly poolRole: { readonly ssm: string };
  };
}

/** The external id that the gateway is to name to STS. */
export const EXTERNAL_ID = 'x-42';

const ACCOUNT = '111122223333';
const secrets = {
  root: { secretsManager: 'sallyport/root' },
  externalId: { secretsManager: 'sallyport/roles', field: 'externalId' },
  role: { ssm: '/sallyport/tenants/demo/role' },
  poolRole: { ssm: '/sallyport/pool/role' },
} as const;

/** Makes them: buckets, a key, secrets and parameters. Roles there need not be: who plays STS assumes any. */
export async function createResources(settings: AwsSettings): Promise<Resources> {
  const [logBucket, workflowBucket] = ['acme-log', 'acme-genai-workflow'];
  const s3 = new S3({ ...settings, forcePathStyle: true });
  for (const Bucket of [logBucket, workflowBucket]) await s3.createBucket({ Bucket });
  const { KeyMetadata } = await new KMS(settings).createKey({});
  const manager = new SecretsManager(settings);
  const SecretString = JSON.stringify({ externalId: EXTERNAL_ID });
  await manager.createSecret({
    Name: secrets.root.secretsManager,
    SecretString: randomBytes(32).toString('base64url'),
  });
  await manager.createSecret({ Name: secrets.externalId.secretsManager, SecretString });
  const parameters = new SSM(settings);
  for (const [{ ssm: Name }, role] of [
    [secrets.role, 'demo'],
    [secrets.poolRole, 'pool'],
  ] as const) {
    await parameters.putParameter({ Name, Type: 'SecureString', Value: `arn:aws:iam::${ACCOUNT}:role/${role}` });
  }
  return {
    logBucket,
    workflowBucket,
    kmsKey: KeyMetadata?.Arn ?? '',
    stateMachine: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:claims`,
    account: ACCOUNT,
    secrets,
  };
}
