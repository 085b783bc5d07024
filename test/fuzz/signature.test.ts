import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, parsePrincipalId, parseTenantId, type RequestHead } from '../../src/core/index.ts';
import { createAccessKey, createApiKey, createAuthenticator } from '../../src/identity/index.ts';
import { createCountingStore, createSeededKeyRing, createStoppedClock } from '../../src/identity/memory-store.suite.ts';
import { presignHead, signHead } from '../../src/identity/sigv4/signed-head.suite.ts';
import { byteChanges, changeBytes, FUZZ_TIMEOUT_MS, fuzz } from './fuzzing.ts';

const keyRing = createSeededKeyRing();
const clock = createStoppedClock();
const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app') };
const access = createAccessKey(owner, { keyRing, clock });
const key = createApiKey({ ...owner, environment: 'dev' }, { keyRing, clock });
const store = createCountingStore(access.credential, key.credential);

const body = Buffer.from('{"messages":[]}');
const timestamp = new Date(clock.time).toISOString().replace(/[-:]|\.\d+/g, '');
const plain: RequestHead = {
  method: 'POST',
  path: '/model/amazon.nova-lite-v1%3A0/converse',
  query: 'a=1&b=%20x',
  headers: [
    ['host', 'localhost:8080'],
    ['content-type', 'application/json'],
    ['x-amz-meta', 'a  b'],
  ],
  source: '',
};
const signing = { ...access, timestamp, body };
const heads = {
  inHeaders: signHead(plain, signing),
  inQuery: presignHead(plain, { ...signing, signedHeaders: ['content-type', 'host', 'x-amz-meta'] }),
  byKey: { ...plain, headers: [...plain.headers, ['authorization', `Bearer ${key.apiKey}`] as const] },
};

let failures = 0;

/** Whether a request is taken for the caller's; any error but the gateway's own fails the run. */
async function isTaken(head: RequestHead, sent: Uint8Array): Promise<boolean> {
  // Every time from another source: one that fails often is slowed.
  failures += 1;
  const authenticator = createAuthenticator({
    credentials: store,
    keyRing,
    clock,
    service: 'bedrock',
    region: 'us-east-1',
  });
  try {
    const pending = await authenticator.begin({ ...head, source: String(failures) });
    const caller = await pending.complete(sent);
    expect(caller).toMatchObject(owner);
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error;
    return false;
  }
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('%', '%2', '%2F', '%00', '=', '&', ',', ' ', '\t', '\r\n', '\u0000', 'ÿ', '€', ':', ';', '/', '..'),
);

/** One change of a text: something put in, taken out or put in its place. */
const change = fc.record({ at: fc.nat(2_000), length: fc.nat(3), text });
const changed = (original: string, { at, length, text: more }: { at: number; length: number; text: string }) => {
  const place = at % (original.length + 1);
  return original.slice(0, place) + more + original.slice(place + length);
};

const headChange = fc.oneof(
  fc.record({ kind: fc.constant('method' as const), change }),
  fc.record({ kind: fc.constant('path' as const), change }),
  fc.record({ kind: fc.constant('query' as const), change }),
  fc.record({
    kind: fc.constant('header' as const),
    which: fc.nat(10),
    part: fc.constantFrom(0 as const, 1 as const),
    change,
  }),
  fc.record({ kind: fc.constant('drop' as const), which: fc.nat(10) }),
  fc.record({
    kind: fc.constant('add' as const),
    name: fc.constantFrom('host', 'authorization', 'x-amz-date', 'x-amz-x', 'x-api-key', ':authority'),
    text,
  }),
);
type HeadChange = typeof headChange extends fc.Arbitrary<infer T> ? T : never;

function applyTo(head: RequestHead, one: HeadChange): RequestHead {
  const { headers } = head;
  switch (one.kind) {
    case 'method':
    case 'path':
    case 'query':
      return { ...head, [one.kind]: changed(head[one.kind], one.change) };
    case 'header': {
      const at = one.which % headers.length;
      const renewed = ([name, value]: readonly [string, string]) =>
        one.part === 0 ? ([changed(name, one.change), value] as const) : ([name, changed(value, one.change)] as const);
      return { ...head, headers: headers.map((header, index) => (index === at ? renewed(header) : header)) };
    }
    case 'drop':
      return { ...head, headers: headers.filter((_header, index) => index !== one.which % headers.length) };
    default:
      return { ...head, headers: [...headers, [one.name, one.text]] };
  }
}

