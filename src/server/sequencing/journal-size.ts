import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordPlace } from '../../audit/index.ts';

/** Bytes of a journal's files. What a start took off lies beside them, and waits for nothing. Of a table `startBacklogWatch` knows. */
export async function readJournalSize(place: RecordPlace): Promise<number> {
  if (place.kind === 'dynamodb') return 0;
  const directory = place.directories.journal;
  const names = (await readdir(directory)).filter((name) => name.endsWith('.journal'));
  const sizes = names.map(async (name) => {
    // Taken away since it was listed.
    const found = await stat(join(directory, name)).catch(() => undefined);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
