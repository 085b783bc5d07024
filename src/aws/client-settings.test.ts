import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { issue } from '../../tools/certificate.ts';
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

  it.each([
    ['a suite that is not approved', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }],
    ['one of TLS 1.2 that is not', { ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305', maxVersion: 'TLSv1.2' as const }],
    ['a curve that is not', { ecdhCurve: 'X25519' }],
  ])('speak to a server with %s alone only without `fips`', async (_name, offered) => {
    const served = issue({ name: 'local' });
    const options: TlsOptions = { ...offered, cert: served.certificate, key: served.key };
    const server = createServer(
      options,
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 403 x\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
    const faults = await Promise.all(
      [true, false].map(async (fips) => {
        const settings = await awsClientSettings({ region: 'us-east-1', credentials, endpoint, fips, maxAttempts: 1 });
        return new STS(settings)
          .getCallerIdentity({})
          .catch((error: unknown) => String(Reflect.get(Object(error), 'code')));
      }),
    );
    server.close();
    // The certificate is looked at only once both have agreed on how to speak.
    expect(faults[0]).toMatch(/^ERR_SSL|ECONNRESET|EPROTO/);
    expect(faults[1]).toMatch(/CERT|SIGNED|UNABLE_TO/);
  });
});
