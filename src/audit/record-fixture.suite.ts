import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Clock } from '../core/index.ts';
import { openState } from '../state/index.ts';
import { keyRingOf } from './journal/journal-fixture.suite.ts';
import type { S3LogStore } from './objects/log-objects.ts';
import { cleanUp, openS3 } from './objects/s3-fixture.suite.ts';
import { createRecordAudit, verifyAudit } from './record-audit.ts';
import { createRecordLog, type RecordLogOptions, restoreLogHead } from './record-log.ts';
import type { RecordPlace } from './record-place.ts';

const closings: (() => unknown)[] = [];

/** Closes something after the test, or at `closeScenes`. */
export function closeLater(close: () => unknown): void {
  closings.push(close);
}

/** Closes the scenes so far, what was opened last first. */
export async function closeScenes(): Promise<void> {
  for (const close of closings.splice(0).reverse()) await close();
}

/** Before and after each test of a file: the credentials of its clients, and the end of its scenes. */
export function tendScenes(): void {
  beforeEach(() => {
    // DynamoDB Local has a database for each: these are those of the tables' own clients.
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await closeScenes();
    await cleanUp();
  });
}

interface SceneOptions<Place extends RecordPlace> {
  /** Where the record is, given an empty directory and a store in a bucket. */
  readonly toPlace: (root: string, store: S3LogStore) => Place;
  readonly clock: Clock;
}

/** A record at a place, whose state is in a file, with what reads it and what makes its log. */
export async function createRecordScene<Place extends RecordPlace>({ toPlace, clock }: SceneOptions<Place>) {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-record-'));
  closeLater(() => rmSync(root, { recursive: true }));
  const keyRing = keyRingOf('a root secret');
  const state = await openState({ file: join(root, 'state.db'), keyRing });
  closeLater(() => state.close());
  const { wrappedKeys: keys, heads, index } = state;
  const { server } = await openS3();
  const bucket = { bucket: 'log', prefix: 'bank/', region: 'eu-central-1', forcePathStyle: true };
  const place = toPlace(root, { kind: 's3', ...bucket, endpoint: server.url });
  const own = { place, keyRing, keys, heads, index, origin: 'log', clock };
  const audit = createRecordAudit(own);
  return {
    ...own,
    root,
    server,
    audit,
    openLog: (more: Partial<RecordLogOptions> = {}) => createRecordLog({ ...own, sinks: [], ...more }),
    restore: () => restoreLogHead(own),
    verify: () => verifyAudit({ place, verifierKeys: [audit.verifierKey], reading: audit.reading() }),
  };
}
