import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';

const parse = (more: string, environment = 'test') =>
  parseConfig(
    `version: 1
environment: ${environment}
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }] }]
policies: []
${/^audit:/m.test(more) ? '' : 'audit: { sinks: [{ name: vault, kind: file, directory: kept }] }'}
${more}
`,
    { path: '/etc/sallyport/sallyport.yaml' },
  );

function problemsOf(...given: Parameters<typeof parse>): string {
  try {
    parse(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return '';
}

const role = (more: string) => `frontDoor: { kind: rest-iam, principals: [{ ${more} }] }`;
const DYNAMODB = `state: { kind: dynamodb, region: eu-central-1, table: state, journalTable: journal }
keys: { root: { env: ROOT } }
audit: { store: { kind: s3, bucket: log, region: eu-central-1 }, sinks: [{ name: vault, kind: s3, bucket: kept, region: eu-central-1 }] }`;

describe('the front door', () => {
  it('is the ports where nothing is said, and streams where a REST API may', () => {
    expect(parse('').frontDoor).toEqual({ kind: 'port' });
    expect(parse('frontDoor: { kind: rest }').frontDoor).toEqual({ kind: 'rest', transfer: 'stream' });
    const iam = parse(role('role: { file: role }, tenant: acme, principal: app')).frontDoor;
    expect(iam).toMatchObject({ principals: [{ role: { file: '/etc/sallyport/role' }, tenant: 'acme' }] });
  });

  it.each([
    ['frontDoor: { kind: lambda }', 'expected `port`, `rest`, `rest-iam`, `http-api` or `alb`'],
    ['frontDoor: { kind: alb, transfer: stream }', 'unknown key `transfer`'],
    ['frontDoor: { kind: rest, principals: [] }', 'unknown key `principals`'],
    ['frontDoor: { kind: rest-iam }', '`frontDoor.principals`: missing'],
    ['frontDoor: { kind: rest-iam, principals: [] }', 'expected at least 1 entries'],
    ['frontDoor: { kind: rest, basePath: "/a/b" }', 'expected a slash and one segment'],
    [role('role: "arn:aws:iam::111122223333:role/app", tenant: acme, principal: app'), 'expected `{ env: NAME }`'],
    [role('role: { env: ROLE }, tenant: other, principal: app'), 'there is no tenant `other`'],
    [role('role: { env: ROLE }, tenant: acme, principal: other'), 'there is no principal `other` of this tenant'],
    ['frontDoor: { kind: alb }\nlisten: { port: 80 }', '`listen`: there are no ports where `frontDoor.kind` is `alb`'],
    ['frontDoor: { kind: alb }\nlimits: { maxBodyBytes: 1048577 }', 'the front door `alb` carries at most 1048576'],
    ['frontDoor: { kind: rest }\nlimits: { maxBodyBytes: 6291456 }', 'the front door `rest` carries at most 4620288'],
    [
      'frontDoor: { kind: http-api }\nlimits: { upstreamTimeoutMs: 60000 }',
      'the front door `http-api` carries at most 30000',
    ],
  ])('refuses %s', (more, expected) => {
    expect(problemsOf(more)).toContain(expected);
  });

  it('refuses in production what is in reach of everybody, or lost with the instance', () => {
    expect(problemsOf(`frontDoor: { kind: http-api }\n${DYNAMODB}`, 'prod')).toContain('none can be private');
    expect(problemsOf('frontDoor: { kind: rest }', 'prod')).toContain('Lambda needs `dynamodb`');
    expect(problemsOf('frontDoor: { kind: rest }', 'test')).toBe('');
    expect(parse(`frontDoor: { kind: rest }\n${DYNAMODB}`, 'prod').frontDoor.kind).toBe('rest');
    expect(problemsOf('frontDoor: { kind: port }', 'prod')).toBe('');
  });
});
