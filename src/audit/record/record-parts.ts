import type { JournalRecord } from '../../core/index.ts';

/** A record in the two parts that are committed to apart: who may see the one need not see the other. */
export interface RecordParts {
  /** Who, what, when, and what was decided. No content. */
  readonly header: object;
  /** Prompts and answers, and where in them something was found. */
  readonly body: object;
}

/** Divides a record. */
export function splitRecord(record: JournalRecord): RecordParts {
  switch (record.kind) {
    case 'request': {
      const { original, rewritten, files, findings, ...header } = record;
      return { header, body: { original, rewritten, files, findings } };
    }
    case 'release': {
      const { events, ...header } = record;
      return { header, body: { events } };
    }
    case 'response': {
      const { released, original, findings, ...header } = record;
      return { header, body: { released, original, findings } };
    }
    default:
      return { header: record, body: {} };
  }
}

/** What of a record is no content. */
export function headerOf(record: JournalRecord): object {
  return splitRecord(record).header;
}

/** The record of two parts that `splitRecord` made, authenticated since: a schema could only disagree with it. */
export function joinRecord(header: Uint8Array, body: Uint8Array): JournalRecord {
  return { ...JSON.parse(textOf(header)), ...JSON.parse(textOf(body)) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
