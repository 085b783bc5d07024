import { itKeepsRecords } from '../journal/journal.suite.ts';
import { createTableScene, describeWithTables } from './table-fixture.suite.ts';

describeWithTables('a journal in a table', () => {
  itKeepsRecords(async () => {
    const scene = await createTableScene();
    return { ...scene, discard: async (positions) => void (await scene.discard(positions)) };
  });
});
