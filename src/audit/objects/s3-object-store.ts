import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { LogConflictError, ObjectKeptError, type ObjectStore } from '../log/contracts.ts';
import { checkObjectPath, checkObjectPrefix } from './object-path.ts';
import { createS3Bucket, type S3BucketOptions, type S3Object } from './s3-bucket-store.ts';
import { isS3Fault } from './s3-fault.ts';

/** Objects in S3, of which each can be held. */
export interface S3ObjectStore extends ObjectStore {
  /** Puts an object under a legal hold, or lifts it: as long as it is on, nobody removes the object. */
  setHold(path: string, hold: 'on' | 'off'): Promise<void>;
}

/** A write that depends on what is there is tried this often: each time it fails, another's has come through. */
const TRIES = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Objects in a bucket of S3, which may be versioned, and is where objects are to be locked. The bucket takes conditional
 * writes, so that what is written once is written once by whomever: an S3-compatible server that ignores `If-None-Match`
 * or `If-Match` is none for this.
 *
 * All that is put carries its SHA-256 and is encrypted by S3; what is read is compared with it. A request of which the
 * answer was lost is decided by reading back. Where that fails too the call rejects, and what it asked for may have
 * landed or still land; asked again, it comes to the same. An object that was there already keeps the lock it had.
 *
 * `remove` removes every version of an object; where one is locked or held it rejects with an `ObjectKeptError`, and
 * the object stays. `list` gives every key below the prefix, also those that no object of the log may have.
 *
 * Takes the permissions `s3:PutObject`, `GetObject`, `ListBucket`, and for removing `ListBucketVersions`, `DeleteObject`
 * and `DeleteObjectVersion`, for locks `PutObjectRetention`, for holds `PutObjectLegalHold`; never
 * `BypassGovernanceRetention`.
 */
export function createS3ObjectStore(options: S3BucketOptions): S3ObjectStore {
  checkObjectPrefix(options.prefix);
  const bucket = createS3Bucket(options);

  return {
    async create(path, bytes, { isLocked }) {
      checkObjectPath(path);
      for (let tries = 1; ; tries += 1) {
        try {
          return await bucket.put({ path, bytes, isLocked, condition: { IfNoneMatch: '*' } });
        } catch (error) {
          const there = await readAfter(error, path);
          if (there !== undefined && Buffer.compare(there.bytes, bytes) === 0) return;
          if (there !== undefined) throw new LogConflictError(path, { cause: error });
          if (!isContended(error) || tries === TRIES) throw error;
          await pause(tries);
        }
      }
    },

    async read(path) {
      return (await bucket.get(checkObjectPath(path)))?.bytes;
    },

    async *list(prefix) {
      yield* bucket.list(checkObjectPrefix(prefix));
    },

    async remove(path) {
      checkObjectPath(path);
      try {
        // The newest last: until then the object is what it was.
        for (const version of await bucket.versions(path)) await bucket.removeVersion(path, version);
      } catch (cause) {
        throw isS3Fault(cause, 'AccessDenied') ? new ObjectKeptError(path, { cause }) : cause;
      }
    },

    async replace(path, bytes, accepts) {
      const writeId = randomUUID();
      let current = await bucket.get(checkObjectPath(path));
      for (let tries = 1; ; tries += 1) {
        if (!accepts(current?.bytes)) return false;
        const condition = current === undefined ? ({ IfNoneMatch: '*' } as const) : { IfMatch: current.etag };
        try {
          await bucket.put({ path, bytes, isLocked: false, condition, writeId });
          return true;
        } catch (error) {
          if (isContended(error)) await pause(tries);
          current = await readAfter(error, path);
          // A try has landed, and its answer was lost; the SDK tries on its own too.
          if (current?.writeId === writeId) return true;
          if (!isContended(error) || tries === TRIES) throw error;
        }
      }
    },

    setHold: async (path, hold) => bucket.hold(checkObjectPath(path), hold === 'on' ? 'ON' : 'OFF'),
  };

  /** What is there after a put has failed. */
  async function readAfter(error: unknown, path: string): Promise<S3Object | undefined> {
    try {
      return await bucket.get(path);
    } catch (second) {
      const faults = [error, second];
      throw new AggregateError(faults, 'S3 neither took an object nor gave what is there', { cause: error });
    }
  }
}

/** Another's write was faster, or is on its way. */
function isContended(error: unknown): boolean {
  return isS3Fault(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey');
}

/** At random, so that those who write at once do not meet again. */
function pause(tries: number): Promise<void> {
  return wait(randomInt(Math.min(10 * 2 ** tries, LONGEST_PAUSE_MS)));
}
