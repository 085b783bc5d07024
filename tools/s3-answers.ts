import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { type Bucket, S3Refusal, type StoredLock, type StoredVersion } from './s3-bucket.ts';

export interface SeenRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Site {
  readonly bucket: Bucket;
  readonly name: string;
  readonly owner: string;
  readonly pageSize: number;
}

/** Answers a request as S3 does; requests it does not know with `NotImplemented`. */
export function answer(site: Site, request: SeenRequest): Reply {
  try {
    check(site, request);
    return toAction(request)(site, request);
  } catch (error) {
    if (error instanceof S3Refusal) return refusal(error);
    throw error;
  }
}

export function refusal({ status, code }: S3Refusal): Reply {
  return xml('Error', `<Code>${code}</Code><Message>refused</Message>`, status);
}

type Action = (site: Site, request: SeenRequest) => Reply;

function toAction({ method, key, query }: SeenRequest): Action {
  if (key === '' && method === 'GET') return query.has('versions') ? listVersions : listObjects;
  if (key === '') throw new S3Refusal(501, 'NotImplemented');
  if (method === 'POST') return query.has('uploads') ? beginUpload : completeUpload;
  if (query.has('uploadId')) return method === 'PUT' ? putPart : abortUpload;
  if (method === 'PUT') return query.has('legal-hold') ? putHold : putObject;
  if (method === 'GET' || method === 'HEAD') return getObject;
  if (method === 'DELETE') return deleteObject;
  throw new S3Refusal(501, 'NotImplemented');
}

function check(site: Site, { bucket, headers, body }: SeenRequest): void {
  if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) throw new S3Refusal(403, 'AccessDenied');
  if (bucket !== site.name) throw new S3Refusal(404, 'NoSuchBucket');
  const owner = headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== site.owner) throw new S3Refusal(403, 'AccessDenied');
  if (headers['x-amz-trailer'] !== undefined) throw new S3Refusal(501, 'NotImplemented');
  for (const [name, digest] of Object.entries(digests)) {
    const given = headers[`x-amz-checksum-${name}`];
    if (given !== undefined && given !== digest(body)) throw new S3Refusal(400, 'BadDigest');
  }
}

const digests = {
  sha256: (body: Buffer) => createHash('sha256').update(body).digest('base64'),
  crc32(body: Buffer) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
};

/** Headers that come back with the object. */
const KEPT = /^x-amz-(meta-|checksum-sha256|server-side-encryption)/;

function putObject({ bucket }: Site, { key, headers, body }: SeenRequest): Reply {
  const lock = toLock(headers);
  // As S3 has it: a lock is put on what has certainly arrived.
  if (lock !== undefined && headers['x-amz-sdk-checksum-algorithm'] === undefined)
    throw new S3Refusal(400, 'InvalidRequest');
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => KEPT.test(entry[0]));
  const { etag, id } = bucket.put(key, body, {
    headers: Object.fromEntries(kept),
    lock,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  });
  return { status: 200, headers: { etag, 'x-amz-version-id': id }, body: Buffer.of() };
}

function beginUpload({ bucket }: Site, { key, headers }: SeenRequest): Reply {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => KEPT.test(entry[0]));
  const id = bucket.beginUpload(key, { headers: Object.fromEntries(kept), lock: toLock(headers) });
  return xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
}

function putPart({ bucket }: Site, { query, body }: SeenRequest): Reply {
  const etag = bucket.putPart(String(query.get('uploadId')), Number(query.get('partNumber')), body);
  return { status: 200, headers: { etag }, body: Buffer.of() };
}

function completeUpload({ bucket }: Site, { query, headers, body }: SeenRequest): Reply {
  const parts = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => Number(number));
  const { etag } = bucket.completeUpload(String(query.get('uploadId')), parts, {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  });
  return xml('CompleteMultipartUploadResult', `<ETag>${etag}</ETag>`);
}

