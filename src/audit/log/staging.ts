import { decode, encode } from 'cborg';
import { sha256 } from '../record/leaf.ts';

/** An object that a batch adds to the log. */
export interface StagedObject {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isLocked: boolean;
}

/** All that a batch adds to the log, in one object of its own that its head names. */
export interface StagedBatch {
  /** `staging/` and the SHA-256 of the bytes, hexadecimal. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Puts a batch's objects together, in the order in which they are published. */
export function toStagedBatch(objects: readonly StagedObject[]): StagedBatch {
  const bytes = encode(objects.map(({ path, bytes, isLocked }) => [path, bytes, isLocked]));
  return { name: toName(bytes), bytes };
}

/** The objects of a batch; throws where the bytes are not those that `name` stands for. */
export function parseStagedBatch({ name, bytes }: StagedBatch): readonly StagedObject[] {
  if (toName(bytes) !== name) throw new Error('a staged batch is not what its head names');
  // What we wrote, by its hash: a shape to check here could only disagree with it.
  const items: readonly (readonly [string, Uint8Array, boolean])[] = decode(bytes);
  return items.map(([path, object, isLocked]) => ({ path, bytes: object, isLocked }));
}

function toName(bytes: Uint8Array): string {
  return `staging/${Buffer.from(sha256(bytes)).toString('hex')}`;
}
