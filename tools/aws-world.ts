import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { journalTable } from '../src/audit/index.ts';
import { demoConfigText } from '../src/config/index.ts';
import { parsePrincipalId, parseTenantId } from '../src/core/index.ts';
import { createApiKey } from '../src/identity/index.ts';
import { createSimulatorEndpoint } from '../src/providers/index.ts';
import { openAdministration } from '../src/server/index.ts';
import { stateTable } from '../src/state/index.ts';
import type { AwsUrls } from './aws-calls.ts';
import { startDynamoDBLocal } from './dynamodb-local/dynamodb-local.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { startKmsServer } from './kms-server.ts';
import { startS3Server } from './s3-server.ts';
import { startSecretsServer } from './secrets-server.ts';
import { startStsServer } from './sts-server.ts';

const REGION = 'us-east-1';
const KEY = `arn:aws:kms:${REGION}:111122223333:key/0a1b2c3d`;
const ROLE = 'arn:aws:iam::111122223333:role/demo';
/** Of the log. */
export const WORLD_BUCKET = 'log';

/** One server of each service that any number of worlds share. */
export type Services = Awaited<ReturnType<typeof startServices>>;

export async function startServices(place: { readonly directory: string }) {
  const [dynamoDB, kms, sts, secrets, model] = await Promise.all([
    startDynamoDBLocal(place),
    startKmsServer(),
    startStsServer(),
    startSecretsServer(),
    createSimulatorEndpoint(),
  ]);
  secrets.secrets.set('root', randomBytes(32).toString('base64url'));
  secrets.secrets.set('tenants', JSON.stringify({ externalId: 'x-42' }));
  secrets.parameters.set('/tenants/demo/role', ROLE);
  return {
    urls: {
      dynamodb: dynamoDB.endpoint,
      kms: kms.url,
      sts: sts.url,
      secretsmanager: secrets.url,
      ssm: secrets.url,
      bedrock: model.endpoint,
    },
    async stop() {
      await Promise.all([dynamoDB.stop(), kms.close(), sts.close(), secrets.close(), model.close()]);
    },
  };
}

/** Tables and a bucket of its own, and one who may call. */
export interface World extends AsyncDisposable {
  readonly name: string;
  readonly directory: string;
  /** API keys of callers whom nothing has been recorded of yet. */
  readonly apiKeys: readonly string[];
  readonly urls: AwsUrls;
  /** Without faults. */
  readonly configFile: string;
}

interface WorldOptions {
  readonly name: string;
  readonly callers: number;
  /** An S3 with the bucket; one of its own unless given. */
  readonly s3?: string | undefined;
}

export async function makeWorld(
  { urls: shared }: Services,
  { name, callers, s3: given }: WorldOptions,
): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-world-'));
  const own = given === undefined ? await startS3Server() : undefined;
  const urls = { ...shared, s3: given ?? own?.url ?? '' };
  const client = new DynamoDB({ region: REGION, endpoint: urls.dynamodb });
  for (const [TableName, { timeToLiveAttribute: _, ...schema }] of [
    [`state-${name}`, stateTable],
    [`journal-${name}`, journalTable],
  ] as const) {
    await client.createTable({ ...schema, TableName });
  }
  client.destroy();
  const proxy = await startFaultyProxy(urls);
  const configFile = join(directory, 'sallyport.yaml');
  writeFileSync(configFile, toAwsConfigText(proxy.url, { name, callers }));
  await using administration = await openAdministration({ configFile, dataDirectory: join(directory, 'data') });
  const apiKeys: string[] = [];
  for (let caller = 0; caller < callers; caller += 1) {
    const owner = { tenant: parseTenantId('demo'), principal: parsePrincipalId(`caller${caller}`) };
    const { credential, apiKey } = createApiKey({ ...owner, environment: 'demo' }, administration);
    await administration.credentials.create(credential);
    apiKeys.push(apiKey);
  }
  return {
    name,
    directory,
    apiKeys,
    urls,
    configFile,
    async [Symbol.asyncDispose]() {
      await Promise.all([own?.close(), proxy.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The demo's configuration as a function has it, with everything of AWS at one address. */
export function toAwsConfigText(endpoint: string, { name, callers }: WorldOptions): string {
  const principals = Array.from({ length: callers }, (_, at) => `{ name: caller${at}, roles: [developer] }`);
  const at = { region: REGION, endpoint };
  const roles = { externalId: { secretsManager: 'tenants', field: 'externalId' } };
  const bedrock = { name: 'simulator', kind: 'bedrock', ...at, allowPrivate: true, roles };
  const state = { kind: 'dynamodb', ...at, table: `state-${name}`, journalTable: `journal-${name}` };
  const store = { kind: 's3', bucket: WORLD_BUCKET, ...at, forcePathStyle: true };
  const keys = { root: { secretsManager: 'root' }, kms: { key: KEY, endpoint } };
  return [
    demoConfigText
      .replace('{ name: simulator, kind: simulator }', JSON.stringify(bedrock))
      .replace('- name: demo\n', '- name: demo\n    role: { ssm: /tenants/demo/role }\n')
      .replace('- { name: titanOnly }', ['- { name: titanOnly }', ...principals].join('\n      - ')),
    `state: ${JSON.stringify(state)}`,
    `audit: ${JSON.stringify({ store, sequencer: 'elsewhere' })}`,
    `keys: ${JSON.stringify(keys)}`,
    `aws: ${JSON.stringify({ endpoints: { sts: endpoint, secretsManager: endpoint, ssm: endpoint } })}`,
    'frontDoor: { kind: rest }',
    '',
  ].join('\n');
}
