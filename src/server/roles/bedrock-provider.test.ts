import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SecretsServer, startSecretsServer } from '../../../tools/secrets-server.ts';
import { type StsServer, type StsTrouble, startStsServer } from '../../../tools/sts-server.ts';
import { ConfigError, demoConfigText, parseConfig } from '../../config/index.ts';
import { parseRequestId, parseTenantId } from '../../core/index.ts';
import { answerOf, converse, say } from '../../providers/cleared.suite.ts';
import { createSimulatorEndpoint, type ReceivedRequest, type SimulatorEndpoint } from '../../providers/index.ts';
import { openAdministration } from '../administration.ts';
import { configFile, NOVA, removeTemporaryDirectories, send, start, temporaryDirectory } from '../gateway.suite.ts';
import { createProviders } from '../providers.ts';
import { checkSetup } from '../setup.ts';

const TENANTS = ['demo', 'acme', 'globex'];
const roleOf = (tenant: string) => `arn:aws:iam::111122223333:role/${tenant}`;

let sts: StsServer;
let secrets: SecretsServer;
let bedrock: SimulatorEndpoint;
const received: ReceivedRequest[] = [];

beforeAll(async () => {
  [sts, secrets] = await Promise.all([startStsServer(), startSecretsServer()]);
  bedrock = await createSimulatorEndpoint({ onRequest: (request) => received.push(request) });
  for (const tenant of TENANTS) secrets.parameters.set(`/tenants/${tenant}/role`, roleOf(tenant));
  secrets.parameters.set('/pool/role', roleOf('pool'));
  secrets.secrets.set('roles', '{"externalId":"x-42"}');
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDGATEWAY');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
  received.length = 0;
  sts.requests.length = 0;
  sts.troubles.length = 0;
  sts.lastFor(undefined);
});
afterAll(async () => {
  removeTemporaryDirectories();
  await Promise.all([sts.close(), secrets.close(), bedrock.close()]);
});

interface Given {
  readonly roles?: string;
  /** Of each tenant; undefined: its own parameter. */
  readonly tenant?: (name: string) => string;
  readonly models?: string;
}

/** The demo's configuration with its models on Bedrock, and two tenants more. */
function configText({
  roles = '',
  tenant = (name) => `role: { ssm: /tenants/${name}/role }, `,
  models = '',
}: Given = {}) {
  const urls = `secretsManager: "${secrets.url}", ssm: "${secrets.url}", sts: "${sts.url}"`;
  const provider = `{ name: bedrock, kind: bedrock, region: us-east-1, endpoint: "${bedrock.endpoint}", maxAttempts: 1, roles: { ${roles} } }`;
  const tenants = TENANTS.map(
    (name) => `  - { name: ${name}, ${tenant(name)}principals: [{ name: developer, roles: [developer] }] }`,
  );
  return demoConfigText
    .replace('  - { name: simulator, kind: simulator }', `  - { name: simulator, kind: simulator }\n  - ${provider}`)
    .replace(/(\{ id: "amazon\.nova-lite-v1:0", provider: )simulator/, `$1bedrock${models}`)
    .replace(/^tenants:[\s\S]*?\n\n/m, `tenants:\n${tenants.join('\n')}\naws: { endpoints: { ${urls} } }\n\n`);
}

function fileWith(text: string): string {
  const file = configFile();
  writeFileSync(file, text);
  return file;
}

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

/** Whose session each received call was signed under, beside whose it said it was. */
function signers(): readonly (readonly [said: string | undefined, session: string | undefined])[] {
  return received.map(({ headers, body }) => {
    const [, said] = /I am ([a-z]+)/.exec(Buffer.from(body).toString()) ?? [];
    const [, key = ''] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    expect(headers['x-amz-security-token']).toBe(`token of ${key}`);
    return [said, sts.sessions.get(key)];
  });
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
        const expected = isRefused ? ['answered', 'upstreamForbidden'] : ['answered'];
        for (const outcome of outcomes) expect(expected).toContain(outcome);
        for (const [said, session] of signers()) expect(session).toBe(`sallyport.demo.${said}`);
        expect(received).toHaveLength(outcomes.filter((outcome) => outcome === 'answered').length);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

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

describe('a gateway whose tenants have roles', () => {
  it('records with each call what it is found by in AWS, and a role that could not be assumed as a failure', async () => {
    const given = { configFile: fileWith(configText()), dataDirectory: temporaryDirectory() };
    const ids: string[] = [];
    {
      await using started = await start(given);
      const { apiKey } = started.keys();
      const ask = async () => {
        const { status, headers, text } = await send(started.gateway.endpoint, {
          path: `/model/${encodeURIComponent(NOVA)}/converse`,
          headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          body: say('hello'),
        });
        ids.push(String(headers['x-sallyport-request-id']));
        return { status, text, type: headers['x-amzn-errortype'] };
      };
      sts.troubles.push({ refuse: 'AccessDenied', status: 403 });
      const refused = await ask();
      expect(refused).toMatchObject({ status: 500, type: 'InternalServerException' });
      expect(refused.text).not.toMatch(/AccessDenied|sts|role/i);
      await started.logged({ event: 'role not assumed', tenant: 'demo', provider: 'bedrock', cause: 'AccessDenied' });
      expect(received).toEqual([]);
    }
    {
      await using started = await start(given);
      const { apiKey } = started.keys();
      const { status, headers } = await send(started.gateway.endpoint, {
        path: `/model/${encodeURIComponent(NOVA)}/converse`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: say('I am demo'),
      });
      expect(status).toBe(200);
      ids.push(String(headers['x-sallyport-request-id']));
    }
    expect(signers()).toEqual([['demo', 'sallyport.demo.demo']]);
    expect(JSON.parse(Buffer.from(received[0]?.body ?? '').toString()).requestMetadata).toEqual({
      'sallyport-request-id': ids[1],
    });
    await using administration = await openAdministration(given);
    const records = await Promise.all(
      ids.map(async (id) => {
        const found = await administration.audit.find(parseRequestId(id));
        return found.map((entry) => entry.record).find((record) => record?.kind === 'response');
      }),
    );
    expect(records[0]).toMatchObject({ status: 'failed', code: 'upstreamForbidden' });
    expect(records[1]).toMatchObject({ providerRequestId: expect.stringMatching(/.{8}/) });
  });
});

describe('a configuration with roles', () => {
  const checked = (given: Given) => checkSetup({ configFile: fileWith(configText(given)) });

  it('is told with the role and the models of each tenant', async () => {
    const { roles } = await checked({});
    expect(roles).toEqual(
      TENANTS.map((tenant) => ({
        tenant,
        provider: 'bedrock',
        role: `ssm /tenants/${tenant}/role`,
        region: 'us-east-1',
        // Policies of the demo let nobody else use any.
        models: tenant === 'demo' ? [NOVA] : [],
      })),
    );
  });

  it('is refused where the policy of a session would be longer than AWS takes, and not with `sessionPolicy: false`', async () => {
    const more = Array.from(
      { length: 30 },
      (_, at) => `\n  - { id: "amazon.nova-of-some-length-${at}-v1:0", provider: bedrock }`,
    );
    const models = ` }${more.join('')}\n  - { id: "last", provider: simulator`;
    await expect(checked({ models })).rejects.toThrow(ConfigError);
    await expect(checked({ models })).rejects.toThrow(
      /the session policy of tenant demo has \d{4} characters, and AWS takes 2048/,
    );
    expect((await checked({ models, roles: 'sessionPolicy: false' })).roles).toHaveLength(3);
  });
});
