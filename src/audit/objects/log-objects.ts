import type { ObjectStore } from '../log/contracts.ts';
import { createDiskObjectStore } from './disk-object-store.ts';
import { createS3PlaceStore, type S3Place } from './s3-place-store.ts';

export type { S3Place };

interface S3LogStore extends S3Place {
  readonly kind: 's3';
  /** Under what full tiles and segments are locked, from when they are written. Default: they are not. */
  readonly objectLock?: { readonly mode: 'governance' | 'compliance'; readonly days: number } | undefined;
}

/** Where the objects of a log are, as plain data that goes to any thread: in its directory, or in a bucket of S3. */
export type LogStore = { readonly kind: 'disk' } | S3LogStore;

/** The objects of a log. `directory` is where they are on a disk. */
export function createLogObjects(store: LogStore, directory: string): ObjectStore {
  if (store.kind === 'disk') return createDiskObjectStore({ directory });
  return createS3PlaceStore(store, { retention: store.objectLock && toRetention(store.objectLock) });
}

const MODES = { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' } as const;

function toRetention({ mode, days }: NonNullable<S3LogStore['objectLock']>) {
  return { mode: MODES[mode], days };
}
