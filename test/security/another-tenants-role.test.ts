import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { parseTenantId } from '../../src/core/index.ts';
import { answerOf, converse, NOVA, say } from '../../src/providers/cleared.suite.ts';
import { createProviders } from '../../src/server/providers.ts';
import { configText, type Given, received, roleOf, signers, sts, TENANTS } from '../../src/server/roles/roles.suite.ts';
import type { StsTrouble } from '../../tools/sts-server.ts';

const EXTERNAL = 'externalId: { secretsManager: roles, field: externalId }';

/** A provider of Bedrock whose calls are made under roles, and a call of it in the name of a tenant. */
async function connect(given: Given = {}) {
  const provider = (await createProviders(parseConfig(configText(given), { path: 'x.yaml' }))).get('bedrock');
  if (provider === undefined) throw new Error('no provider');
  return {
    provider,
    call(tenant: string) {
      const exchange = converse(say(`I am ${tenant}`));
      return answerOf(provider, { ...exchange, caller: { ...exchange.caller, tenant: parseTenantId(tenant) } });
    },
  };
}

const trouble: fc.Arbitrary<StsTrouble> = fc.oneof(
  fc.record({ delayMs: fc.integer({ min: 0, max: 15 }) }),
  fc.constant<StsTrouble>({ refuse: 'AccessDenied', status: 403 }),
  fc.constant<StsTrouble>('lose'),
);

describe('calls of Bedrock under a role of each tenant', () => {
  it('are signed with the session of that tenant and of no other, however they interleave', async () => {
    const steps = fc.array(
      fc.record({ tenant: fc.constantFrom(...TENANTS), waitMs: fc.integer({ min: 0, max: 12 }) }),
      { minLength: 2, maxLength: 12 },
    );
    // Sessions of 8 s less the 5 s of the margin, halved: some are renewed within a run.
    const given = {
      steps,
      troubles: fc.array(trouble, { maxLength: 4 }),
      lifetimeMs: fc.constantFrom(5_010, undefined),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(given), async ({ steps: calls, troubles, lifetimeMs }) => {
        received.length = 0;
        sts.troubles.splice(0, Number.POSITIVE_INFINITY, ...troubles);
        sts.lastFor(lifetimeMs);
        const { call, provider } = await connect();
        const outcomes = await Promise.all(
          calls.map(async ({ tenant, waitMs }) => {
            await new Promise((resolve) => setTimeout(resolve, waitMs));
            return call(tenant).then(
              () => 'answered',
              ({ code }) => code,
            );
          }),
        );
        await provider.close();
        const isRefused = troubles.some((one) => typeof one === 'object' && 'refuse' in one);
        // Where every try of a role was in trouble, there is none for now.
        const expected = [
          'answered',
          ...(isRefused ? ['upstreamForbidden'] : []),
          ...(troubles.length > 0 ? ['upstreamUnavailable'] : []),
        ];
        for (const outcome of outcomes) expect(expected).toContain(outcome);
        for (const [said, session] of signers()) expect(session).toBe(`sallyport.demo.${said}`);
        expect(received).toHaveLength(outcomes.filter((outcome) => outcome === 'answered').length);
      }),
      { numRuns: 25 },
    );
  });

  it('go to the region of the tenant, and their session may do what its models take', async () => {
    const { call } = await connect({ roles: EXTERNAL });
    await call('demo');
    const [{ policy = '', ...request } = {}] = sts.requests;
    expect(request).toMatchObject({ roleArn: roleOf('demo'), externalId: 'x-42', region: 'us-east-1' });
    expect(JSON.parse(policy).Statement[0].Resource).toEqual([`arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`]);
    expect(received[0]?.headers.authorization).toContain('/us-east-1/bedrock/aws4_request');
  });

  it('are made under one role for all in a pool, told apart by session and tag', async () => {
    const { call } = await connect({
      roles: 'mode: pool, role: { ssm: /pool/role }, sessionPolicy: false',
      tenant: () => '',
    });
    await Promise.all(['acme', 'globex'].map(call));
    expect(
      sts.requests.map(({ roleArn, sessionName, tags, policy }) => [roleArn, sessionName, tags['tenant'], policy]),
    ).toEqual(
      expect.arrayContaining([
        [roleOf('pool'), 'sallyport.demo.acme', 'acme', undefined],
        [roleOf('pool'), 'sallyport.demo.globex', 'globex', undefined],
      ]),
    );
    for (const [said, session] of signers()) expect(session).toBe(`sallyport.demo.${said}`);
  });
});
