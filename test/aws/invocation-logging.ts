import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import type { LoggedCall } from '../../src/audit/reconcile/logged-call.ts';
import { toBatch } from '../../src/audit/reconcile/reconcile-fixture.suite.ts';
import type { ReceivedRequest } from '../../src/providers/index.ts';
import { sessionOf } from './sessions.ts';
import type { AwsSettings } from './stack-resources.ts';

/** Where an account and Region has its model invocations logged, as Bedrock's control plane tells it. */
export interface InvocationLogging {
  readonly bucketName: string;
  readonly keyPrefix: string;
}

const SCRIPT = `
import json, sys, boto3
endpoint, region, bucket, prefix = sys.argv[1:]
bedrock = boto3.client('bedrock', endpoint_url=endpoint, region_name=region)
place = {'bucketName': bucket, 'keyPrefix': prefix}
bedrock.put_model_invocation_logging_configuration(
    loggingConfig={'s3Config': place, 'textDataDeliveryEnabled': True, 'embeddingDataDeliveryEnabled': True})
print(json.dumps(bedrock.get_model_invocation_logging_configuration()['loggingConfig']['s3Config']))
`;

/** Turns it on with AWS's client for Python, which moto brings with it, and gives what is then told. Makes the bucket. */
export async function turnOnLogging(
  { directory }: { readonly directory: string },
  { region, endpoint, credentials }: AwsSettings,
  { bucketName, keyPrefix }: InvocationLogging,
): Promise<InvocationLogging> {
  await new S3({ region, endpoint, credentials, forcePathStyle: true }).createBucket({ Bucket: bucketName });
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = credentials;
  const args = ['-c', SCRIPT, endpoint, region, bucketName, keyPrefix];
  const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  const { stdout } = await promisify(execFile)(join(directory, 'bin/python'), args, { env });
  return JSON.parse(stdout);
}

/** A call that a model got, as Bedrock would log it. */
export async function toLoggedCall(request: ReceivedRequest, settings: AwsSettings): Promise<LoggedCall> {
  const arn = await sessionOf(request, settings);
  const [, modelId = '', operation = ''] = /^\/model\/([^/]+)\/(.*)$/.exec(request.path) ?? [];
  const { requestMetadata = {} } = JSON.parse(Buffer.from(request.body).toString());
  return {
    time: Math.floor(Date.now() / 1_000) * 1_000,
    accountId: arn.split(':')[4] ?? '',
    region: settings.region,
    requestId: request.requestId,
    operation: operation === 'converse' ? 'Converse' : 'ConverseStream',
    modelId: decodeURIComponent(modelId),
    arn,
    claimedId: requestMetadata['sallyport-request-id'],
  };
}

/** Delivers a batch as Bedrock does: below the prefix by account, Region and hour. */
export async function deliver(
  calls: readonly LoggedCall[],
  { bucketName, keyPrefix }: InvocationLogging,
  settings: AwsSettings,
): Promise<void> {
  const [{ time = 0, accountId, region } = { accountId: '', region: '' }] = calls;
  const at = new Date(time).toISOString();
  const hour = at.slice(0, 13).replaceAll(/[-T]/g, '/');
  const name = `${at.replaceAll(/[-:]|\.\d+/g, '')}_${randomBytes(8).toString('hex')}.json.gz`;
  await new S3({ ...settings, forcePathStyle: true }).putObject({
    Bucket: bucketName,
    Key: `${keyPrefix}/AWSLogs/${accountId}/BedrockModelInvocationLogs/${region}/${hour}/${name}`,
    Body: toBatch(calls),
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
  });
}
