import { createHash } from 'node:crypto';

/** A refusal as S3 words it. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export interface StoredLock {
  readonly mode: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface StoredVersion {
  readonly key: string;
  readonly id: string;
  /** Undefined: a mark that the object was deleted. */
  readonly bytes: Buffer | undefined;
  readonly etag: string;
  /** Response headers that come with it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lock: StoredLock | undefined;
  isHeld: boolean;
}

export interface PutOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly lock?: StoredLock | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

interface Upload {
  readonly key: string;
  readonly options: PutOptions;
  readonly parts: Map<number, Buffer>;
}

export interface BucketOptions {
  /** Keeps every version; Object Lock needs it. */
  readonly isVersioned: boolean;
  readonly now: () => number;
}

/** What a bucket of S3 does with objects, versions and locks, in memory; every call is one step. */
export function createBucket({ isVersioned, now }: BucketOptions) {
  /** By key, oldest version first. */
  const objects = new Map<string, StoredVersion[]>();
  /** What is under way in parts, by the upload's name. */
  const uploads = new Map<string, Upload>();
  let count = 0;

  const versionsOf = (key: string): readonly StoredVersion[] => objects.get(key) ?? [];

  function current(key: string): (StoredVersion & { readonly bytes: Buffer }) | undefined {
    const last = versionsOf(key).at(-1);
    return last?.bytes === undefined ? undefined : Object.assign(last, { bytes: last.bytes });
  }

  function add(version: Omit<StoredVersion, 'id' | 'isHeld'>): StoredVersion {
    count += 1;
    const added = { ...version, id: isVersioned ? `version-${count}` : 'null', isHeld: false };
    objects.set(version.key, isVersioned ? [...versionsOf(version.key), added] : [added]);
    return added;
  }

  function checkConditions(key: string, { ifMatch, ifNoneMatch }: PutOptions): void {
    const there = current(key);
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new S3Refusal(501, 'NotImplemented');
    if (ifNoneMatch === '*' && there !== undefined) throw new S3Refusal(412, 'PreconditionFailed');
    if (ifMatch === undefined) return;
    if (there === undefined) throw new S3Refusal(404, 'NoSuchKey');
    if (there.etag !== ifMatch) throw new S3Refusal(412, 'PreconditionFailed');
  }

  function uploadOf(id: string): Upload {
    const upload = uploads.get(id);
    if (upload === undefined) throw new S3Refusal(404, 'NoSuchUpload');
    return upload;
  }

  return {
    objects,
    uploads,

    beginUpload(key: string, options: PutOptions): string {
      if (options.lock !== undefined && !isVersioned) throw new S3Refusal(400, 'InvalidRequest');
      count += 1;
      uploads.set(`upload-${count}`, { key, options, parts: new Map() });
      return `upload-${count}`;
    },

    putPart(id: string, number: number, bytes: Buffer): string {
      uploadOf(id).parts.set(number, bytes);
      return `"${createHash('md5').update(bytes).digest('hex')}"`;
    },

    /** The parts that are named, one behind the other. */
    completeUpload(id: string, numbers: readonly number[], condition: PutOptions): StoredVersion {
      const { key, options, parts } = uploadOf(id);
      checkConditions(key, condition);
      const bytes = numbers.map((number) => {
        const part = parts.get(number);
        if (part === undefined) throw new S3Refusal(400, 'InvalidPart');
        return part;
      });
      uploads.delete(id);
      const etag = `"${createHash('md5').update(Buffer.concat(bytes)).digest('hex')}-${numbers.length}"`;
      return add({ key, bytes: Buffer.concat(bytes), etag, headers: options.headers ?? {}, lock: options.lock });
    },

    abortUpload(id: string): void {
      uploadOf(id);
      uploads.delete(id);
    },

    get(key: string) {
      const there = current(key);
      if (there === undefined) throw new S3Refusal(404, 'NoSuchKey');
      return there;
    },

    put(key: string, bytes: Buffer, options: PutOptions): StoredVersion {
      if (options.lock !== undefined && !isVersioned) throw new S3Refusal(400, 'InvalidRequest');
      checkConditions(key, options);
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
      return add({ key, bytes, etag, headers: options.headers ?? {}, lock: options.lock });
    },

    /** With a version it is gone for good; without, a versioned bucket only marks the object as deleted. */
    delete(key: string, id: string | undefined): void {
      if (id === undefined && isVersioned) {
        add({ key, bytes: undefined, etag: '', headers: {}, lock: undefined });
        return;
      }
      const gone = versionsOf(key).find((version) => version.id === (id ?? 'null'));
      if (gone?.isHeld || (gone?.lock !== undefined && gone.lock.until > now())) {
        throw new S3Refusal(403, 'AccessDenied');
      }
      const left = versionsOf(key).filter((version) => version !== gone);
      if (left.length === 0) objects.delete(key);
      else objects.set(key, left);
    },

    hold(key: string, isHeld: boolean): void {
      const there = current(key);
      if (there === undefined) throw new S3Refusal(404, 'NoSuchKey');
      if (!isVersioned) throw new S3Refusal(400, 'InvalidRequest');
      there.isHeld = isHeld;
    },

    /** Objects whose keys begin with `prefix`, by key. */
    list(prefix: string): readonly StoredVersion[] {
      return sortedKeys(prefix).flatMap((key) => current(key) ?? []);
    },

    /** Versions and marks of keys that begin with `prefix`, by key, newest first. */
    versions(prefix: string): readonly StoredVersion[] {
      return sortedKeys(prefix).flatMap((key) => versionsOf(key).toReversed());
    },
  };

  function sortedKeys(prefix: string): readonly string[] {
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
    return keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  }
}

export type Bucket = ReturnType<typeof createBucket>;
