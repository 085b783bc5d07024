import { createHash } from 'node:crypto';
import type { CompletedPart, PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';

/** The requests of an upload in parts. */
export type S3PartRequests = Pick<
  S3,
  'abortMultipartUpload' | 'completeMultipartUpload' | 'createMultipartUpload' | 'uploadPart'
>;

/** What is put, with the condition that its last request depends on. */
export interface PartedPut extends PutObjectCommandInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Uint8Array;
}

interface UploadOptions {
  readonly client: S3PartRequests;
  /** Gives each request its time. */
  readonly within: <Answer>(ask: (limit: { readonly abortSignal: AbortSignal }) => Promise<Answer>) => Promise<Answer>;
  /** Bytes of each part but the last; S3 takes no fewer than 5 MiB. */
  readonly partBytes: number;
}

/**
 * Puts an object part by part, so that each has its time and is tried on its own; the object is there, whole, with the
 * last request, and only that depends on the condition.
 *
 * Parts of an upload that failed are removed as far as can be; a lifecycle rule of the bucket
 * (`AbortIncompleteMultipartUpload`) removes the rest.
 */
export async function putInParts(put: PartedPut, { client, within, partBytes }: UploadOptions): Promise<void> {
  const { Body, IfMatch, IfNoneMatch, ChecksumSHA256: _whole, ChecksumAlgorithm: _algorithm, ...object } = put;
  const { Bucket, Key, ExpectedBucketOwner } = put;
  const place = { Bucket, Key, ExpectedBucketOwner };
  const begun = await within((limit) =>
    client.createMultipartUpload({ ...object, ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' }, limit),
  );
  const { UploadId } = begun;
  if (UploadId === undefined) throw new Error('S3 began an upload without a name');
  try {
    const Parts: CompletedPart[] = [];
    for (let at = 0; at < Body.length; at += partBytes) {
      const PartNumber = Parts.length + 1;
      const part = Body.subarray(at, at + partBytes);
      const ChecksumSHA256 = createHash('sha256').update(part).digest('base64');
      const sent = { ...place, UploadId, PartNumber, Body: part, ChecksumAlgorithm: 'SHA256', ChecksumSHA256 } as const;
      const { ETag } = await within((limit) => client.uploadPart(sent, limit));
      Parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    const condition = IfMatch === undefined ? { IfNoneMatch } : { IfMatch };
    await within((limit) =>
      client.completeMultipartUpload({ ...place, ...condition, UploadId, MultipartUpload: { Parts } }, limit),
    );
  } catch (error) {
    // One that is complete after all, its reply lost, is no upload any more, and stays.
    await within((limit) => client.abortMultipartUpload({ ...place, UploadId }, limit)).catch(() => {});
    throw error;
  }
}
