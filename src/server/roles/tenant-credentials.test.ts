import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type StsServer, startStsServer } from '../../../tools/sts-server.ts';
import { createRoleAssumer } from '../../aws/index.ts';
import { parseTenantId } from '../../core/index.ts';
import { createTenantCredentials, type RoleSecrets } from './tenant-credentials.ts';
import type { TenantSession } from './tenant-sessions.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const BASE = { accessKeyId: 'AKIDGATEWAY', secretAccessKey: 'secret' };

let sts: StsServer;
beforeAll(async () => {
  sts = await startStsServer();
});
afterEach(() => {
  sts.requests.length = 0;
  sts.troubles.length = 0;
  sts.lastFor(undefined);
  sts.externalIds.clear();
});
afterAll(() => sts.close());

const roleOf = (tenant: string, account = '111122223333') => `arn:aws:iam::${account}:role/models/${tenant}`;

function sessionOf(tenant: string, more: Partial<TenantSession> = {}): TenantSession {
  return {
    tenant,
    role: { ssm: `/tenants/${tenant}/role` },
    account: undefined,
    region: 'eu-central-1',
    sessionName: `sallyport.test.${tenant}`,
    tags: { tenant, environment: 'test' },
    models: [],
    policy: (account) => JSON.stringify({ Version: '2012-10-17', Statement: [{ account, tenant }] }),
    ...more,
  };
}

/** Credentials by a real client of STS, on a clock of the test that starts now. */
function open(sessions: readonly TenantSession[], given: Partial<RoleSecrets> = {}) {
  const started = Date.now();
  let now = started;
  let secrets = new Map<string, RoleSecrets>();
  let keys = BASE;
  const faults: string[] = [];
  const credentials = createTenantCredentials({
    sessions,
    secretsOf: ({ tenant }) => {
      return async () => {
        const known = secrets.get(tenant) ?? { role: roleOf(tenant), ...given };
        secrets.set(tenant, known);
        return known;
      };
    },
    durationSeconds: 3_600,
    assumer: createRoleAssumer({ endpoint: sts.url, credentials: async () => keys }),
    clock: { now: () => now },
    random: () => 0.5,
    onFault: (tenant, cause) => faults.push(`${tenant}: ${(cause as Error).name}`),
  });
  return {
    faults,
    of: (tenant: string) => credentials({ tenant: parseTenantId(tenant) }),
    at(ms: number) {
      now = started + ms;
    },
    rotate() {
      keys = { ...BASE, accessKeyId: 'AKIDROTATED' };
    },
    turn(tenant: string, role: string) {
      secrets = new Map([...secrets, [tenant, { role }]]);
    },
  };
}

/** Until the refresh that somebody's asking began has come through. */
async function settled(count: number): Promise<void> {
  for (let tries = 0; sts.requests.length < count && tries < 500; tries += 1)
    await new Promise((go) => setTimeout(go, 5));
  await new Promise((go) => setTimeout(go, 20));
}