function abortUpload({ bucket }: Site, { query }: SeenRequest): Reply {
  bucket.abortUpload(String(query.get('uploadId')));
  return { status: 204, headers: {}, body: Buffer.of() };
}

function toLock(headers: IncomingHttpHeaders): StoredLock | undefined {
  const mode = headers['x-amz-object-lock-mode'];
  const until = Date.parse(String(headers['x-amz-object-lock-retain-until-date']));
  if (mode === undefined && Number.isNaN(until)) return undefined;
  if (mode === undefined || Number.isNaN(until)) throw new S3Refusal(400, 'InvalidArgument');
  return { mode: String(mode), until };
}

function getObject({ bucket }: Site, { method, key, headers }: SeenRequest): Reply {
  const { bytes, etag, id, headers: kept } = bucket.get(key);
  const isChecked = headers['x-amz-checksum-mode'] === 'ENABLED';
  const shown = Object.entries(kept).filter(([name]) => isChecked || !name.startsWith('x-amz-checksum'));
  const all = { etag, 'x-amz-version-id': id, ...Object.fromEntries(shown) };
  if (method === 'GET') return { status: 200, headers: all, body: bytes };
  return { status: 200, headers: { ...all, 'content-length': String(bytes.length) }, body: Buffer.of() };
}

function deleteObject({ bucket }: Site, { key, query }: SeenRequest): Reply {
  bucket.delete(key, query.get('versionId') ?? undefined);
  return { status: 204, headers: {}, body: Buffer.of() };
}

function putHold({ bucket }: Site, { key, body }: SeenRequest): Reply {
  const [, status] = /<Status>(ON|OFF)<\/Status>/.exec(body.toString()) ?? [];
  if (status === undefined) throw new S3Refusal(400, 'MalformedXML');
  bucket.hold(key, status === 'ON');
  return { status: 200, headers: {}, body: Buffer.of() };
}

function listObjects({ bucket, pageSize }: Site, { query }: SeenRequest): Reply {
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const all = bucket.list(query.get('prefix') ?? '');
  const rest = all.slice(all.findLastIndex(({ key }) => key === after) + 1);
  const page = rest.slice(0, pageSize);
  const contents = page.map(({ key }) => `<Contents><Key>${toText(key, query)}</Key></Contents>`).join('');
  const token = Buffer.from(page.at(-1)?.key ?? '').toString('base64url');
  const more = `<NextContinuationToken>${token}</NextContinuationToken>`;
  return xml('ListBucketResult', isMore(rest, page, more) + contents);
}

function listVersions({ bucket, pageSize }: Site, { query }: SeenRequest): Reply {
  const [afterKey, afterId] = [query.get('key-marker'), query.get('version-id-marker')];
  const all = bucket.versions(query.get('prefix') ?? '');
  const rest = all.slice(all.findIndex(({ key, id }) => key === afterKey && id === afterId) + 1);
  const page = rest.slice(0, pageSize);
  const [last] = page.slice(-1);
  const entries = page.map(({ key, id, bytes }) => {
    const name = bytes === undefined ? 'DeleteMarker' : 'Version';
    return `<${name}><Key>${toText(key, query)}</Key><VersionId>${id}</VersionId></${name}>`;
  });
  const next = last === undefined ? '' : toText(last.key, query);
  const more = `<NextKeyMarker>${next}</NextKeyMarker><NextVersionIdMarker>${last?.id}</NextVersionIdMarker>`;
  return xml('ListVersionsResult', isMore(rest, page, more) + entries.join(''));
}

function isMore(rest: readonly StoredVersion[], page: readonly StoredVersion[], more: string): string {
  const isTruncated = rest.length > page.length;
  return `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? more : ''}`;
}

/** A key within XML, which cannot have every character; percent-encoded it can. */
function toText(key: string, query: URLSearchParams): string {
  if (query.get('encoding-type') === 'url')
    return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
  return key.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function xml(name: string, content: string, status = 200): Reply {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