const spaced = (value: string) => value.replace(/[ \t]+/g, ' ').trim();
const parameters = (query: string) => {
  const list = query.split('&').filter((one) => !one.startsWith('X-Amz-Signature='));
  return list.map((one) => decodeSafely(one.includes('=') ? one : `${one}=`)).sort();
};
const decodeSafely = (escaped: string) =>
  escaped.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Whether two requests mean the same by what SigV4 says is the same: runs of space, order and escapes of parameters. */
function meansTheSame(one: RequestHead, other: RequestHead): boolean {
  const values = (head: RequestHead, name: string) =>
    head.headers
      .filter(([is]) => is === name || (name === 'host' && is === ':authority'))
      .map(([, value]) => spaced(value));
  const names = ['host', 'content-type', 'x-amz-meta', 'x-amz-date'];
  return (
    one.method === other.method &&
    one.path === other.path &&
    parameters(one.query).join('\n') === parameters(other.query).join('\n') &&
    names.every((name) => [...new Set(values(one, name))].join('\n') === [...new Set(values(other, name))].join('\n'))
  );
}

describe('a request with a credential', () => {
  it('is taken as it was signed', async () => {
    for (const head of Object.values(heads)) expect(await isTaken(head, body)).toBe(true);
  });

  it.each(['inHeaders', 'inQuery'] as const)(
    'is taken of no other request than was signed: %s',
    (form) => {
      const cases = fc.record({
        changes: fc.array(headChange, { minLength: 1, maxLength: 2 }),
        bytes: fc.option(byteChanges),
      });
      return fuzz(
        fc.asyncProperty(cases, async ({ changes, bytes }) => {
          const head = changes.reduce(applyTo, heads[form]);
          const sent = bytes === null ? body : changeBytes(body, bytes);
          if (await isTaken(head, sent)) {
            expect(Buffer.from(sent).equals(body)).toBe(true);
            expect(meansTheSame(head, heads[form]), JSON.stringify(head)).toBe(true);
          }
        }),
        400,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'is taken by no other key than was made',
    () => {
      const bearer = `Bearer ${key.apiKey}`;
      return fuzz(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
          const value = changes.reduce(changed, bearer);
          const head: RequestHead = { ...plain, headers: [...plain.headers, ['authorization', value]] };
          if (await isTaken(head, body)) expect(value).toMatch(/^bearer +/i);
          if (await isTaken(head, body)) expect(value.replace(/^bearer +/i, '')).toBe(key.apiKey);
        }),
        400,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'gives no error but the gateway’s own, whatever stands where a credential should',
    () => {
      const names = fc.constantFrom(
        'authorization',
        'x-api-key',
        'x-amz-date',
        'x-amz-security-token',
        'x-amz-content-sha256',
        'host',
        ':authority',
      );
      const words = fc.constantFrom(
        ...[
          'AWS4-HMAC-SHA256',
          'Credential=',
          'SignedHeaders=',
          'Signature=',
          access.accessKeyId,
          'host',
          ';',
          ',',
          '/',
        ],
        ...[
          'aws4_request',
          'us-east-1',
          'bedrock',
          timestamp,
          timestamp.slice(0, 8),
          '0'.repeat(64),
          'Bearer ',
          'sp_dev_',
        ],
        ...['X-Amz-Algorithm=', 'X-Amz-Credential=', 'X-Amz-Expires=', '60', '&', '%2F', 'UNSIGNED-PAYLOAD'],
      );
      const soup = fc.array(fc.oneof(words, text), { maxLength: 14 }).map((list) => list.join(''));
      const head = fc.record({
        method: text,
        path: soup,
        query: soup,
        headers: fc.array(fc.tuple(names, soup), { maxLength: 6 }),
        source: fc.constant(''),
      });
      return fuzz(
        fc.asyncProperty(head, async (one) => {
          expect(await isTaken(one, body)).toBe(false);
        }),
        500,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
