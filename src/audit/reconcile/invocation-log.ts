import { type CallRange, canHold, daysOf, isWithin, widened } from './call-range.ts';
import { cutValues } from './json-values.ts';
import { type LoggedCall, parseLoggedCall } from './logged-call.ts';

/** Where Bedrock's invocation log is delivered to. Keys and bytes are whatever somebody put there. */
export interface InvocationLogSource {
  /** Keys that begin with this, in any order. */
  list(prefix: string): AsyncIterable<string>;
  /** What a file has, uncompressed. Throws an error whose code begins with `Z_` where it is compressed and damaged. */
  open(key: string): AsyncIterable<Uint8Array>;
}

/** Which calls to read. */
export interface InvocationLogFilter {
  readonly range: CallRange;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** What was read beside the calls. */
export interface InvocationLogCounts {
  files: number;
  /** Files that are no batches of records: large bodies, and whatever else lies there. */
  passedOver: number;
  /** Files that were not read to their end: damaged, or too much in them. */
  unreadable: number;
  malformed: number;
  unknownSchema: number;
}

export interface ReadInvocationLog {
  readonly calls: AsyncIterable<LoggedCall>;
  /** Final once `calls` has ended. */
  readonly counts: Readonly<InvocationLogCounts>;
}

interface ReadOptions extends InvocationLogFilter {
  /** Told of each file that has been read. */
  readonly onFile?: ((files: number) => void) | undefined;
  /** Uncompressed bytes of one file; 1 GiB unless told. */
  readonly maxFileBytes?: number | undefined;
  /** Characters of one record; 4 Mi unless told: bodies in it are of 100 KB at most. */
  readonly maxRecordLength?: number | undefined;
}

const MAX_FILE_BYTES = 2 ** 30;
const MAX_RECORD_LENGTH = 2 ** 22;

/** Reads the calls of a range and somewhat beyond, of files in any order. What cannot be read is counted. */
export function readInvocationLog(source: InvocationLogSource, options: ReadOptions): ReadInvocationLog {
  const { range, account, region, onFile } = options;
  const { maxFileBytes = MAX_FILE_BYTES, maxRecordLength = MAX_RECORD_LENGTH } = options;
  const counts = { files: 0, passedOver: 0, unreadable: 0, malformed: 0, unknownSchema: 0 };
  const wide = widened(range);

  function isWanted(call: LoggedCall): boolean {
    return (
      isWithin(wide, call.time) &&
      (account ?? call.accountId) === call.accountId &&
      (region ?? call.region) === call.region
    );
  }

  async function* callsIn(key: string): AsyncGenerator<LoggedCall> {
    for await (const value of cutValues(bounded(source.open(key), maxFileBytes), maxRecordLength)) {
      const parsed = value === undefined ? ({ kind: 'malformed' } as const) : parseLoggedCall(value);
      if (parsed.kind !== 'call') counts[parsed.kind] += 1;
      else if (isWanted(parsed.call)) yield parsed.call;
    }
  }

  async function* calls(): AsyncGenerator<LoggedCall> {
    for await (const key of keysOf(source, options)) {
      if (!isBatch(key)) {
        counts.passedOver += 1;
        continue;
      }
      counts.files += 1;
      try {
        yield* callsIn(key);
      } catch (error) {
        if (!isDamage(error)) throw error;
        counts.unreadable += 1;
      }
      onFile?.(counts.files);
    }
  }

  return { calls: calls(), counts };
}

/** Day by day where it is known what stands before the day; else all there is, but for hours that cannot hold any. */
async function* keysOf(source: InvocationLogSource, { range, account, region }: InvocationLogFilter) {
  const isPlaced = account !== undefined && region !== undefined;
  const place = `AWSLogs/${account}/BedrockModelInvocationLogs/${region}/`;
  for (const prefix of isPlaced ? daysOf(range).map((day) => `${place}${day}`) : ['']) {
    for await (const key of source.list(prefix)) if (canHold(range, key)) yield key;
  }
}

/** Bodies of more than 100 KB lie below `data/`, and are not opened: no command but those that ask first reads bodies. */
function isBatch(key: string): boolean {
  return /\.json(?:\.gz)?$/.test(key) && !key.split('/').includes('data');
}

class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** A few kilobytes can unpack to more than anyone would wait for. */
async function* bounded(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLargeError(`a file of more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function isDamage(error: unknown): boolean {
  if (error instanceof TooLargeError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
