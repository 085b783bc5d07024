import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GatewayError, type RequestHead } from '../../core/index.ts';
import { checkClaim } from './check-claim.ts';
import type { SignatureClaim } from './claim.ts';
import { parseHeaderClaim } from './header-claim.ts';
import { parseQueryClaim } from './query-claim.ts';
import { withHeader, withParameter } from './signed-head.suite.ts';
import { deriveSigningKey } from './signing-key.ts';
import { toCanonicalRequest, toStringToSign, verifySignature } from './verify-signature.ts';

interface Expected {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
  readonly signedRequest: string;
}

interface Vector {
  readonly name: string;
  readonly context: {
    readonly credentials: {
      readonly access_key_id: string;
      readonly secret_access_key: string;
      readonly token?: string;
    };
    readonly region: string;
    readonly service: string;
    readonly timestamp: string;
    readonly normalize: boolean;
    readonly omit_session_token?: boolean;
  };
  readonly header: Expected;
  readonly query: Expected;
}

/** The signing test suite of awslabs/aws-c-auth. */
const file = resolve(import.meta.dirname, '../../../../shared/vectors/sigv4/v4.json');
const vectors: readonly Vector[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : [];

interface Received {
  readonly head: RequestHead;
  readonly body: Uint8Array;
}

/** Reads a raw request as a lenient HTTP parser would: one character for each byte, folded lines kept. */
function receive(text: string): Received {
  const raw = Buffer.from(text).toString('latin1');
  const end = raw.indexOf('\n\n');
  const [first = '', ...lines] = raw
    .slice(0, end === -1 ? undefined : end)
    .replace(/\n(?=[ \t])/g, '\0')
    .split('\n');
  const target = first.slice(first.indexOf(' ') + 1, first.lastIndexOf(' '));
  const [path = '', query = ''] = target.split('?');
  const headers = lines.filter(Boolean).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).replaceAll('\0', '\n')];
  });
  const head = { method: first.split(' ')[0] ?? '', path, query, headers, source: '127.0.0.1' };
  return { head, body: Buffer.from(end === -1 ? '' : raw.slice(end + 2).trimEnd(), 'latin1') };
}

const forms = {
  header: (head: RequestHead) =>
    parseHeaderClaim(head, head.headers.find(([name]) => name === 'authorization')?.[1] ?? ''),
  query: parseQueryClaim,
};
type Form = keyof typeof forms;

function verify({ context }: Vector, form: Form, { head, body }: Received): SignatureClaim {
  const rules = {
    service: context.service,
    region: context.region,
    normalizePath: context.normalize,
    signsSessionToken: context.omit_session_token !== true,
  };
  const { secret_access_key: secret, token } = context.credentials;
  const claim = forms[form](head);
  checkClaim(claim, head, { ...rules, now: Date.parse(context.timestamp) });
  const identity = { signingKey: deriveSigningKey(secret, claim.scope) };
  verifySignature({ head, claim, rules, body }, token === undefined ? identity : { ...identity, sessionToken: token });
  return claim;
}

function refusal(vector: Vector, form: Form, received: Received): string {
  try {
    verify(vector, form, received);
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** Every way to alter one thing that was signed. */
function twins(form: Form, { head, body }: Received, claim: SignatureClaim): Record<string, Received> {
  const nextSecond = `${claim.timestamp.slice(0, -2)}${claim.timestamp.endsWith('1Z') ? 2 : 1}Z`;
  const flipped = (claim.signature.startsWith('0') ? '1' : '0') + claim.signature.slice(1);
  const authorization = head.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const altered: Record<string, Received> = {
    method: { head: { ...head, method: 'PUT' }, body },
    path: { head: { ...head, path: `${head.path}x` }, body },
    query: { head: { ...head, query: head.query === '' ? 'a=b' : `a=b&${head.query}` }, body },
    body: { head, body: Buffer.concat([body, Buffer.from('x')]) },
    signature: {
      head:
        form === 'query'
          ? withParameter(head, 'X-Amz-Signature', flipped)
          : withHeader(head, 'authorization', authorization.replace(claim.signature, flipped)),
      body,
    },
    date: {
      head:
        form === 'query' ? withParameter(head, 'X-Amz-Date', nextSecond) : withHeader(head, 'x-amz-date', nextSecond),
      body,
    },
  };
  for (const wanted of claim.signedHeaders) {
    const headers = head.headers.map(([name, value]) => [name, name === wanted ? `${value}x` : value] as const);
    altered[`header ${wanted}`] = { head: { ...head, headers }, body };
    altered[`no header ${wanted}`] = { head: withHeader(head, wanted, undefined), body };
  }
  return altered;
}

describe.skipIf(vectors.length === 0)('the signing test suite of AWS', () => {
  it('is all there', () => {
    expect(vectors).toHaveLength(38);
  });

  describe.each(['header', 'query'] as const)('signed in the %s', (form) => {
    const whole = vectors.filter(({ name }) => name !== 'get-header-value-multiline');

    it.each(whole.map((vector) => [vector.name, vector] as const))(
      '%s verifies, and no altered twin of it',
      (_, vector) => {
        const received = receive(vector[form].signedRequest);
        const claim = verify(vector, form, received);
        expect(claim.signature).toBe(vector[form].signature);
        for (const [what, twin] of Object.entries(twins(form, received, claim))) {
          expect(refusal(vector, form, twin), what).not.toBe('accepted');
        }
      },
    );

    it.each(whole.map((vector) => [vector.name, vector] as const))('%s has its canonical form', (_, vector) => {
      const { head, body } = receive(vector[form].signedRequest);
      const { context } = vector;
      const rules = { ...context, normalizePath: context.normalize, signsSessionToken: !context.omit_session_token };
      const claim = forms[form](head);
      const bodyHash = vector[form].canonicalRequest.split('\n').at(-1) ?? '';
      const canonical = toCanonicalRequest({ head, claim, rules }, bodyHash);
      expect(canonical).toBe(vector[form].canonicalRequest);
      expect(toStringToSign(claim, canonical)).toBe(vector[form].stringToSign);
      expect(body.length).toBe(Number(head.headers.find(([name]) => name === 'content-length')?.[1] ?? 0));
    });

    it('refuses a folded header, which an HTTP parser must not let through (RFC 9112, section 5.2)', () => {
      const folded = vectors.find(({ name }) => name === 'get-header-value-multiline');
      expect(folded && refusal(folded, form, receive(folded[form].signedRequest))).toBe('unauthenticated');
    });

    it('refuses a session token that is not the one of the credential', () => {
      for (const vector of vectors.filter(({ context }) => context.credentials.token !== undefined)) {
        const { head, body } = receive(vector[form].signedRequest);
        const { token: _, ...credentials } = vector.context.credentials;
        const without = { ...vector, context: { ...vector.context, credentials } };
        expect(refusal(without, form, { head, body }), vector.name).toBe('unauthenticated');
        const stripped =
          form === 'query'
            ? withParameter(head, 'X-Amz-Security-Token', undefined)
            : withHeader(head, 'x-amz-security-token', undefined);
        expect(refusal(vector, form, { head: stripped, body }), vector.name).toBe('unauthenticated');
      }
    });
  });
});
