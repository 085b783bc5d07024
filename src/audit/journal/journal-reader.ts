import type { RequestId } from '../../core/index.ts';
import type { JournalDisk } from './disk.ts';
import { forEachSeries, type PlacedEntry, readSeries } from './series.ts';

/**
 * The entries of an exchange in the order they were written, beside the journal's writer or without one.
 *
 * Reads every file and checks every chain, because an exchange that is not found must not be one whose file is damaged.
 * Rejects with a `JournalDamageError`.
 */
export async function findEntries(
  disk: JournalDisk,
  directory: string,
  id: RequestId,
): Promise<readonly PlacedEntry[]> {
  const found: PlacedEntry[][] = [];
  await forEachSeries(disk, directory, async (series) => {
    const entries: PlacedEntry[] = [];
    await readSeries({ disk, directory, series }, (placed) => {
      if (placed.entry.requestId === id) entries.push(placed);
    });
    // Two writers have entries of one exchange only where the second closed what the first had begun.
    if (entries[0]?.entry.type === 'request') found.unshift(entries);
    else found.push(entries);
  });
  return found.flat();
}
