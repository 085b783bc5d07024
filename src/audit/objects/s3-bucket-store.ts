import { createHash } from 'node:crypto';
import type { PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Clock } from '../../core/index.ts';
import { isS3Fault } from './s3-fault.ts';
import { putInParts, type S3PartRequests } from './s3-multipart-store.ts';

/** The requests that are made of S3. */
export type S3Requests = S3PartRequests &
  Pick<S3, 'deleteObject' | 'getObject' | 'listObjectVersions' | 'listObjectsV2' | 'putObject' | 'putObjectLegalHold'>;

/** How long a locked object stays locked. Until then nobody removes it; under `GOVERNANCE` who has the permission may. */
export interface S3Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

export interface S3BucketOptions {
  readonly client: S3Requests;
  readonly bucket: string;
  /** What every key begins with. */
  readonly prefix: string;
  /** The KMS key that objects are encrypted under, as S3 takes it. Default: a key of S3's own (AES-256). */
  readonly kmsKeyId?: string | undefined;
  /** Default: nothing is locked. */
  readonly retention?: S3Retention | undefined;
  readonly clock: Clock;
  /** The AWS account that the bucket belongs to: nobody else's bucket of that name is written to or read. */
  readonly expectedBucketOwner?: string | undefined;
  /** Milliseconds that a request may take with all its tries; 30,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** What is more than twice this many bytes is put in parts of as many; 8 MiB unless given. */
  readonly partBytes?: number | undefined;
}

/** An object as it was read. */
export interface S3Object {
  readonly bytes: Uint8Array;
  readonly etag: string;
  /** The id it was put with, if with one. */
  readonly writeId: string | undefined;
}

/** On what a put depends: that there is nothing, or what has this ETag. */
export type PutCondition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

interface Put {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly condition: PutCondition;
  readonly isLocked: boolean;
  readonly writeId?: string;
}

/**
 * The requests of one bucket, each with a time-out. They reject with the SDK's error, or one that has it as `cause`. What
 * was put may have landed then.
 */
export interface S3Bucket {
  /** Undefined where there is none. Rejects where S3 gives other bytes than were put. */
  get(path: string): Promise<S3Object | undefined>;
  put(put: Put): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
  /** Ids of what there is and was at a path, oldest first, and then of marks that something was deleted. */
  versions(path: string): Promise<readonly string[]>;
  /** Removes a version for good. Rejects where it is locked. */
  removeVersion(path: string, version: string): Promise<void>;
  hold(path: string, status: 'ON' | 'OFF'): Promise<void>;
}

const DAY_MS = 86_400_000;
const WRITE_ID = 'write-id';
/** S3 keeps of an object in parts a digest of the parts' digests alone. */
const WHOLE_SHA256 = 'sha256';
const PART_BYTES = 8 * 1024 * 1024;
/** Percent-encoded: somebody's key may hold what XML cannot, and no list could be read that has it. */
const PRINTABLE = { EncodingType: 'url' } as const;

