import { EventStreamCodec } from '@smithy/eventstream-codec';

/** All strings and numbers of an answer on the wire, in order, by the place where they stand in each event. */
export type WireStrings = ReadonlyMap<string, readonly string[]>;

/** Reads a JSON body, server-sent events, or frames of an event stream. */
export function readWireStrings(bytes: Uint8Array): WireStrings {
  const strings = new Map<string, string[]>();
  for (const document of documentsOf(Buffer.from(bytes))) gather(strings, '', JSON.parse(document));
  return strings;
}

function documentsOf(bytes: Buffer): readonly string[] {
  if (bytes[0] === 0x7b) return [bytes.toString()];
  if (bytes[0] === 0) return framesOf(bytes);
  return [...bytes.toString().matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => data);
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

function framesOf(bytes: Buffer): readonly string[] {
  const documents: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    const payload = Buffer.from(body).toString();
    const isChunk = headers[':event-type']?.value === 'chunk';
    documents.push(isChunk ? Buffer.from(JSON.parse(payload).bytes, 'base64').toString() : payload);
  }
  return documents;
}

/** The same, in whatever pieces a text came. */
export function inOnePiece(strings: WireStrings): ReadonlyMap<string, string> {
  return new Map([...strings].map(([place, values]) => [place, values.join('')]));
}

/** Where two answers differ, however often each repeats a name or counts, and in whatever pieces each gives a text. */
export function differences(one: WireStrings, other: WireStrings): readonly string[] {
  const isCount = (values: readonly string[] = []) => values.every((value) => /^[0-9]+$/.test(value));
  const setOf = (values: readonly string[] = []) => [...new Set(values)].sort().join('\n');
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (place) =>
      !(isCount(one.get(place)) && isCount(other.get(place))) &&
      one.get(place)?.join('') !== other.get(place)?.join('') &&
      setOf(one.get(place)) !== setOf(other.get(place)),
  );
}

function gather(strings: Map<string, string[]>, place: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number') {
    const values = strings.get(place) ?? [];
    strings.set(place, values);
    values.push(String(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // The same text stands at another index in each event; its blocks are told apart by the reader, not by what leaks.
  for (const [key, item] of Object.entries(value))
    gather(strings, Array.isArray(value) ? place : `${place}/${key}`, item);
}
