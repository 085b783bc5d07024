import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { SSM } from '@aws-sdk/client-ssm';
import { awsClientSettings } from './client-settings.ts';

/** A secret in AWS Secrets Manager, whole or one field of its JSON object, or a parameter in Systems Manager. */
export type ManagedSecret =
  | { readonly secretsManager: string; readonly field?: string | undefined }
  | { readonly ssm: string };

/** URLs of endpoints, such as those of VPC endpoints. Default: those of the region. */
export interface ManagedSecretEndpoints {
  readonly secretsManager?: string | undefined;
  readonly ssm?: string | undefined;
}

/** Where AWS keeps secrets, as plain data that goes to any thread. */
export interface ManagedSecretsOptions {
  /** Of what is named without an ARN. */
  readonly region: string;
  readonly endpoints?: ManagedSecretEndpoints | undefined;
  readonly fips?: boolean | undefined;
}

/** A secret that AWS keeps cannot be had. The message names the reference and AWS's name of the error, never a value. */
export class ManagedSecretError extends Error {
  override readonly name = 'ManagedSecretError';
}

const REQUEST_TIMEOUT_MS = 3_000;
/** How AWS names its errors; nothing else of one is repeated. */
const ERROR_NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/**
 * Reads secrets that AWS keeps, with credentials of the AWS SDK's chain. Nothing is kept, but those who ask for one secret
 * at once share the call, so that its fields are of one version. Rejects with a `ManagedSecretError`.
 */
export function createManagedSecrets(options: ManagedSecretsOptions): (secret: ManagedSecret) => Promise<string> {
  const clients = createClients(options);
  const asked = new Map<string, Promise<string | undefined>>();

  function shared(name: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const answer = asked.get(name) ?? ask().finally(() => asked.delete(name));
    asked.set(name, answer);
    return answer;
  }

  return async (secret) => {
    const name = nameOf(secret);
    const value = await shared(name, () => ask(secret, clients)).catch((cause: unknown) => {
      throw new ManagedSecretError(`${name} cannot be read (${errorNameOf(cause)})`, { cause });
    });
    if (value === undefined) throw new ManagedSecretError(`${name} is no text`);
    if (value === '') throw new ManagedSecretError(`${name} is empty`);
    return 'field' in secret && secret.field !== undefined ? fieldOf(value, secret.field, name) : value;
  };
}

type Clients = ReturnType<typeof createClients>;

/** Loads the AWS SDK's client only where a secret is with its service. */
function createClients({ region, endpoints = {}, fips }: ManagedSecretsOptions) {
  const opened = new Map<string, Promise<SecretsManager | SSM>>();
  function open<Client extends SecretsManager | SSM>(key: string, make: () => Promise<Client>): Promise<Client> {
    const client = (opened.get(key) as Promise<Client> | undefined) ?? make();
    opened.set(key, client);
    return client;
  }
  const settingsOf = (of: string, endpoint: string | undefined) =>
    awsClientSettings({ region: of, endpoint, fips, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  return {
    secretsManager(id: string): Promise<SecretsManager> {
      const of = regionOf(id) ?? region;
      return open(`secretsManager ${of}`, async () => {
        const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
        return new SecretsManager(await settingsOf(of, endpoints.secretsManager));
      });
    },
    ssm(id: string): Promise<SSM> {
      const of = regionOf(id) ?? region;
      return open(`ssm ${of}`, async () => {
        const { SSM } = await import('@aws-sdk/client-ssm');
        return new SSM(await settingsOf(of, endpoints.ssm));
      });
    },
  };
}

/** What AWS has under the name; undefined where that is no text. */
async function ask(secret: ManagedSecret, clients: Clients): Promise<string | undefined> {
  if ('ssm' in secret) {
    const client = await clients.ssm(secret.ssm);
    const { Parameter } = await client.getParameter({ Name: secret.ssm, WithDecryption: true });
    return Parameter?.Value;
  }
  const client = await clients.secretsManager(secret.secretsManager);
  return (await client.getSecretValue({ SecretId: secret.secretsManager })).SecretString;
}

/** Of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:…`. */
function regionOf(id: string): string | undefined {
  const [arn, , , region] = id.split(':');
  return arn === 'arn' && region !== '' ? region : undefined;
}

function nameOf(secret: ManagedSecret): string {
  return 'ssm' in secret ? `the parameter ${secret.ssm}` : `the secret ${secret.secretsManager}`;
}

function fieldOf(text: string, field: string, name: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the cause: the parser's message quotes what it read.
    throw new ManagedSecretError(`${name} is no JSON object`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManagedSecretError(`${name} is no JSON object`);
  }
  const found: unknown = Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
  if (typeof found !== 'string' || found === '') throw new ManagedSecretError(`${name} has no text \`${field}\``);
  return found;
}

function errorNameOf(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : '';
  return ERROR_NAME.test(name) ? name : 'an unknown error';
}
