import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type KmsServer, startKmsServer } from '../../tools/kms-server.ts';
import { type SecretsServer, startSecretsServer } from '../../tools/secrets-server.ts';
import { ConfigError, demoConfigText, parseConfig } from '../config/index.ts';
import { openAdministration } from './administration.ts';
import { configFile, NOVA, removeTemporaryDirectories, send, start, temporaryDirectory } from './gateway.suite.ts';
import { readKmsWrapping } from './kms-keys.ts';

const arn = (id: string, partition = 'aws') => `arn:${partition}:kms:eu-central-1:111122223333:key/${id}`;

let secrets: SecretsServer;
let kms: KmsServer;
beforeAll(async () => {
  [secrets, kms] = await Promise.all([startSecretsServer(), startKmsServer()]);
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  secrets.parameters.clear();
  kms.requests.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  secrets.refuse(undefined);
});
afterAll(async () => {
  removeTemporaryDirectories();
  await Promise.all([secrets.close(), kms.close()]);
});

const settings = (keys: string) => `aws: { endpoints: { ssm: "${secrets.url}" } }\nkeys: { kms: ${keys} }\n`;

function read(keys: string, fips = false) {
  const config = parseConfig(`${demoConfigText}\n${settings(keys)}`, { path: 'demo.yaml' });
  return readKmsWrapping({ ...config, fips });
}

describe('keys of KMS', () => {
  it('are none where the configuration has none, and those that it names', async () => {
    expect(await readKmsWrapping(parseConfig(demoConfigText, { path: 'demo.yaml' }))).toBeUndefined();
    expect(await read(`{ key: "${arn('one')}" }`)).toMatchObject({ key: arn('one'), tenants: {}, formerKeys: [] });
  });

  it('are read where the configuration says they are', async () => {
    secrets.parameters.set('/sallyport/keys/record', arn('one'));
    secrets.parameters.set('/sallyport/keys/bank', arn('bank'));
    vi.stubEnv('FORMER_KEY', arn('former'));
    const keys = '{ key: { ssm: /sallyport/keys/record }, tenants: { bank: { ssm: /sallyport/keys/bank } }, ';
    expect(await read(`${keys} formerKeys: [{ env: FORMER_KEY }, "${arn('older')}"] }`)).toMatchObject({
      key: arn('one'),
      tenants: { bank: arn('bank') },
      formerKeys: [arn('former'), arn('older')],
    });
  });

  it.each([
    ['an alias', 'arn:aws:kms:eu-central-1:111122223333:alias/sallyport'],
    ['the id of a key', '0a1b2c3d'],
    ['something else, which is not repeated', 'hunter2'],
  ])('are refused where there is %s', async (_, value) => {
    secrets.parameters.set('/sallyport/keys/record', value);
    const refused = read('{ key: { ssm: /sallyport/keys/record } }');
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(
      '`keys.kms`: what is at ssm /sallyport/keys/record is not the ARN of a KMS key',
    );
  });

  it('are refused where the place is empty or out of reach', async () => {
    await expect(read('{ key: { env: NO_SUCH_KEY } }')).rejects.toThrow(
      'the environment variable `NO_SUCH_KEY` is not set',
    );
    await expect(read(`{ key: "${arn('one')}", formerKeys: [{ ssm: /none }] }`)).rejects.toThrow(
      'the parameter /none cannot be read (ParameterNotFound)',
    );
  });

  it('are refused with FIPS where no FIPS endpoint is known, unless one is given', async () => {
    vi.stubEnv('THE_KEY', arn('one', 'aws-cn'));
    await expect(read('{ key: { env: THE_KEY } }', true)).rejects.toThrow(
      '`keys.kms`: no FIPS endpoint of AWS KMS is known for the key at env THE_KEY',
    );
    expect(await read('{ key: { env: THE_KEY }, endpoint: "https://kms.example" }', true)).toMatchObject({
      key: arn('one', 'aws-cn'),
    });
    vi.stubEnv('THE_KEY', arn('one', 'aws-us-gov'));
    expect(await read('{ key: { env: THE_KEY } }', true)).toMatchObject({ key: arn('one', 'aws-us-gov') });
  });
});

describe('a gateway whose keys of KMS are named in Systems Manager', () => {
  it('wraps under them, as commands do, and neither starts where they are not there', async () => {
    secrets.parameters.set('/sallyport/keys/record', arn('one'));
    const file = configFile(settings(`{ key: { ssm: /sallyport/keys/record }, endpoint: "${kms.url}" }`));
    const given = { configFile: file, dataDirectory: temporaryDirectory() };
    {
      await using started = await start(given);
      const headers = {
        authorization: `Bearer ${started.keys().apiKey}`,
        'content-type': 'application/json',
      };
      const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
      const { status } = await send(started.gateway.endpoint, {
        path: `/model/${encodeURIComponent(NOVA)}/converse`,
        headers,
        body,
      });
      expect(status).toBe(200);
    }
    expect(new Set(kms.requests.map(({ keyId }) => keyId))).toEqual(new Set([arn('one')]));
    {
      await using administration = await openAdministration(given);
      const [row] = await administration.audit.index.list({ type: 'request', limit: 1 });
      expect((await administration.audit.at(row?.index ?? 0))?.record?.kind).toBe('request');
    }
    secrets.parameters.clear();
    await expect(start(given)).rejects.toThrow('the parameter /sallyport/keys/record cannot be read');
    await expect(openAdministration(given)).rejects.toThrow('the parameter /sallyport/keys/record cannot be read');
  });
});
