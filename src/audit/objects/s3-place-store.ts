import type { ObjectStore } from '../log/contracts.ts';
import { BucketError } from './bucket-error.ts';
import type { S3Retention } from './s3-bucket-store.ts';
import { createS3Client } from './s3-client.ts';
import { createS3ObjectStore } from './s3-object-store.ts';

/** A place in a bucket of S3, as plain data that goes to any thread. */
export interface S3Place {
  readonly bucket: string;
  /** What every key begins with: nothing, or words with a slash behind each. */
  readonly prefix: string;
  readonly region: string;
  /** Default: that of the region. */
  readonly endpoint?: string | undefined;
  readonly forcePathStyle?: boolean | undefined;
  /** Default: a key of S3's own. */
  readonly kmsKeyId?: string | undefined;
  readonly expectedBucketOwner?: string | undefined;
  /** Whether the region's FIPS 140-3 endpoint is taken, where no endpoint is given; false unless told. */
  readonly fips?: boolean | undefined;
}

interface S3PlaceOptions {
  /** Default: nothing is locked. */
  readonly retention?: S3Retention | undefined;
  /** Milliseconds that a request may take with all its tries. */
  readonly timeoutMs?: number | undefined;
}

/**
 * The object store at a place, with credentials of the AWS SDK's chain. Nothing is loaded, looked for or connected to
 * before it is first asked for something. What cannot be read or listed is a `BucketError`.
 */
export function createS3PlaceStore(place: S3Place, options: S3PlaceOptions = {}): ObjectStore {
  let opened: Promise<ObjectStore> | undefined;
  function open(): Promise<ObjectStore> {
    opened ??= openStore(place, options);
    return opened;
  }
  // A path that no object may have is the caller's fault, not the bucket's.
  const toFault = (cause: unknown) => (cause instanceof RangeError ? cause : new BucketError(place.bucket, cause));

  return {
    create: async (...object) => (await open()).create(...object),

    async read(path) {
      try {
        return await (await open()).read(path);
      } catch (cause) {
        throw toFault(cause);
      }
    },

    async *list(prefix) {
      try {
        yield* (await open()).list(prefix);
      } catch (cause) {
        throw toFault(cause);
      }
    },

    remove: async (path) => (await open()).remove(path),
    replace: async (...replacement) => (await open()).replace(...replacement),
  };
}

async function openStore(place: S3Place, { retention, timeoutMs }: S3PlaceOptions): Promise<ObjectStore> {
  const { bucket, prefix, region, endpoint, forcePathStyle, kmsKeyId, expectedBucketOwner, fips } = place;
  return createS3ObjectStore({
    client: await createS3Client({ region, endpoint, forcePathStyle, fips }),
    bucket,
    prefix,
    kmsKeyId,
    expectedBucketOwner,
    retention,
    timeoutMs,
    clock: { now: Date.now },
  });
}
