import { afterEach, describe } from 'vitest';
import { localDisk } from './disk-store.ts';
import { itKeepsRecords } from './journal.suite.ts';
import { cleanUp, createPlace, openJournalReader } from './journal-fixture.suite.ts';
import { createJournalSource } from './journal-source.ts';

afterEach(cleanUp);

describe('a journal in files', () => {
  itKeepsRecords(async () => {
    const place = createPlace();
    const source = createJournalSource({ disk: localDisk, directory: place.directory });
    return {
      ...place,
      source,
      find: openJournalReader(place).find,
      async discard(positions) {
        for (const [writer, counter] of positions) await source.discard(writer, counter);
      },
    };
  });
});
