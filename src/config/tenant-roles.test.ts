import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';

interface Given {
  readonly provider?: string;
  readonly tenant?: string;
  readonly name?: string;
  readonly environment?: string;
}

function parse({
  provider = 'roles: {}',
  tenant = 'role: { ssm: /acme/role }',
  name = 'acme',
  environment = 'test',
}: Given) {
  return parseConfig(
    `version: 1
environment: ${environment}
region: us-east-1
providers: [{ name: bedrock, kind: bedrock, region: us-east-1${provider === '' ? '' : `, ${provider}`} }]
models: [{ id: "amazon.nova-lite-v1:0", provider: bedrock }]
tenants: [{ name: ${name}, principals: [{ name: app }]${tenant === '' ? '' : `, ${tenant}`} }]
policies: []
`,
    { path: '/etc/sallyport/x.yaml' },
  );
}

function problemsOf(given: Given): readonly string[] {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replace(/^\S+:\d+:\d+: /, ''));
    throw error;
  }
  return [];
}

const POOL = 'roles: { mode: pool, role: { ssm: /role } }';

describe('roles of tenants', () => {
  it('are references, with their paths from the directory of the configuration', () => {
    const { providers, tenants } = parse({
      provider: 'roles: { externalId: { file: id } }',
      tenant: 'role: { file: role }, account: "111122223333", region: us-west-2',
    });
    expect(providers[0]).toMatchObject({
      roles: { mode: 'role', sessionPolicy: true, durationSeconds: 3_600, externalId: { file: '/etc/sallyport/id' } },
    });
    expect(tenants[0]).toMatchObject({
      role: { file: '/etc/sallyport/role' },
      account: '111122223333',
      region: 'us-west-2',
    });
    expect(parse({ provider: POOL, tenant: 'region: us-west-2' }).providers[0]).toMatchObject({
      roles: { mode: 'pool', role: { ssm: '/role' } },
    });
  });

  it.each<[string, Given, string]>([
    [
      'each tenant has one',
      { tenant: '' },
      '`tenants[0].role`: missing, and provider `bedrock` takes a role of each tenant',
    ],
    ['nothing takes one', { provider: '' }, '`tenants[0].role`: no provider takes a role of each tenant'],
    ['a pool takes none', { provider: POOL }, '`tenants[0].role`: no provider takes a role of each tenant'],
    [
      'a pool has one itself',
      { provider: 'roles: { mode: pool }', tenant: '' },
      '`providers[0].roles.role`: missing, and mode `pool` has one role for all tenants',
    ],
    [
      'only a pool has one itself',
      { provider: 'roles: { role: { ssm: /role } }' },
      '`providers[0].roles.role`: in mode `role` each tenant has its own, `tenants[].role`',
    ],
    [
      'an account is that of a role',
      { provider: POOL, tenant: 'account: "111122223333"' },
      '`tenants[0].account`: there is no `role` that could be of it',
    ],
    [
      'a region is that of a session',
      { provider: '', tenant: 'region: us-west-2' },
      '`tenants[0].region`: no provider has `roles`',
    ],
    [
      'an endpoint is of one region',
      { provider: 'roles: {}, endpoint: "https://vpce-1.example.com"', tenant: 'role: { ssm: /r }, region: us-west-2' },
      '`tenants[0].region`: provider `bedrock` has an `endpoint`, which is of one region',
    ],
    [
      'the name of a session has an end',
      { name: `a${'b'.repeat(49)}` },
      '`tenants[0].name`: names a session in AWS with `environment`: 1 characters too long',
    ],
    [
      'a session lasts an hour at most',
      { provider: 'roles: { durationSeconds: 3601 }' },
      '`providers[0].roles.durationSeconds`: expected at most 3600',
    ],
  ])('are refused where they do not fit: %s', (_name, given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  it('are never named by their ARN', () => {
    for (const role of ['"arn:aws:iam::111122223333:role/acme"', '{ ssm: "arn:aws:iam::111122223333:role/acme" }']) {
      const problems = problemsOf({ tenant: `role: ${role}` });
      expect(problems).toContain('`tenants[0].role`: expected where the ARN of the role is, not the ARN');
      expect(problems.join()).not.toContain('111122223333');
    }
  });
});
