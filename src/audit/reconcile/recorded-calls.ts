import type { LogReader } from '../log/log-reader.ts';
import { parseLeafAt, readRecord } from '../log/log-record.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { type CallRange, isWithin, widened } from './call-range.ts';
import {
  type AnsweredCall,
  type AskedCall,
  type BedrockRegions,
  toAnsweredCall,
  toAskedCall,
} from './recorded-call.ts';

/** What one record of ours tells. `gone`: a request of the range whose key or segment is no more. */
export type RecordedFact =
  | { readonly kind: 'asked'; readonly call: AskedCall }
  | { readonly kind: 'answered'; readonly call: AnsweredCall }
  | { readonly kind: 'gone' };

interface RecordedCallsOptions {
  readonly reader: LogReader;
  readonly findKey: RecordKeyFinder;
  readonly range: CallRange;
  readonly regions: BedrockRegions;
  /** Told of the entries that have been read. */
  readonly onProgress?: ((done: number, size: number) => void) | undefined;
}

/**
 * Reads the calls of a range and somewhat beyond out of the log itself: the index could leave out what it has lost. A
 * leaf tells type and time in the clear, so that next to nothing else is decrypted. Rejects with a `LogDamageError`.
 */
export async function* readRecordedCalls(options: RecordedCallsOptions): AsyncGenerator<RecordedFact> {
  const { reader, range, onProgress } = options;
  const size = (await reader.checkpoint())?.size ?? 0;
  const wide = widened(range);
  for (let from = 0; from < size; ) {
    const leaves = await reader.leaves(from, size);
    for (const [at, leaf] of leaves.entries()) {
      const { type, time } = parseLeafAt(from + at, leaf);
      if (type === 'release' || !isWithin(wide, time)) continue;
      const fact = await readFact(from + at, leaf, { ...options, size });
      if (fact !== undefined) yield fact;
      else if (type === 'request' && isWithin(range, time)) yield { kind: 'gone' };
    }
    from += leaves.length;
    onProgress?.(from, size);
  }
}

async function readFact(
  index: number,
  leaf: Uint8Array,
  { regions, ...reading }: RecordedCallsOptions & { readonly size: number },
): Promise<RecordedFact | undefined> {
  const opened = await readRecord(index, leaf, reading);
  if (typeof opened === 'string') return undefined;
  const { record, key } = opened;
  switch (record.kind) {
    case 'request':
      return { kind: 'asked', call: toAskedCall(record, key.tenant, regions) };
    case 'response':
      return { kind: 'answered', call: toAnsweredCall(record) };
    default:
      return undefined;
  }
}
