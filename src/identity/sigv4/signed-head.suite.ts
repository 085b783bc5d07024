import { createHmac, hash } from 'node:crypto';
import type { RequestHead } from '../../core/index.ts';
import { deriveSigningKey } from './signing-key.ts';
import { toCanonicalRequest, toStringToSign } from './verify-signature.ts';

/** What a request is signed with. What is left out is as an SDK would have it. */
export interface Signing {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly timestamp: string;
  readonly body?: string | Uint8Array;
  readonly date?: string;
  readonly region?: string;
  readonly service?: string;
  readonly signedHeaders?: readonly string[];
  readonly expires?: string;
  readonly normalizePath?: boolean;
}

/** Signs any request, sound or not, as a client that holds the secret could. */
export function signHead(head: RequestHead, signing: Signing): RequestHead {
  const dated = { ...head, headers: [...head.headers, ['x-amz-date', signing.timestamp] as const] };
  const { credential, names, signature } = sign(dated, signing, 'header');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...dated, headers: [...dated.headers, ['authorization', authorization]] };
}

/** The same in the query. */
export function presignHead(head: RequestHead, signing: Signing): RequestHead {
  const { credential, names } = toScope(head, signing);
  const parameters = [
    head.query,
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(credential)}`,
    `X-Amz-Date=${signing.timestamp}`,
    `X-Amz-Expires=${signing.expires ?? '60'}`,
    `X-Amz-SignedHeaders=${encodeURIComponent(names)}`,
  ];
  const query = parameters.filter((text) => text !== '').join('&');
  const { signature } = sign({ ...head, query }, signing, 'query');
  return { ...head, query: `${query}&X-Amz-Signature=${signature}` };
}

/** One parameter of a query changed, removed (`undefined`) or repeated. */
export function withParameter(head: RequestHead, name: string, value: string | undefined): RequestHead {
  const kept = head.query.split('&').filter((text) => !text.startsWith(`${name}=`));
  return { ...head, query: (value === undefined ? kept : [...kept, `${name}=${value}`]).join('&') };
}

/** One header changed, removed (`undefined`) or added. */
export function withHeader(head: RequestHead, name: string, value: string | undefined): RequestHead {
  const headers = head.headers.filter(([one]) => one !== name);
  return { ...head, headers: value === undefined ? headers : [...headers, [name, value]] };
}

function toScope(head: RequestHead, signing: Signing) {
  const { accessKeyId, timestamp, date = timestamp.slice(0, 8), region = 'us-east-1', service = 'bedrock' } = signing;
  const signedHeaders = signing.signedHeaders ?? [...new Set(head.headers.map(([name]) => name))].sort();
  const credential = `${accessKeyId}/${date}/${region}/${service}/aws4_request`;
  return { credential, names: signedHeaders.join(';'), signedHeaders, scope: { date, region, service } };
}

function sign(head: RequestHead, signing: Signing, form: 'header' | 'query') {
  const { scope, signedHeaders, credential, names } = toScope(head, signing);
  const { timestamp, accessKeyId, secretAccessKey, body = '', normalizePath = false } = signing;
  const rules = { ...scope, normalizePath, signsSessionToken: true };
  const claim = { form, accessKeyId, scope, timestamp, signedAt: 0, signedHeaders, signature: '', bodyHashes: [] };
  const text = toStringToSign(claim, toCanonicalRequest({ head, claim, rules }, hash('sha256', body, 'hex')));
  const signature = createHmac('sha256', deriveSigningKey(secretAccessKey, scope)).update(text).digest('hex');
  return { credential, names, signature };
}
