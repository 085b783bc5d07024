import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';

const DYNAMODB = 'state: { kind: dynamodb, region: us-east-1, table: sallyport, journalTable: sallyport-journal }';
const SIMULATOR = '{ name: simulator, kind: simulator }';

interface Given {
  readonly fips?: string;
  readonly region?: string;
  readonly state?: string;
  readonly provider?: string;
  readonly tenant?: string;
  readonly more?: string;
}

function parse({
  fips = 'fips: true',
  region = 'us-east-1',
  state = DYNAMODB,
  provider,
  tenant = '',
  more = '',
}: Given) {
  return parseConfig(
    `version: 1
environment: test
region: ${region}
${fips}
providers: [${SIMULATOR}${provider === undefined ? '' : `, ${provider}`}]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }]${tenant} }]
policies: []
${state}
${more}
`,
    { path: 'x.yaml' },
  );
}

function problemsOf(given: Given): readonly string[] {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof ConfigError) {
      // What else such a state needs is tried elsewhere.
      const own = error.problems.filter((problem) => !problem.includes('with the state in DynamoDB'));
      return own.map((problem) => problem.replace(/^x\.yaml:\d+:\d+: /, ''));
    }
    throw error;
  }
  return [];
}

const KMS = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d';
const bedrock = (more: string) => `{ name: bedrock, kind: bedrock, ${more} }`;
const bucket = (more: string) => `kind: s3, bucket: log, ${more}`;
const unknown = (path: string, service: string, region: string) =>
  `\`${path}\`: no FIPS endpoint of ${service} is known in ${region}; give an endpoint that is one`;

describe('a configuration with `fips`', () => {
  it('goes to AWS with the word for it, and without `fips` with none', () => {
    const more = `keys: { root: { env: ROOT }, kms: { key: "${KMS}" } }
audit: { store: { ${bucket('region: us-west-2')} }, sinks: [{ name: vault, ${bucket('region: ca-west-1').replace('log', 'kept')} }] }`;
    for (const fips of ['fips: true', 'fips: false']) {
      const { state, keys, audit } = parse({ fips, more });
      const expected = fips === 'fips: true' ? true : undefined;
      expect([state.fips, keys.kms?.fips, audit.store.fips, audit.sinks[0]?.fips]).toEqual(Array(4).fill(expected));
    }
  });

  it('takes no scrypt, and no state in a file', () => {
    const passphrase = 'keys: { passphrase: { env: WORDS } }';
    const [second, first] = problemsOf({ state: '', more: passphrase });
    expect(first).toMatch(/^`keys.passphrase`: scrypt is not approved/);
    expect(second).toMatch(/^`state.kind`: the cipher of state in a file is in no validated module/);
    expect(problemsOf({ state: 'state: { kind: file }' })).toHaveLength(1);
    expect(problemsOf({ state: '', more: passphrase, fips: '' })).toEqual([]);
  });

  it.each([
    ['state.region', 'Amazon DynamoDB', { state: DYNAMODB.replace('us-east-1', 'eu-west-1') }],
    ['providers[1].region', 'Amazon Bedrock', { provider: bedrock('region: eu-west-1') }],
    ['audit.store.region', 'Amazon S3', { more: `audit: { store: { ${bucket('region: eu-west-1')} } }` }],
    ['audit.sinks[0].region', 'Amazon S3', { more: `audit: { sinks: [{ name: a, ${bucket('region: eu-west-1')} }] }` }],
    ['keys.root.ssm', 'AWS Systems Manager', { region: 'eu-west-1', more: 'keys: { root: { ssm: /root } }' }],
    [
      'keys.root.secretsManager',
      'AWS Secrets Manager',
      { more: 'keys: { root: { secretsManager: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a" } }' },
    ],
    [
      'providers[1].apiKey.ssm',
      'AWS Systems Manager',
      {
        region: 'eu-west-1',
        provider: '{ name: local, kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1", apiKey: { ssm: /key } }',
      },
    ],
  ])('refuses `%s` where %s has no FIPS endpoint', (path, service, given) => {
    expect(problemsOf(given)).toEqual([unknown(path, service, 'eu-west-1')]);
  });

  it('refuses regions of roles where Bedrock or STS has no FIPS endpoint, those of tenants too', () => {
    const provider = bedrock('region: us-east-1, roles: {}');
    const role = ', role: { file: role }';
    expect(problemsOf({ provider, tenant: role })).toEqual([]);
    expect(problemsOf({ provider, tenant: `${role}, region: eu-west-1` })).toEqual([
      unknown('tenants[0].region', 'Amazon Bedrock', 'eu-west-1'),
      unknown('tenants[0].region', 'AWS STS', 'eu-west-1'),
    ]);
    const more = 'aws: { endpoints: { sts: "https://vpce-1.example.com" } }';
    expect(problemsOf({ provider, tenant: `${role}, region: eu-west-1`, more })).toHaveLength(1);
  });

  it('takes an endpoint for it, and regions that have one', () => {
    const endpoint = 'endpoint: "https://vpce-1.example.com"';
    expect(problemsOf({ provider: bedrock(`region: eu-west-1, ${endpoint}`) })).toEqual([]);
    expect(problemsOf({ more: `audit: { store: { ${bucket(`region: eu-west-1, ${endpoint}`)} } }` })).toEqual([]);
    expect(problemsOf({ provider: bedrock('region: us-gov-west-1') })).toEqual([]);
    const more = 'keys: { root: { ssm: /root } }\naws: { endpoints: { ssm: "https://vpce-1.example.com" } }';
    expect(problemsOf({ region: 'eu-west-1', more })).toEqual([]);
    expect(problemsOf({ more: `keys: { kms: { key: "${KMS}" } }` })).toEqual([]);
  });

  it('refuses keys of KMS in a partition without FIPS endpoints', () => {
    expect(problemsOf({ more: 'keys: { kms: { key: { env: KEY } } }' })).toEqual([]);
    const key = 'arn:aws-cn:kms:cn-north-1:111122223333:key/0a1b2c3d';
    expect(problemsOf({ more: `keys: { kms: { key: "${key}" } }` })).toEqual([
      unknown('keys.kms.key', 'AWS KMS', 'cn-north-1'),
    ]);
  });
});
