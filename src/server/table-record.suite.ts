import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { describeWithDynamoDBLocal } from '../../tools/dynamodb-local/shared.ts';
import { type S3Server, startS3Server } from '../../tools/s3-server.ts';
import { journalTable } from '../audit/index.ts';
import { createDynamoDBTable, stateTable } from '../state/index.ts';
import { configFile, removeTemporaryDirectories, temporaryDirectory } from './gateway.suite.ts';
import type { GatewayOptions } from './gateway.ts';

export interface TableRecord {
  /** With whom the log is. */
  s3(): S3Server;
  /** A configuration whose record is in tables of its own and in a bucket; `audit`: further lines of that section. */
  createOptions(
    sequencer: 'gateway' | 'elsewhere',
    audit?: string,
  ): Promise<Required<Pick<GatewayOptions, 'configFile' | 'dataDirectory'>>>;
}

/** Tests of what has its record in DynamoDB and S3, which are skipped where there is no DynamoDB. */
export function describeWithTableRecord(name: string, suite: (record: TableRecord) => void): void {
  describeWithDynamoDBLocal(name, (dynamoDB) => {
    let s3: S3Server;
    beforeEach(async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
      vi.stubEnv('ROOT_KEY', randomBytes(32).toString('base64url'));
      s3 = await startS3Server();
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await s3.close();
    });
    afterAll(removeTemporaryDirectories);

    async function createOptions(sequencer: 'gateway' | 'elsewhere', audit = '') {
      const endpoint = dynamoDB();
      const [table, journal] = [`state-${randomUUID()}`, `journal-${randomUUID()}`];
      const region = 'eu-central-1';
      await createDynamoDBTable({ table, definition: stateTable, region, endpoint });
      await createDynamoDBTable({ table: journal, definition: journalTable, region, endpoint });
      const file = configFile(`
state: { kind: dynamodb, region: ${region}, table: ${table}, journalTable: ${journal}, endpoint: "${endpoint}" }
keys: { root: { env: ROOT_KEY } }
audit:
  sequencer: ${sequencer}
  store: { kind: s3, bucket: log, region: ${region}, endpoint: "${s3.url}", forcePathStyle: true }
${audit}`);
      return { configFile: file, dataDirectory: temporaryDirectory() };
    }

    suite({ s3: () => s3, createOptions });
  });
}
