import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoConfigText } from '../../src/config/index.ts';
import { createSimulatorEndpoint, type ReceivedRequest } from '../../src/providers/index.ts';
import { findDynamoDBLocal, startDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { findLambdaEmulator, type LambdaPrograms } from '../../tools/lambda-runtime/installations.ts';
import { findMoto, startMoto } from '../../tools/moto/moto.ts';
import { runSallyport, temporaryDirectory } from '../gateway/process.ts';
import { type AwsSettings, createResources, REGION, type Resources } from './stack-resources.ts';

/** What the stack is made of, each part another's: AWS's DynamoDB and Lambda, and for all else of AWS moto. */
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
export interface Stack extends AsyncDisposable, Resources {
  readonly configFile: string;
  /** For the function, and for commands. */
  readonly environment: Readonly<Record<string, string>>;
  /** How clients of AWS reach moto. */
  readonly aws: AwsSettings;
  /** The same for DynamoDB. */
  readonly database: AwsSettings;
  /** What the model was asked so far. */
  readonly modelRequests: readonly ReceivedRequest[];
  run(...args: readonly string[]): ReturnType<typeof runSallyport>;
}

/** Starts it, with all made that the configuration names. Of one that does not start nothing goes on. */
export async function startStack({ dynamodb, moto }: StackPlaces): Promise<Stack> {
  await using started = new AsyncDisposableStack();
  const directory = temporaryDirectory();
  started.defer(() => rmSync(directory, { recursive: true, force: true }));
  const modelRequests: ReceivedRequest[] = [];
  const model = await createSimulatorEndpoint({ onRequest: (request) => modelRequests.push(request) });
  started.defer(() => model.close());
  const { endpoint, stop } = await startMoto(moto);
  started.defer(stop);
  const dynamodbLocal = await startDynamoDBLocal(dynamodb);
  started.defer(() => dynamodbLocal.stop());
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const aws = { region: REGION, endpoint, credentials };
  const database = { ...aws, endpoint: dynamodbLocal.endpoint };
  const environment = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    SALLYPORT_DATA: join(directory, 'data'),
  };
  const resources = await createResources(aws);
  const configFile = join(directory, 'sallyport.yaml');
  const endpoints = { database: database.endpoint, aws: endpoint, model: model.endpoint };
  writeFileSync(configFile, toConfigText(resources, endpoints));
  const run = (...args: readonly string[]) => runSallyport([...args, '--config', configFile], environment);
  const created = await run('state', 'create');
  if (created.code !== 0) throw new Error(`the state was not made: ${created.error}`);
  const whole = started.move();
  return {
    ...resources,
    configFile,
    environment,
    aws,
    database,
    modelRequests,
    run,
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}

interface Endpoints {
  readonly database: string;
  readonly aws: string;
  readonly model: string;
}

/** The demo's tenants, models and policies, with all that the gateway can have of AWS; Titan is called through the pool. */
function toConfigText(resources: Resources, { database, aws, model }: Endpoints): string {
  const { logBucket, workflowBucket, kmsKey, secrets, stateMachine, account } = resources;
  const bucket = { region: REGION, endpoint: aws, forcePathStyle: true };
  const state = { kind: 'dynamodb', region: REGION, table: 'state', journalTable: 'journal', endpoint: database };
  const stateMachines = [{ arn: stateMachine, tenant: 'demo', principal: 'developer' }];
  const bedrock = { kind: 'bedrock', region: REGION, endpoint: model };
  const { externalId } = secrets;
  const own = { name: 'simulator', ...bedrock, roles: { externalId } };
  const pool = { name: 'pool', ...bedrock, roles: { mode: 'pool', role: secrets.poolRole, externalId } };
  const toTenant = `role: ${JSON.stringify(secrets.role)}\n    account: "${account}"`;
  return [
    demoConfigText
      .replace('{ name: simulator, kind: simulator }', [own, pool].map((one) => JSON.stringify(one)).join('\n  - '))
      .replace('"amazon.titan-text-express-v1", provider: simulator', '"amazon.titan-text-express-v1", provider: pool')
      .replace('- name: demo\n', `- name: demo\n    ${toTenant}\n`),
    `keys: ${JSON.stringify({ root: secrets.root, kms: { key: kmsKey, endpoint: aws } })}`,
    `aws: ${JSON.stringify({ endpoints: { sts: aws, secretsManager: aws, ssm: aws } })}`,
    `state: ${JSON.stringify(state)}`,
    `audit: ${JSON.stringify({ store: { kind: 's3', bucket: logBucket, ...bucket } })}`,
    `workflow: ${JSON.stringify({ bucket: workflowBucket, ...bucket, stateMachines })}`,
    'frontDoor: { kind: rest }',
    '',
  ].join('\n');
}
