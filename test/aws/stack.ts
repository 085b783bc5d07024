import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { demoConfigText } from '../../src/config/index.ts';
import { createSimulatorEndpoint, type ReceivedRequest } from '../../src/providers/index.ts';
import { findDynamoDBLocal, startDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { findLambdaEmulator, type LambdaPrograms } from '../../tools/lambda-runtime/installations.ts';
import { findMoto, startMoto } from '../../tools/moto/moto.ts';
import { runSallyport, temporaryDirectory } from '../gateway/process.ts';

const REGION = 'us-east-1';
const BUCKET = 'acme-log';

/** What the stack is made of, each part another's: AWS's DynamoDB and Lambda, moto's S3. */
export interface StackPlaces {
  readonly dynamodb: { readonly directory: string };
  readonly moto: { readonly directory: string };
  readonly lambda: LambdaPrograms;
}

/** Where they are installed, or why one of them cannot be. */
export async function findStack(): Promise<StackPlaces | { readonly reason: string }> {
  const [dynamodb, moto, lambda] = [await findDynamoDBLocal(), await findMoto(), await findLambdaEmulator()];
  for (const place of [dynamodb, moto, lambda]) if ('reason' in place) return place;
  return { dynamodb, moto, lambda } as StackPlaces;
}

/** Everything around a function on AWS, on servers of this machine, with the configuration that names them. */
export interface Stack extends AsyncDisposable {
  readonly configFile: string;
  /** For the function, and for commands. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the model was asked so far. */
  readonly modelRequests: readonly ReceivedRequest[];
  run(...args: readonly string[]): ReturnType<typeof runSallyport>;
}

/** Starts it, with tables and bucket made. */
export async function startStack({ dynamodb, moto }: StackPlaces): Promise<Stack> {
  const directory = temporaryDirectory();
  const modelRequests: ReceivedRequest[] = [];
  const [database, aws, model] = await Promise.all([
    startDynamoDBLocal(dynamodb),
    startMoto(moto),
    createSimulatorEndpoint({ onRequest: (request) => modelRequests.push(request) }),
  ]);
  const environment = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    SALLYPORT_ROOT_KEY: randomBytes(32).toString('base64url'),
    SALLYPORT_DATA: join(directory, 'data'),
  };
  await createBucket(aws.endpoint, environment);
  const configFile = join(directory, 'sallyport.yaml');
  writeFileSync(configFile, toConfigText({ database: database.endpoint, aws: aws.endpoint, model: model.endpoint }));
  const run = (...args: readonly string[]) => runSallyport([...args, '--config', configFile], environment);
  const created = await run('state', 'create');
  if (created.code !== 0) throw new Error(`the state was not made: ${created.error}`);
  return {
    configFile,
    environment,
    modelRequests,
    run,
    async [Symbol.asyncDispose]() {
      aws.stop();
      await Promise.all([database.stop(), model.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function createBucket(
  endpoint: string,
  { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>,
): Promise<void> {
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const client = new S3Client({ region: REGION, endpoint, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
}

interface Endpoints {
  readonly database: string;
  readonly aws: string;
  readonly model: string;
}

/** The demo's tenants, models and policies, with what it keeps in AWS. */
function toConfigText({ database, aws, model }: Endpoints): string {
  const bedrock = { name: 'simulator', kind: 'bedrock', region: REGION, endpoint: model, allowPrivate: true };
  const state = { kind: 'dynamodb', region: REGION, table: 'state', journalTable: 'journal', endpoint: database };
  const store = { kind: 's3', bucket: BUCKET, region: REGION, endpoint: aws, forcePathStyle: true };
  return [
    demoConfigText.replace('{ name: simulator, kind: simulator }', JSON.stringify(bedrock)),
    `state: ${JSON.stringify(state)}`,
    `audit: ${JSON.stringify({ store })}`,
    'keys: { root: { env: SALLYPORT_ROOT_KEY } }',
    'frontDoor: { kind: rest }',
    '',
  ].join('\n');
}
