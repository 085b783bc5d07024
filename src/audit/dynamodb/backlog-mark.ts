import { decode, encode } from 'cborg';
import type { HeadStore } from '../../core/index.ts';
import { isCount } from '../record/leaf.ts';
import type { Backlog } from './backlog.ts';

/** What was found last of how far the log is behind, by any process and for all of them. */
export interface BacklogMark {
  /** Undefined where nobody has said anything, or nothing that can be read. */
  read(): Promise<Backlog | undefined>;
  /** Says what was found, unless somebody has looked since; gives what is known with it. */
  note(found: Backlog): Promise<Backlog>;
}

const VERSION = 1;
/** What clocks of two machines may differ by, with the time that a look takes. */
const CLOCKS_MS = 60_000;

/** Kept where the state keeps what all processes share. */
export function createBacklogMark(mark: HeadStore): BacklogMark {
  return {
    read: async () => parseBacklog(await mark.read()),
    async note(found) {
      const old = await mark.read();
      const known = parseBacklog(old) ?? NOTHING;
      const ahead = known.time - found.time;
      // What is said from further on, by a clock that was wrong, is no reason to say nothing until then.
      if (ahead > 0 && ahead < CLOCKS_MS) return known;
      const takenUntil = Math.min(Math.max(known.takenUntil, found.takenUntil), found.time);
      const next = { ...found, takenUntil };
      // Where another was first meanwhile, what that says is as good.
      await mark.replace(old, toBytes(next));
      return next;
    },
  };
}

const NOTHING: Backlog = { time: 0, takenUntil: 0, entries: 0, bytes: 0 };

/** One CBOR array in the deterministic encoding of RFC 8949, section 4.2. */
function toBytes({ time, takenUntil, entries, bytes }: Backlog): Uint8Array {
  return encode([VERSION, time, takenUntil, entries, bytes]);
}

/** INVARIANT: all are counts: what is none would be less than no bound. */
function parseBacklog(content: Uint8Array | undefined): Backlog | undefined {
  const items = content === undefined ? undefined : decoded(content);
  if (!Array.isArray(items) || items.length !== 5 || items[0] !== VERSION) return undefined;
  const [, time, takenUntil, entries, bytes]: readonly unknown[] = items;
  if (!isCount(time) || !isCount(takenUntil) || !isCount(entries) || !isCount(bytes)) return undefined;
  return { time, takenUntil, entries, bytes };
}

function decoded(content: Uint8Array): unknown {
  try {
    return decode(content, { strict: true });
  } catch {
    return undefined;
  }
}
