import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { isLoopbackHost } from './exposure.ts';
import { parseConfig } from './load.ts';

const TLS = '{ certificate: { file: c.pem }, key: { file: k.pem } }';

const parse = (environment: string, more: string) =>
  parseConfig(
    `version: 1
environment: ${environment}
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }] }]
policies: []
${more}
`,
    { path: '/etc/sallyport/sallyport.yaml' },
  );

function problemsOf(environment: string, more: string): readonly string[] {
  try {
    parse(environment, more);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('cleartext beyond loopback', () => {
  const beyond = 'listen: { host: 0.0.0.0 }';
  const refused = [
    '/etc/sallyport/sallyport.yaml:8:17: `listen.host`: in production, beyond loopback `listen.tls` is needed',
  ];

  it('is refused in production, which an installation is by its name or because it says so', () => {
    expect(problemsOf('prod', beyond)).toEqual(refused);
    expect(problemsOf('production2', beyond)).toEqual(refused);
    expect(problemsOf('bank', `${beyond}\nproduction: true`)).toEqual(refused);
    expect(problemsOf('bank', 'listen: { adminHost: "::" }\nproduction: true')).toEqual([
      expect.stringContaining('`listen.adminHost`: in production, beyond loopback `listen.adminTls` is needed'),
    ]);
  });

  it('is accepted elsewhere, on loopback, and in no cleartext', () => {
    expect(problemsOf('test', beyond)).toEqual([]);
    expect(problemsOf('prod', `${beyond}\nproduction: false`)).toEqual([]);
    expect(problemsOf('prod', 'listen: { host: 127.0.0.2, adminHost: "::1" }')).toEqual([]);
    expect(problemsOf('prod', 'listen: { host: localhost }')).toEqual([]);
    expect(problemsOf('prod', `listen: { host: 0.0.0.0, tls: ${TLS} }`)).toEqual([]);
  });

  it('of one port is not excused by TLS on the other', () => {
    expect(problemsOf('prod', `listen: { host: 0.0.0.0, adminTls: ${TLS} }`)).toHaveLength(1);
  });

  it('is told apart from loopback by the address', () => {
    const hosts = ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '0.0.0.0', '::', '127.example', 'localhost.example'];
    expect(hosts.map(isLoopbackHost)).toEqual([true, true, true, true, false, false, false, false]);
  });
});

describe('an installation', () => {
  it('says whether it is in production', () => {
    expect([parse('prod1', '').production, parse('test', '').production]).toEqual([true, false]);
    expect(parse('prod1', 'production: false').production).toBe(false);
  });

  it('has the files of its ports at absolute paths', () => {
    const adminTls = TLS.replace('}, key', '}, clientCa: { file: ca.pem }, key').replace(
      '{ file: k.pem }',
      '{ env: KEY }',
    );
    expect(parse('test', `listen: { tls: ${TLS}, adminTls: ${adminTls} }`).listen).toMatchObject({
      tls: { certificate: { file: '/etc/sallyport/c.pem' }, key: { file: '/etc/sallyport/k.pem' } },
      adminTls: { clientCa: { file: '/etc/sallyport/ca.pem' }, key: { env: 'KEY' } },
    });
  });
});

describe('the bytes that may wait unverified', () => {
  it.each([
    ['limits: { maxUnverifiedBytes: 1000 }', '`limits.maxUnverifiedBytes`: expected at least `maxBodyBytes`, 20971520'],
    [
      'limits: { maxBodyBytes: 40000000 }',
      '`limits.maxUnverifiedBytesPerSource`: expected at least `maxBodyBytes`, 40000000',
    ],
    ['limits: { maxBodyBytes: many }', '`limits.maxBodyBytes`: expected a number'],
  ])('must have room for one whole body: %s', (more, problem) => {
    expect(problemsOf('test', more)).toEqual([expect.stringContaining(problem)]);
  });

  it('may be just that', () => {
    expect(
      problemsOf('test', 'limits: { maxBodyBytes: 9, maxUnverifiedBytes: 9, maxUnverifiedBytesPerSource: 9 }'),
    ).toEqual([]);
  });
});
