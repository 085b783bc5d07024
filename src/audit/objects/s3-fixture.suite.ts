import type { S3Server, S3ServerOptions } from '../../../tools/s3-server.ts';
import { startS3Server } from '../../../tools/s3-server.ts';
import type { S3BucketOptions } from './s3-bucket-store.ts';
import { createS3Client, type S3ClientOptions } from './s3-client.ts';
import { createS3ObjectStore } from './s3-object-store.ts';

const closings: (() => unknown)[] = [];

/** Closes the servers and clients that were opened. */
export async function cleanUp(): Promise<void> {
  for (const close of closings.splice(0)) await close();
}

/** The time of servers and stores. */
export const NOW = Date.UTC(2026, 5, 1);
export const OWNER = '111122223333';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

interface OpenOptions extends S3ServerOptions, Pick<S3ClientOptions, 'requestTimeoutMs'> {}

/** A server, the SDK's client of it, and stores in its bucket, all below the same prefix. */
export async function openS3({ requestTimeoutMs, ...serverOptions }: OpenOptions = {}) {
  const server: S3Server = await startS3Server({ now: () => NOW, owner: OWNER, ...serverOptions });
  const client = await createS3Client({
    region: 'eu-central-1',
    endpoint: server.url,
    forcePathStyle: true,
    credentials,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });
  closings.push(
    () => server.close(),
    () => client.destroy(),
  );
  const open = (options: Partial<S3BucketOptions> = {}) =>
    createS3ObjectStore({ client, bucket: 'log', prefix: 'gateway/', clock: { now: () => NOW }, ...options });
  return { server, client, open };
}
