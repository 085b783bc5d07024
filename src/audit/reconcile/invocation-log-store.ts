import { createReadStream } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { S3 } from '@aws-sdk/client-s3';
import { BucketError } from '../objects/bucket-error.ts';
import { createS3Bucket } from '../objects/s3-bucket-store.ts';
import { createS3Client } from '../objects/s3-client.ts';
import type { S3Place } from '../objects/s3-place-store.ts';
import type { InvocationLogSource } from './invocation-log.ts';

/** A directory that the log was copied to. Links in it are not followed. */
export function createDirectoryLogSource(directory: string): InvocationLogSource {
  return {
    async *list(prefix) {
      for await (const entry of await opendir(directory, { recursive: true })) {
        const key = relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
        if (entry.isFile() && key.startsWith(prefix)) yield key;
      }
    },
    open: (key) => unpacked(key, createReadStream(join(directory, key))),
  };
}

/** A place in a bucket. Takes the permissions `s3:ListBucket` and `GetObject`. What cannot be read is a `BucketError`. */
export function createS3LogSource(place: S3Place): InvocationLogSource {
  const { bucket, prefix, region, endpoint, forcePathStyle, expectedBucketOwner, fips } = place;
  let opened: Promise<S3> | undefined;
  function open(): Promise<S3> {
    opened ??= createS3Client({ region, endpoint, forcePathStyle, fips });
    return opened;
  }

  async function fetch(key: string): Promise<Readable> {
    const client = await open();
    const { Body } = await client.getObject({
      Bucket: bucket,
      Key: `${prefix}${key}`,
      ExpectedBucketOwner: expectedBucketOwner,
    });
    // What the SDK gives under Node, also of an object without content.
    return Body as Readable;
  }

  return {
    async *list(below) {
      try {
        const client = await open();
        yield* createS3Bucket({ client, bucket, prefix, expectedBucketOwner, clock: { now: Date.now } }).list(below);
      } catch (cause) {
        throw new BucketError(bucket, cause);
      }
    },

    async *open(key) {
      try {
        yield* unpacked(key, await fetch(key));
      } catch (cause) {
        throw isOfZlib(cause) ? cause : new BucketError(bucket, cause);
      }
    },
  };
}

async function* unpacked(key: string, packed: Readable): AsyncGenerator<Uint8Array> {
  if (!key.endsWith('.gz')) {
    yield* packed;
    return;
  }
  const unpacking = createGunzip();
  // Whoever stops reading, and whatever breaks, closes both.
  packed.on('error', (error) => unpacking.destroy(error));
  unpacking.on('close', () => packed.destroy());
  yield* packed.pipe(unpacking);
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
