import type { AssumeRoleCommandOutput, STS } from '@aws-sdk/client-sts';
import { type AwsClientOptions, type AwsCredentials, awsClientSettings } from './client-settings.ts';

/** A session under a role. */
export interface RoleSession {
  readonly roleArn: string;
  /** What CloudTrail and Bedrock's invocation log show calls under. */
  readonly sessionName: string;
  readonly externalId?: string | undefined;
  /** What policies see as `aws:PrincipalTag`. */
  readonly tags: Readonly<Record<string, string>>;
  /** JSON of a policy that the session may do no more than. */
  readonly policy?: string | undefined;
  readonly durationSeconds: number;
}

/** Credentials that are good until they expire. */
export interface SessionCredentials extends AwsCredentials {
  readonly sessionToken: string;
  readonly expiration: Date;
}

interface RoleAssumerOptions extends Pick<AwsClientOptions, 'endpoint' | 'fips'> {
  /** Whose they are that assume roles. Default: the AWS SDK's credential chain. */
  readonly credentials?: (() => Promise<AwsCredentials>) | undefined;
}

export interface RoleAssumer {
  /** Asks the STS of a region for a session. Rejects with the SDK's error. */
  assume(session: RoleSession, region: string): Promise<SessionCredentials>;
  destroy(): void;
}

const REQUEST_TIMEOUT_MS = 3_000;

/** Assumes roles at AWS STS. The AWS SDK is loaded only here. */
export function createRoleAssumer({ credentials, ...place }: RoleAssumerOptions): RoleAssumer {
  const opened = new Map<string, Opened>();

  async function clientOf(region: string): Promise<STS> {
    const keys = await credentials?.();
    const known = opened.get(region);
    // The SDK keeps credentials for as long as a client lives: others are for another client.
    if (known !== undefined && known.keys === keys) return known.client;
    const client = createClient({ ...place, region, credentials: keys, requestTimeoutMs: REQUEST_TIMEOUT_MS });
    opened.set(region, { keys, client });
    return client;
  }

  return {
    async assume({ roleArn, sessionName, externalId, tags, policy, durationSeconds }, region) {
      const client = await clientOf(region);
      const { Credentials } = await client.assumeRole({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ExternalId: externalId,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        Policy: policy,
        DurationSeconds: durationSeconds,
      });
      return toCredentials(Credentials);
    },
    destroy() {
      for (const { client } of opened.values()) client.then((made) => made.destroy()).catch(() => undefined);
      opened.clear();
    },
  };
}

interface Opened {
  readonly keys: AwsCredentials | undefined;
  readonly client: Promise<STS>;
}

async function createClient(options: AwsClientOptions): Promise<STS> {
  const [{ STS }, settings] = await Promise.all([import('@aws-sdk/client-sts'), awsClientSettings(options)]);
  return new STS(settings);
}

type Answered = AssumeRoleCommandOutput['Credentials'];

function toCredentials(answered: Answered): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answered ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !(Number(Expiration) > 0)) {
    throw new Error('an answer of STS without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: new Date(Number(Expiration)),
  };
}
