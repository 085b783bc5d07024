import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { findDynamoDBProblems } from './dynamodb-problems.ts';
import { parseConfig } from './load.ts';

const STATE =
  'state: { kind: dynamodb, region: eu-central-1, table: sallyport-state, journalTable: sallyport-journal }';
const ROOT = 'keys: { root: { env: ROOT_KEY } }';
const S3 = 'audit: { store: { kind: s3, bucket: acme-log, region: eu-central-1 } }';

interface Given {
  readonly state?: string;
  readonly keys?: string;
  readonly audit?: string;
  readonly tenant?: string;
}

function parse({ state = STATE, keys = ROOT, audit = S3, tenant = 'acme-2' }: Given) {
  const text = `version: 1
environment: test
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: ok-tenant, principals: [] }, { name: ${tenant}, principals: [{ name: app }] }]
policies: []
${state}
${keys}
${audit}
`;
  return parseConfig(text, { path: 'sallyport.yaml' });
}

function problemsOf(given: Given): readonly string[] {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a state in DynamoDB', () => {
  it('goes with a log in S3 and a root key that is given', () => {
    expect(parse({}).state).toMatchObject({ kind: 'dynamodb', table: 'sallyport-state' });
  });

  it('goes with no log on the disk', () => {
    const text = '`audit.store`: with the state in DynamoDB the log is in S3: `kind: s3` is needed';
    expect(problemsOf({ audit: 'audit: { store: { kind: disk } }' })).toEqual([`sallyport.yaml:10:17: ${text}`]);
    expect(problemsOf({ audit: '' })).toEqual([expect.stringContaining(text)]);
  });

  it('goes with no key file, encrypted or not', () => {
    const root = '`keys.root`: with the state in DynamoDB the root key is needed, for all gateways the same';
    const passphrase = '`keys.passphrase`: with the state in DynamoDB there is no key file to encrypt';
    expect(problemsOf({ keys: '' })).toEqual([expect.stringContaining(root)]);
    expect(problemsOf({ keys: 'keys: { passphrase: { env: WORDS } }' })).toEqual([
      expect.stringContaining(root),
      expect.stringContaining(passphrase),
    ]);
    expect(problemsOf({ keys: 'keys: { root: { env: ROOT_KEY }, passphrase: { env: WORDS } }' })).toHaveLength(1);
  });

  it.each(['Bank', 'ab', 'a_b_c', 'x'.repeat(33)])('goes with no tenant called %s', (tenant) => {
    const text = '`tenants[1].name`: with the state in DynamoDB expected 3 to 32 lower-case letters, digits or `-`';
    expect(problemsOf({ tenant })).toEqual([`sallyport.yaml:6:56: ${text}`]);
  });

  it('that is not even a mapping, and tenants that are none, are told by their form alone', () => {
    expect(problemsOf({ state: 'state: dynamodb' })).toHaveLength(1);
  });
});

describe('a state in a file', () => {
  it.each(['', 'state: { kind: file }'])('goes with all of them: %j', (state) => {
    expect(problemsOf({ state, keys: '', audit: '', tenant: 'Bank' })).toEqual([]);
    expect(problemsOf({ state, keys: 'keys: { passphrase: { env: WORDS } }', audit: '' })).toEqual([]);
  });

  it('is where another can take the journal into the log', () => {
    const problems = findDynamoDBProblems({ audit: { sequencer: 'elsewhere' } });
    expect(problems).toEqual([
      { path: ['audit', 'sequencer'], text: expect.stringContaining('`state.kind: dynamodb`') },
    ]);
    expect(findDynamoDBProblems({ audit: { sequencer: 'gateway' } })).toEqual([]);
  });
});
