import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findDynamoDBLocal, startDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { startS3Server } from '../../tools/s3-server.ts';
import { createDynamoDBTable, openDynamoDBState, stateTable } from '../state/index.ts';
import { configFile, NOVA, removeTemporaryDirectories, start } from './gateway.suite.ts';

const place = await findDynamoDBLocal();

afterAll(() => {
  vi.unstubAllEnvs();
  removeTemporaryDirectories();
});

describe.skipIf('reason' in place)('a gateway with its state in DynamoDB', () => {
  it('serves, records in the log, and has no state file', { timeout: 120_000 }, async () => {
    if ('reason' in place) return;
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('SALLYPORT_TEST_ROOT', randomBytes(32).toString('base64url'));
    const server = await startDynamoDBLocal(place);
    const s3 = await startS3Server();
    const settings = { region: 'eu-central-1', endpoint: server.endpoint, table: 'sallyport-state' };
    try {
      await createDynamoDBTable({ ...settings, definition: stateTable });
      const store = `{ kind: s3, bucket: log, region: eu-central-1, endpoint: "${s3.url}", forcePathStyle: true }`;
      const file = configFile(
        `state: { kind: dynamodb, region: eu-central-1, table: sallyport-state, journalTable: sallyport-journal, endpoint: "${server.endpoint}" }
audit: { store: ${store} }
keys: { root: { env: SALLYPORT_TEST_ROOT } }
`,
      );
      const state = await openDynamoDBState(settings);
      {
        await using started = await start({ configFile: file });
        const reply = await fetch(`${started.gateway.endpoint}/model/${NOVA}/converse`, {
          method: 'POST',
          headers: { authorization: `Bearer ${started.keys().apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello.' }] }] }),
        });
        expect(reply.status).toBe(200);
        await vi.waitFor(
          async () => expect(await state.index.list({ tenant: 'demo', type: 'response', limit: 9 })).toHaveLength(1),
          { timeout: 20_000, interval: 250 },
        );
        expect(existsSync(join(started.dataDirectory, 'state', 'state.db'))).toBe(false);
      }
      state.close();
    } finally {
      await server.stop();
      await s3.close();
    }
  });
});
