import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { type AwsClientOptions, awsClientSettings } from './client-settings.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

type Settings = Awaited<ReturnType<typeof awsClientSettings>>;

const calls: Readonly<Record<string, (settings: Settings) => Promise<unknown>>> = {
  s3: (settings) => new S3(settings).listBuckets({}),
  kms: (settings) => new KMS(settings).listKeys({}),
  dynamodb: (settings) => new DynamoDB(settings).listTables({}),
  sts: (settings) => new STS(settings).getCallerIdentity({}),
  secretsmanager: (settings) => new SecretsManager(settings).listSecrets({}),
  ssm: (settings) => new SSM(settings).describeParameters({}),
  'bedrock-runtime': (settings) =>
    new BedrockRuntimeClient(settings).send(new ConverseCommand({ modelId: 'm', messages: [] })),
};

/** The host that each client would call, just before it does. */
async function hostsOf(options: Omit<AwsClientOptions, 'credentials'>): Promise<readonly string[]> {
  const hosts: string[] = [];
  for (const call of Object.values(calls)) {
    const settings = await awsClientSettings({ ...options, credentials });
    const handler = {
      handle: async (request: { readonly hostname: string }) => {
        hosts.push(request.hostname);
        throw new Error('not sent');
      },
    };
    await call({ ...settings, requestHandler: handler as never }).catch(() => undefined);
  }
  return hosts;
}

describe('clients of AWS', () => {
  it('go to the FIPS endpoints of their region, where they are to and no endpoint is given', async () => {
    const names = Object.keys(calls);
    const region = 'us-east-1';
    expect(await hostsOf({ region, fips: true })).toEqual(names.map((name) => `${name}-fips.${region}.amazonaws.com`));
    expect(await hostsOf({ region })).toEqual(names.map((name) => `${name}.${region}.amazonaws.com`));
    const given = await hostsOf({ region, fips: true, endpoint: 'https://vpce-1.example.com' });
    expect(given).toEqual(names.map(() => 'vpce-1.example.com'));
  });
});