describe('credentials of a tenant', () => {
  it('are of a session that is named for gateway, environment and tenant, tagged, bounded and told apart', async () => {
    sts.externalIds.set(roleOf('acme'), 'x-42');
    const { of } = open([sessionOf('acme', { region: 'eu-west-1' })], { externalId: 'x-42' });
    const { accessKeyId, region, expiration } = await of('acme');
    expect(sts.requests).toEqual([
      {
        roleArn: roleOf('acme'),
        sessionName: 'sallyport.test.acme',
        externalId: 'x-42',
        tags: { tenant: 'acme', environment: 'test' },
        policy: '{"Version":"2012-10-17","Statement":[{"account":"111122223333","tenant":"acme"}]}',
        durationSeconds: 3_600,
        accessKeyId: 'AKIDGATEWAY',
        region: 'eu-west-1',
      },
    ]);
    expect(sts.sessions.get(accessKeyId)).toBe('sallyport.test.acme');
    expect(region).toBe('eu-west-1');
    expect(Number(expiration) - Date.now()).toBeGreaterThan(HOUR_MS - MINUTE_MS);
  });

  it('are assumed once for all who ask, and are the same object until they are renewed', async () => {
    const { of, at } = open([sessionOf('acme')]);
    const [first, ...others] = await Promise.all([of('acme'), of('acme'), of('acme')]);
    for (const other of others) expect(other).toBe(first);
    at(HOUR_MS - 7 * MINUTE_MS);
    expect(await of('acme')).toBe(first);
    expect(sts.requests).toHaveLength(1);
  });

  it('are renewed ahead of their end, while the old ones are used', async () => {
    const { of, at } = open([sessionOf('acme')]);
    const first = await of('acme');
    at(HOUR_MS - 5 * MINUTE_MS);
    expect(await of('acme')).toBe(first);
    await settled(2);
    const second = await of('acme');
    expect(second).not.toBe(first);
    expect(sts.requests).toHaveLength(2);
  });

  it('stay in use until they expire where they cannot be renewed, and are refused after that', async () => {
    const { of, at, faults } = open([sessionOf('acme')]);
    const first = await of('acme');
    sts.troubles.push({ refuse: 'AccessDenied', status: 403 }, { refuse: 'AccessDenied', status: 403 });
    at(HOUR_MS - 4 * MINUTE_MS);
    expect(await of('acme')).toBe(first);
    await expect.poll(() => faults).toEqual(['acme: AccessDenied']);
    at(HOUR_MS - 3 * MINUTE_MS);
    expect(await of('acme')).toBe(first);
    await expect.poll(() => faults).toHaveLength(2);
    at(HOUR_MS);
    sts.troubles.push({ refuse: 'AccessDenied', status: 403 });
    const refused = of('acme');
    await expect(refused).rejects.toMatchObject({ code: 'upstreamForbidden' });
    await expect(refused).rejects.not.toThrow(/AccessDenied|for /);
  });

  it('of a session that is short already are renewed at half its time, not with every call', async () => {
    sts.lastFor(4 * MINUTE_MS);
    const { of, at } = open([sessionOf('acme')]);
    await of('acme');
    await of('acme');
    at(MINUTE_MS);
    await of('acme');
    await settled(1);
    expect(sts.requests).toHaveLength(1);
    at(2.5 * MINUTE_MS);
    await of('acme');
    await settled(2);
    expect(sts.requests).toHaveLength(2);
  });

  it.each([
    ['a reply that is lost', ['lose' as const]],
    ['being throttled', [{ refuse: 'Throttling', status: 400 }]],
    ['a fault of AWS', [{ refuse: 'InternalFailure', status: 500 }]],
  ])('are had in spite of %s', async (_name, troubles) => {
    sts.troubles.push(...troubles);
    const { of, faults } = open([sessionOf('acme')]);
    expect(sts.sessions.get((await of('acme')).accessKeyId)).toBe('sallyport.test.acme');
    expect(faults).toEqual([]);
  });

  it.each([
    ['throttles', { refuse: 'Throttling', status: 400 }],
    ['fails', { refuse: 'InternalFailure', status: 500 }],
    ['is cut off', 'lose' as const],
  ])('are not to be had for a while where STS %s at every try', async (_name, trouble) => {
    sts.troubles.push(trouble, trouble, trouble);
    const { of, at } = open([sessionOf('acme')]);
    await expect(of('acme')).rejects.toMatchObject({ code: 'upstreamUnavailable' });
    at(6_000);
    await of('acme');
  });

  it('are refused without another try for a while where the role cannot be assumed, for that tenant alone', async () => {
    sts.troubles.push({ refuse: 'AccessDenied', status: 403 });
    const { of, at, faults } = open([sessionOf('acme'), sessionOf('globex')]);
    await expect(of('acme')).rejects.toMatchObject({ code: 'upstreamForbidden' });
    await expect(of('acme')).rejects.toMatchObject({ code: 'upstreamForbidden' });
    expect(faults).toEqual(['acme: AccessDenied']);
    await of('globex');
    at(6_000);
    await of('acme');
    expect(sts.requests.map(({ sessionName }) => sessionName)).toEqual([
      'sallyport.test.globex',
      'sallyport.test.acme',
    ]);
  });

  it('are never asked for where the reference names no role, or one of another account, or the tenant is unknown', async () => {
    const { of, turn, faults } = open([sessionOf('acme', { account: '111122223333' })]);
    for (const role of ['hunter2', roleOf('acme', '999900001111')]) {
      turn('acme', role);
      for (const _try of [1, 2]) await expect(of('acme')).rejects.toMatchObject({ code: 'upstreamForbidden' });
    }
    expect(faults).toEqual(['acme: RangeError', 'acme: RangeError']);
    await expect(of('globex')).rejects.toMatchObject({ code: 'upstreamForbidden' });
    expect(sts.requests).toEqual([]);
    turn('acme', roleOf('acme'));
    await of('acme');
    expect(sts.requests).toHaveLength(1);
  });

  it('are of the role that is named now, assumed with the keys that are good now', async () => {
    const { of, turn, rotate } = open([sessionOf('acme')]);
    await of('acme');
    turn('acme', roleOf('acme-2'));
    rotate();
    await of('acme');
    expect(sts.requests.map(({ roleArn, accessKeyId }) => [roleArn, accessKeyId])).toEqual([
      [roleOf('acme'), 'AKIDGATEWAY'],
      [roleOf('acme-2'), 'AKIDROTATED'],
    ]);
  });
});
