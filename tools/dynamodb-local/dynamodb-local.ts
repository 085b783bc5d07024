import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { freePort } from '../free-port.ts';
import { type Installation, install, Unavailable } from '../install.ts';

/** AWS's own DynamoDB for one machine, from Maven Central. It needs Java 17. */
const installation: Installation = {
  name: 'dynamodb-local',
  files: [join(import.meta.dirname, 'pom.xml')],
  commands: [
    ['java', '-version'],
    [
      ...(['mvn', '--quiet', '--batch-mode', '-Dstyle.color=never'] as const),
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
      ...['-DoutputDirectory=lib', '-DincludeScope=runtime'],
    ],
  ],
};

const MAIN = 'software.amazon.dynamodb.services.local.main.ServerRunner';
const START_MS = 180_000;

export type DynamoDBLocalPlace = { readonly directory: string } | { readonly reason: string };

/** Where DynamoDB Local is installed, or why it cannot be. */
export async function findDynamoDBLocal(): Promise<DynamoDBLocalPlace> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'aws');
  try {
    return { directory: await install(cache, installation) };
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (!(error instanceof Unavailable) || process.env.CI !== undefined) throw error;
    process.stderr.write(`the tests with DynamoDB Local are skipped: ${error.message}\n`);
    return { reason: error.message };
  }
}

export interface DynamoDBLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts a DynamoDB Local of its own, in memory: what is in it is gone with it. Credentials may be any, and name a database. */
export async function startDynamoDBLocal({ directory }: { readonly directory: string }): Promise<DynamoDBLocal> {
  const lib = join(directory, 'lib');
  const port = await freePort();
  const child = spawn(
    'java',
    [
      // It lives for the tests of one run: what a better compiler and a parallel collector cost comes back in none.
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      '-Xmx512m',
      `-Dsqlite4java.library.path=${lib}`,
      '-cp',
      `${lib}/*`,
      MAIN,
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'close');
  const endpoint = `http://127.0.0.1:${port}`;
  for (const end = performance.now() + START_MS; ; ) {
    // It says of a request without a signature what is wrong with it, as soon as it says anything.
    if (await fetch(endpoint).catch(() => undefined)) break;
    if (child.exitCode !== null || performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error('DynamoDB Local did not start');
    }
    await pause(50);
  }
  await makeFirstTable(endpoint);
  return {
    endpoint,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * The first table takes seconds where the machine is busy: longer than a client of ours waits, which then asks again and
 * finds its own in the way.
 */
async function makeFirstTable(endpoint: string): Promise<void> {
  const client = new DynamoDB({
    region: 'eu-central-1',
    endpoint,
    credentials: { accessKeyId: 'first', secretAccessKey: 'first' },
    maxAttempts: 1,
  });
  await client.createTable({
    TableName: 'first',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  client.destroy();
}
