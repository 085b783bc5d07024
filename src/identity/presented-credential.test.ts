import { describe, expect, it } from 'vitest';
import { GatewayError, type RequestHead } from '../core/index.ts';
import { readPresentedCredential } from './presented-credential.ts';

type Headers = RequestHead['headers'];
const KEY = 'sp_dev_3k9f2m1x8q7z5w4v_secret';
const OTHER = 'sp_dev_aaaaaaaaaaaaaaaa_secret';
const SCOPE = 'SPAKAAAAAAAAAAAAAAAA/20260102/us-east-1/bedrock/aws4_request';
const SIGNATURE = `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
const DATE = ['x-amz-date', '20260102T030405Z'] as const;
const PRESIGNED = [
  'X-Amz-Algorithm=AWS4-HMAC-SHA256',
  `X-Amz-Credential=${encodeURIComponent(SCOPE)}`,
  'X-Amz-Date=20260102T030405Z',
  'X-Amz-Expires=60',
  'X-Amz-SignedHeaders=host',
  `X-Amz-Signature=${'0'.repeat(64)}`,
];

function read(headers: Headers, query = ''): string {
  try {
    const head = { method: 'POST', path: '/', query, headers, source: '' };
    const presented = readPresentedCredential(head);
    return presented.kind === 'apiKey' ? presented.text : `${presented.claim.form} ${presented.claim.accessKeyId}`;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

const bearer = (token: string) => ['authorization', `Bearer ${token}`] as const;
const key = (text: string) => ['x-api-key', text] as const;
const signature = ['authorization', SIGNATURE] as const;

describe('one credential', () => {
  it.each<[string, Headers, string?]>([
    ['a bearer token', [bearer(KEY)]],
    ['an x-api-key', [key(KEY)]],
    ['the same in both, as some SDKs send it', [bearer(KEY), key(KEY)]],
    ['a scheme in another case', [['authorization', `bEARER ${KEY}`]]],
    ['more than one space after the scheme', [['authorization', `Bearer   ${KEY}`]]],
    ['other headers and parameters beside it', [bearer(KEY), DATE, ['cookie', 'a=b'], ['api-key', OTHER]], 'api_key=x'],
  ])('is read: %s', (_, headers, query) => {
    expect(read(headers, query)).toBe(KEY);
  });

  it('is read: a signature', () => {
    expect(read([signature, DATE])).toBe('header SPAKAAAAAAAAAAAAAAAA');
    expect(read([], PRESIGNED.join('&'))).toBe('query SPAKAAAAAAAAAAAAAAAA');
  });
});

describe('no credential', () => {
  it.each<[string, Headers, string?]>([
    ['nothing', []],
    ['a key in the query', [], `api_key=${KEY}&x-api-key=${KEY}&authorization=Bearer%20${KEY}`],
    [
      'a key in another header',
      [
        ['api-key', KEY],
        ['cookie', `x-api-key=${KEY}`],
        ['proxy-authorization', KEY],
      ],
    ],
    ['an empty authorization', [['authorization', '']]],
    ['a scheme alone', [['authorization', 'Bearer']]],
    ['a scheme and spaces', [['authorization', 'Bearer   ']]],
    ['a token without a scheme', [['authorization', KEY]]],
    ['another scheme', [['authorization', `Basic ${KEY}`]]],
    ['a tab after the scheme', [['authorization', `Bearer\t${KEY}`]]],
    ['no space after the scheme', [['authorization', `Bearer${KEY}`]]],
    ['space within the token', [bearer(`${KEY} x`)]],
    ['space after the token', [bearer(`${KEY} `)]],
    ['a control character', [bearer(`${KEY}\0`)]],
    ['a line end', [bearer(`${KEY}\n`)]],
    ['bytes beyond ASCII', [bearer(`${KEY}\xe9`)]],
    ['two tokens joined', [bearer(`${KEY}, Bearer ${KEY}`)]],
    ['two schemes joined', [['authorization', `Bearer ${KEY}, ${SIGNATURE}`], DATE]],
    ['two schemes joined the other way', [['authorization', `${SIGNATURE}, Bearer ${KEY}`], DATE]],
    ['a scheme in letters that only look right', [['authorization', `Веarer ${KEY}`]]],
    ['a huge header', [bearer('a'.repeat(8192))]],
    ['a signature of lower-case scheme', [['authorization', SIGNATURE.toLowerCase()], DATE]],
    ['a signature of another version', [['authorization', SIGNATURE.replace('SHA256 ', 'SHA512 ')], DATE]],
    ['an asymmetric signature', [['authorization', SIGNATURE.replace('AWS4-HMAC', 'AWS4-ECDSA-P256')], DATE]],
  ])('is found: %s', (_, headers, query) => {
    expect(read(headers, query)).toBe('unauthenticated');
  });

  it('is found where any part of a presigned query is missing', () => {
    for (const missing of PRESIGNED) {
      expect(read([], PRESIGNED.filter((text) => text !== missing).join('&')), missing).toBe('unauthenticated');
    }
  });

  it('takes no long time over a long header', () => {
    const before = performance.now();
    for (const text of [
      ' '.repeat(80_000),
      'Bearer '.repeat(10_000),
      `AWS4-HMAC-SHA256 ${'Credential='.repeat(7_000)}`,
    ]) {
      expect(read([['authorization', `Bearer ${text}`]])).toBe('unauthenticated');
      expect(read([['authorization', text]])).toBe('unauthenticated');
    }
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('two credentials are refused, whichever is valid', () => {
  it.each<[string, Headers, string?]>([
    ['two bearer tokens', [bearer(KEY), bearer(OTHER)]],
    ['the same bearer token twice', [bearer(KEY), bearer(KEY)]],
    ['two keys', [key(KEY), key(OTHER)]],
    ['the same key twice', [key(KEY), key(KEY)]],
    ['a bearer token and another key', [bearer(KEY), key(OTHER)]],
    ['a bearer token and an empty key', [bearer(KEY), key('')]],
    ['another scheme and a key', [['authorization', `Basic ${KEY}`], key(KEY)]],
    ['an empty authorization and a key', [['authorization', ''], key(KEY)]],
    ['a signature and a key', [signature, DATE, key(KEY)]],
    ['a signature and a bearer token', [signature, DATE, bearer(KEY)]],
    ['two signatures', [signature, signature, DATE]],
    ['a presigned query and a signature', [signature, DATE], PRESIGNED.join('&')],
    ['a presigned query and a bearer token', [bearer(KEY)], PRESIGNED.join('&')],
    ['a presigned query and a key', [key(KEY)], PRESIGNED.join('&')],
    ['a part of a presigned query and a key', [key(KEY)], 'X-Amz-Signature=0'],
    ['a part of a presigned query in another case', [key(KEY)], 'a=b&x-aMz-credential=0'],
    ['a part of a presigned query in escapes', [key(KEY)], 'X%2damz-Signature'],
  ])('%s', (_, headers, query) => {
    expect(read(headers, query)).toBe('ambiguousCredentials');
  });
});