export function createS3Bucket(options: S3BucketOptions): S3Bucket {
  const { client, bucket, prefix, kmsKeyId, retention, clock, expectedBucketOwner, timeoutMs = 30_000 } = options;
  const { partBytes = PART_BYTES } = options;
  const place = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
  const keyOf = (path: string) => `${prefix}${path}`;
  const encryption =
    kmsKeyId === undefined
      ? ({ ServerSideEncryption: 'AES256' } as const)
      : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: true } as const);

  /** The headers of a lock that begins now. */
  function toLock({ mode, days }: S3Retention) {
    return { ObjectLockMode: mode, ObjectLockRetainUntilDate: new Date(clock.now() + days * DAY_MS) };
  }

  async function within<Answer>(ask: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>) {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    try {
      return await ask({ abortSignal });
    } catch (cause) {
      throw abortSignal.aborted ? new Error(`S3 took more than ${timeoutMs} ms`, { cause }) : cause;
    }
  }

  return {
    async get(path) {
      try {
        return await within(async (limit) => {
          const input = { ...place, Key: keyOf(path), ChecksumMode: 'ENABLED' } as const;
          const { Body, ETag: etag, Metadata } = await client.getObject(input, limit);
          const bytes = await Body?.transformToByteArray();
          if (bytes !== undefined && !isAsPut(bytes, Metadata)) throw new Error('S3 gave other bytes than were put');
          // Without an ETag a put that is to depend on it would depend on nothing.
          if (bytes === undefined || etag === undefined) throw new Error('S3 gave an object without content or ETag');
          return { bytes, etag, writeId: Metadata?.[WRITE_ID] };
        });
      } catch (error) {
        if (isS3Fault(error, 'NoSuchKey')) return undefined;
        throw error;
      }
    },

    async put({ path, bytes, condition, isLocked, writeId }) {
      const digest = createHash('sha256').update(bytes).digest('base64');
      const isParted = bytes.length > 2 * partBytes;
      const input = {
        ...place,
        ...encryption,
        ...condition,
        ...(isLocked && retention !== undefined ? toLock(retention) : {}),
        Metadata: {
          ...(writeId === undefined ? {} : { [WRITE_ID]: writeId }),
          ...(isParted ? { [WHOLE_SHA256]: digest } : {}),
        },
        Key: keyOf(path),
        Body: bytes,
        // S3 asks for its name too where a lock is set.
        ChecksumAlgorithm: 'SHA256' as const,
        ChecksumSHA256: digest,
      } satisfies PutObjectCommandInput;
      await (isParted
        ? putInParts(input, { client, within, partBytes })
        : within((limit) => client.putObject(input, limit)));
    },
    async *list(below) {
      let ContinuationToken: string | undefined;
      do {
        const input = { ...place, ...PRINTABLE, Prefix: keyOf(below), ContinuationToken };
        const page = await within((limit) => client.listObjectsV2(input, limit));
        for (const key of toKeys(page.Contents)) yield key.slice(prefix.length);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },

    async versions(path) {
      const key = keyOf(path);
      const versions: string[] = [];
      const marks: string[] = [];
      let after: { readonly KeyMarker?: string; readonly VersionIdMarker?: string | undefined } = {};
      for (;;) {
        const input = { ...place, ...PRINTABLE, Prefix: key, ...after };
        const page = await within((limit) => client.listObjectVersions(input, limit));
        versions.push(...toVersions(page.Versions, key));
        marks.push(...toVersions(page.DeleteMarkers, key));
        // A key comes before all that begin with it.
        if (toKeys([{ Key: page.NextKeyMarker }])[0] !== key) return [...versions.toReversed(), ...marks];
        after = { KeyMarker: key, VersionIdMarker: page.NextVersionIdMarker };
      }
    },

    async removeVersion(path, version) {
      await within((limit) => client.deleteObject({ ...place, Key: keyOf(path), VersionId: version }, limit));
    },

    async hold(path, status) {
      const input = { ...place, Key: keyOf(path), LegalHold: { Status: status } };
      await within((limit) => client.putObjectLegalHold(input, limit));
    },
  };
}

/** Of what was put in one piece the SDK has compared the digest. */
function isAsPut(bytes: Uint8Array, metadata: Readonly<Record<string, string>> = {}): boolean {
  const digest = metadata[WHOLE_SHA256];
  return digest === undefined || digest === createHash('sha256').update(bytes).digest('base64');
}

interface Listed {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** Keys as they are, of a list that has them percent-encoded. */
function toKeys(listed: readonly Listed[] = []): readonly string[] {
  return listed
    .map(({ Key }) => Key)
    .filter((key) => key !== undefined)
    .map((key) => decodeURIComponent(key.replaceAll('+', ' ')));
}

function toVersions(listed: readonly Listed[] = [], key: string): readonly string[] {
  return listed
    .filter((entry) => toKeys([entry])[0] === key)
    .map(({ VersionId }) => VersionId)
    .filter((version) => version !== undefined);
}
