import { createLogReader } from '../../src/audit/log/log-reader.ts';
import { leafHash } from '../../src/audit/log/merkle.ts';
import { parseSegment, parseSegmentPath } from '../../src/audit/log/segment.ts';
import { parseVerifierKey } from '../../src/audit/log/signed-note.ts';
import { createDiskObjectStore } from '../../src/audit/objects/disk-object-store.ts';
import { openSealed } from '../../src/audit/record/record-cipher.ts';
import { parseSealed } from '../../src/audit/record/sealed-record.ts';
import { type AnswerEvent, type JournalRecord, parseModelId, type RequestId } from '../../src/core/index.ts';
import { createConverseReply } from '../../src/protocols/bedrock/converse-reply.ts';
import { openAdministration } from '../../src/server/index.ts';
import type { House } from './house.ts';

/** The records of one exchange, as the log has them. */
export interface LoggedExchange {
  readonly requests: { readonly leafHash: string; readonly text: string }[];
  readonly releases: { readonly sequence: number; readonly text: string }[];
  readonly responses: { readonly status: string; readonly text: string; readonly bytesSent: number }[];
  /** Bytes that the releases come to on the wire. */
  releasedBytes: number;
}

/** A stretch of the log, opened. */
export interface Logged {
  readonly size: number;
  readonly exchanges: ReadonlyMap<string, LoggedExchange>;
  /** 32 bytes each. */
  readonly receiptKeys: readonly Uint8Array[];
  readonly origin: string;
}

/** Reads every record of the log from place `from` on. Throws for one that does not open. */
export async function readLog({ configFile, dataDirectory }: House, from: number): Promise<Logged> {
  await using administration = await openAdministration({ configFile, dataDirectory });
  const objects = createDiskObjectStore({ directory: administration.directory.logDirectory });
  const { findKey } = administration.audit.reading();
  const reader = createLogReader(objects);
  const size = (await reader.checkpoint())?.size ?? 0;
  const leaves = new Map<number, Uint8Array>();
  for (let at = from; at < size; at = from + leaves.size) {
    for (const [offset, leaf] of (await reader.leaves(at, size)).entries()) leaves.set(at + offset, leaf);
  }
  const found: { readonly index: number; readonly leaf: Uint8Array; readonly record: JournalRecord }[] = [];
  for await (const path of objects.list('segments/')) {
    // What comes before `from` is in segments that begin before it, for a batch is never divided.
    if ((parseSegmentPath(path)?.first ?? 0) < from) continue;
    for (const { index, sealed } of parseSegment((await objects.read(path)) ?? new Uint8Array(0))) {
      const leaf = leaves.get(index);
      const key = await findKey(parseSealed(sealed).keyId);
      if (leaf === undefined || key === undefined) throw new Error(`the record at ${index} has no leaf or no key`);
      found.push({ index, leaf, record: openSealed(sealed, leaf, key).record });
    }
  }
  const exchanges = new Map<string, LoggedExchange>();
  const receiptKeys: Uint8Array[] = [];
  for (const { leaf, record } of found.sort((one, other) => one.index - other.index)) {
    if (record.kind === 'request' || record.kind === 'release' || record.kind === 'response') {
      add(exchanges, record, leaf);
    } else if (record.disclosed?.receiptKey !== undefined) {
      receiptKeys.push(parseVerifierKey(record.disclosed.receiptKey).publicKey);
    }
  }
  return { size, exchanges, receiptKeys, origin: administration.config.audit.origin };
}

type ExchangeRecord = Extract<JournalRecord, { readonly kind: 'request' | 'release' | 'response' }>;

function add(exchanges: Map<string, LoggedExchange>, record: ExchangeRecord, leaf: Uint8Array): void {
  const exchange = exchanges.get(record.requestId) ?? { requests: [], releases: [], responses: [], releasedBytes: 0 };
  exchanges.set(record.requestId, exchange);
  switch (record.kind) {
    case 'request': {
      const text = record.original.map((part) => part.text).join('\n');
      exchange.requests.push({ leafHash: Buffer.from(leafHash(leaf)).toString('hex'), text });
      break;
    }
    case 'release':
      exchange.releases.push({ sequence: record.sequence, text: textOf(record.events) });
      exchange.releasedBytes += bytesOf(record.requestId, record.events);
      break;
    case 'response': {
      const { status, released = [], bytesSent } = record;
      exchange.responses.push({ status, text: textOf(released), bytesSent });
      break;
    }
    default:
      record satisfies never;
  }
}

function textOf(events: readonly AnswerEvent[]): string {
  return events.map((event) => (event.kind === 'delta' ? event.text : '')).join('');
}

/** At most so many bytes a stream has for them; what opens it is counted with each, being written once. */
function bytesOf(requestId: RequestId, events: readonly AnswerEvent[]): number {
  const opening: readonly AnswerEvent[] = [
    { kind: 'start' },
    { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  ];
  const isOpening = events.some(({ kind }) => kind === 'start');
  const writer = createConverseReply({ requestId, createdAt: 0, model: parseModelId('amazon.nova-lite-v1:0') }, []);
  return writer.events(isOpening ? events : [...opening, ...events], 0).length;
}
