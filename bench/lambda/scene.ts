import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { makeWorld, startServices, toAwsConfigText, WORLD_BUCKET } from '../../tools/aws-world.ts';
import { findDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { findLambdaEmulator, type LambdaPrograms } from '../../tools/lambda-runtime/installations.ts';
import { findMoto, startMoto } from '../../tools/moto/moto.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { type MeasuredFunction, startMeasuredFunction } from './measured-function.ts';

/** What the bench stands on, each part another's: AWS's DynamoDB and Lambda, moto's S3. */
interface Places {
  readonly dynamodb: { readonly directory: string };
  readonly moto: { readonly directory: string };
  readonly lambda: LambdaPrograms;
}

/** Everything around functions on AWS, on servers of this machine. */
export interface Scene extends AsyncDisposable {
  readonly apiKey: string;
  /** Starts a function of the bundle, with a proxy of its own before everything that it calls. */
  start(handler: string): Promise<MeasuredFunction>;
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const REGION = 'us-east-1';
/** Of the functions, in seconds: what the guide gives the sequencer. */
const TIMEOUT_S = 300;
const world = { name: 'bench', callers: 1 };

async function findPlaces(): Promise<Places> {
  const [dynamodb, moto, lambda] = [await findDynamoDBLocal(), await findMoto(), await findLambdaEmulator()];
  for (const place of [dynamodb, moto, lambda]) if ('reason' in place) throw new Error(place.reason);
  return { dynamodb, moto, lambda } as Places;
}

/** Opens it for the unpacked bundle in `directory`. Rejects where something of it cannot be had on this machine. */
export async function openScene(directory: string): Promise<Scene> {
  const { dynamodb, moto, lambda } = await findPlaces();
  // What makes the tables and the credential is in this process, and takes the chain's credentials as a function does.
  Object.assign(process.env, CREDENTIALS);
  await using closing = new AsyncDisposableStack();
  const services = await startServices(dynamodb);
  closing.defer(() => services.stop());
  const s3 = await startMoto(moto);
  closing.defer(() => s3.stop());
  await createBucket(s3.endpoint);
  const { urls, apiKeys, ...made } = closing.use(await makeWorld(services, { ...world, s3: s3.endpoint }));
  const open = closing.move();
  let started = 0;
  return {
    apiKey: apiKeys[0] ?? '',
    async start(handler) {
      const proxy = await startCountingProxy(urls);
      open.defer(() => proxy.close());
      started += 1;
      const configFile = join(made.directory, `function-${started}.yaml`);
      writeFileSync(configFile, toAwsConfigText(proxy.url, world));
      const environment = { ...CREDENTIALS, AWS_REGION: REGION, SALLYPORT_CONFIG: configFile };
      const given = { programs: lambda, proxy };
      return open.use(await startMeasuredFunction({ ...given, directory, handler, environment, timeout: TIMEOUT_S }));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function createBucket(endpoint: string): Promise<void> {
  const client = new S3Client({ region: REGION, endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: WORLD_BUCKET }));
  client.destroy();
}
