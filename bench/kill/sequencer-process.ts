// A second sequencer on a gateway's data directory, in a process of its own: round after round, without a pause. Each
// checkpoint it comes by is kept, a file each.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRecordLog } from '../../src/audit/index.ts';
import { toLogDirectories } from '../../src/server/data-directory.ts';
import { openAdministration } from '../../src/server/index.ts';
import { openState } from '../../src/state/index.ts';

const [configFile = '', dataDirectory = '', keptDirectory = ''] = process.argv.slice(2);
mkdirSync(keptDirectory, { recursive: true });
const { directory, config, keyRing } = await openAdministration({ configFile, dataDirectory });
const state = await openState({ file: directory.stateFile, keyRing });
const log = createRecordLog({
  place: { kind: 'disk', directories: toLogDirectories(directory) },
  clock: { now: Date.now },
  keyRing,
  keys: state.wrappedKeys,
  heads: state.heads,
  index: state.index,
  origin: config.audit.origin,
  sinks: [
    {
      name: 'kept',
      async publish(checkpoint, size) {
        // Each process keeps its own: were two of one size different, the log would be forked.
        writeFileSync(join(keptDirectory, `${size}-${process.pid}.checkpoint`), checkpoint);
      },
    },
  ],
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
for (;;) {
  try {
    const { added, hasMore } = await log.round();
    if (added > 0) process.send?.({ kind: 'added', added });
    // Where there is nothing to take, the loop would keep the disk busy for nothing.
    if (!hasMore && added === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  } catch (error) {
    process.send?.({ kind: 'fault', fault: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
