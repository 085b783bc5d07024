import { afterEach, describe, expect, it } from 'vitest';
import { type S3Server, type S3ServerOptions, startS3Server } from '../../../tools/s3-server.ts';
import { itStoresObjects } from './object-store.suite.ts';
import { createS3Client } from './s3-client.ts';
import { createS3ObjectStore } from './s3-object-store.ts';

const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const NOW = Date.UTC(2026, 5, 1);
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

async function openServer(options: S3ServerOptions = {}) {
  const server = await startS3Server({ now: () => NOW, ...options });
  servers.push(server);
  const client = await createS3Client({
    region: 'eu-central-1',
    endpoint: server.url,
    forcePathStyle: true,
    credentials,
  });
  const open = (more = {}) =>
    createS3ObjectStore({ client, bucket: 'log', prefix: 'gateway/', clock: { now: () => NOW }, ...more });
  return { server, client, open };
}

describe('in a bucket that is versioned and locks', () => {
  itStoresObjects(async () => {
    const { open } = await openServer();
    const retention = { mode: 'COMPLIANCE', days: 365 };
    return [open({ retention }), open({ retention })];
  });
});

describe('in a bucket that is neither', () => {
  itStoresObjects(async () => {
    const { open } = await openServer({ isVersioned: false });
    return [open(), open()];
  });
});
