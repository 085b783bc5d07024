import type { ObjectStore } from '../log/contracts.ts';
import type { LogReader } from '../log/log-reader.ts';
import { bundlePath, TILE_WIDTH, toBundle, toTilePath } from '../log/tile.ts';
import type { ExportDirectory } from './export-directory-store.ts';

const HASH_BYTES = 32;

interface PublishedLogCopy {
  readonly objects: ObjectStore;
  readonly reader: LogReader;
  readonly size: number;
  readonly to: ExportDirectory;
}

/**
 * Copies all tiles and bundles of a log as it was at `size`: a log by itself, that any reader of C2SP tlog-tiles reads.
 * What was partial then may have grown since: it is copied as far as it went.
 */
export async function copyLog({ objects, reader, size, to }: PublishedLogCopy): Promise<void> {
  for (let from = 0; from < size; from += TILE_WIDTH) {
    const path = bundlePath(from / TILE_WIDTH, Math.min(TILE_WIDTH, size - from));
    await to.write(`log/${path}`, toBundle(await reader.leaves(from, size)));
  }
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    for (let from = 0; from < count; from += TILE_WIDTH) {
      const name = { level, index: from / TILE_WIDTH, width: Math.min(TILE_WIDTH, count - from) };
      const path = toTilePath(name);
      const bytes = (await objects.read(path)) ?? (await objects.read(toTilePath({ ...name, width: TILE_WIDTH })));
      if (bytes === undefined) throw new Error(`the log lacks \`${path}\``);
      await to.write(`log/${path}`, bytes.subarray(0, name.width * HASH_BYTES));
    }
  }
}
