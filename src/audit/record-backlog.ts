import type { Clock, HeadStore } from '../core/index.ts';
import { type Backlog, type Weighing, weighBacklog } from './dynamodb/backlog.ts';
import { type BacklogMark, createBacklogMark } from './dynamodb/backlog-mark.ts';
import { createJournalTableAt } from './dynamodb/journal-table-store.ts';
import type { TablePlace } from './record-place.ts';

export type { Backlog } from './dynamodb/backlog.ts';

/** How far the log is behind a journal in a table, as the processes that share it tell each other. */
export interface SharedBacklog extends BacklogMark {
  /**
   * Looks how much it is, and says so. Whoever has not the log takes what the journal keeps for open exchanges for what
   * waits.
   */
  look(weighing: Omit<Weighing, 'reached'>): Promise<Backlog>;
}

/** Nothing is connected to before it is asked. `mark` is the one that all of them have. */
export function openBacklogAt(place: TablePlace, mark: HeadStore, clock: Clock): SharedBacklog {
  const table = createJournalTableAt(place.journal);
  const shared = createBacklogMark(mark);
  return { ...shared, look: async (weighing) => shared.note(await weighBacklog({ table, clock }, weighing)) };
}
