import { afterAll, beforeAll, describe } from 'vitest';
import { itKeepsRecords } from '../journal/journal.suite.ts';
import { createTableScene, noDynamoDB, startServer, stopServer } from './table-fixture.suite.ts';

beforeAll(startServer, 90_000);
afterAll(stopServer);

describe.skipIf(noDynamoDB !== undefined)('a journal in a table', () => {
  itKeepsRecords(async () => {
    const scene = await createTableScene();
    return { ...scene, discard: async (positions) => void (await scene.discard(positions)) };
  });
});
