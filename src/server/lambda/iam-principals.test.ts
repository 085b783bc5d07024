import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/index.ts';
import { GatewayError, parsePrincipalId, parseTenantId, type RequestHead } from '../../core/index.ts';
import { createSecretSources } from '../secret-sources.ts';
import { createIamAuthenticator, readIamPrincipals } from './iam-principals.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-iam-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const principal = { tenant: parseTenantId('acme'), principal: parsePrincipalId('app') };

function mapped(...arns: readonly string[]) {
  const principals = arns.map((arn, at) => {
    const file = join(directory, String(at));
    writeFileSync(file, arn);
    return { ...principal, role: { file } };
  });
  return readIamPrincipals(
    { principals },
    createSecretSources({ region: 'us-east-1', fips: false, aws: { endpoints: {} } }),
  );
}

const ROLE = 'arn:aws:iam::111122223333:role/apps/billing';
const session = (arn: string, accountId = '111122223333') => ({ userArn: arn, accountId });
const head: RequestHead = { method: 'POST', path: '/', query: '', headers: [], source: '' };

describe('callers that API Gateway has verified', () => {
  it('are whom the configuration names for the role of their session, whatever the session is called', async () => {
    const principals = await mapped(ROLE);
    const caller = principals(session('arn:aws:sts::111122223333:assumed-role/billing/anything'));
    expect(caller).toEqual({ ...principal, credentialId: ROLE, credentialKind: 'sigv4' });
  });

  it.each([
    ['another role', session('arn:aws:sts::111122223333:assumed-role/billing2/a1')],
    ['the same name in another account', session('arn:aws:sts::999999999999:assumed-role/billing/a1', '999999999999')],
    ['an account that is not that of its ARN', session('arn:aws:sts::111122223333:assumed-role/billing/a1', '9')],
    ['another partition', session('arn:aws-cn:sts::111122223333:assumed-role/billing/a1')],
    ['a role of that name in the session name', session('arn:aws:sts::111122223333:assumed-role/x/billing')],
    ['a user', session('arn:aws:iam::111122223333:user/billing')],
    ['the role itself', session(ROLE)],
    ['a session with a slash', session('arn:aws:sts::111122223333:assumed-role/billing/a1/b')],
  ])('are nobody: %s', async (_name, caller) => {
    expect((await mapped(ROLE))(caller)).toBeUndefined();
  });

  it('cannot be configured by what is no role, nor twice', async () => {
    await expect(mapped('arn:aws:sts::111122223333:assumed-role/billing/a1')).rejects.toThrow(ConfigError);
    await expect(mapped(ROLE, 'arn:aws:iam::111122223333:role/billing')).rejects.toThrow('stands there already');
  });

  it('present nothing else, and are refused where they are nobody', async () => {
    const principals = await mapped(ROLE);
    const billing = session('arn:aws:sts::111122223333:assumed-role/billing/a1');
    const begin = (verified: Parameters<typeof createIamAuthenticator>[1], headers: RequestHead['headers'] = []) =>
      createIamAuthenticator(principals, verified)
        .begin({ ...head, headers })
        .then((pending) => pending.complete(new Uint8Array()))
        .catch((error: unknown) => (error instanceof GatewayError ? error.code : error));
    expect(await begin(billing)).toMatchObject({ tenant: 'acme', principal: 'app' });
    expect(await begin(billing, [['x-api-key', 'a']])).toBe('ambiguousCredentials');
    expect(await begin(undefined)).toBe('unauthenticated');
    expect(await begin(session('arn:aws:sts::111122223333:assumed-role/other/a1'))).toBe('unauthenticated');
  });
});
