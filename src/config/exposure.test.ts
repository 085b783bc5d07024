import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { isLoopbackHost } from './exposure.ts';
import { parseConfig } from './load.ts';

const TLS = '{ certificate: { file: c.pem }, key: { file: k.pem } }';

const KEPT = 'audit: { sinks: [{ name: vault, kind: file, directory: kept }] }';

const parse = (environment: string, more: string, audit = KEPT) =>
  parseConfig(
    `version: 1
environment: ${environment}
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }] }]
policies: []
${more}
${audit}
`,
    { path: '/etc/sallyport/sallyport.yaml' },
  );

function problemsOf(environment: string, more: string, audit = KEPT): readonly string[] {
  try {
    parse(environment, more, audit);
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

describe('a record whose checkpoints nobody else keeps', () => {
  it('is refused in production, and elsewhere accepted', () => {
    const problem = expect.stringContaining('`audit.sinks`: in production, a place that keeps checkpoints is needed');
    expect(problemsOf('prod', '', '')).toEqual([problem]);
    expect(problemsOf('prod', '', 'audit: { sinks: [] }')).toEqual([problem]);
    expect(problemsOf('prod', '', 'audit: { sinks: x }')).toHaveLength(1);
    expect(problemsOf('prod', '', 'audit: { sinks: x }')[0]).not.toContain('in production');
    expect(problemsOf('prod', '')).toEqual([]);
    expect(problemsOf('test', '', '')).toEqual([]);
    const key = `w+0123abcd+${'A'.repeat(44)}`;
    const witness = `witnesses: [{ url: "https://w.example", key: "${key}" }]`;
    expect(problemsOf('prod', '', `audit: { requiredWitnesses: 1, ${witness} }`)).toEqual([]);
    expect(problemsOf('prod', '', `audit: { requiredWitnesses: 0, ${witness} }`)).toEqual([problem]);
    expect(problemsOf('test', '', `audit: { requiredWitnesses: 2, ${witness} }`)[0]).toContain('fewer `witnesses`');
    expect(problemsOf('test', '', 'audit: { requiredWitnesses: 2, witnesses: x }')[0]).not.toContain('fewer');
    expect(problemsOf('test', '', 'audit: { witnesses: [{ url: "https://w.example", key: x }] }')[0]).toContain(
      'verifier key',
    );
  });

  it('names each place once, of a kind there is, at an address there may be', () => {
    const vault = '{ name: vault, kind: file, directory: /kept }';
    expect(problemsOf('test', '', `audit: { sinks: [${vault}, ${vault}] }`)[0]).toContain('a second time');
    expect(problemsOf('test', '', 'audit: { sinks: [{ name: v, kind: tape }] }')[0]).toContain('expected `file` or');
    const hook = (url: string) => `audit: { sinks: [{ name: hook, kind: webhook, url: "${url}" }] }`;
    expect(problemsOf('test', '', hook('http://example.com'))).toHaveLength(1);
    expect(problemsOf('test', '', hook('https://example.com/checkpoints'))).toEqual([]);
    expect(problemsOf('test', '', 'audit: { origin: "A B" }')[0]).toContain('expected lower-case letters');
  });

  it('has a name, and its files at absolute paths', () => {
    expect(parse('test', '').audit).toMatchObject({
      origin: 'sallyport/test',
      sinks: [{ name: 'vault', directory: '/etc/sallyport/kept' }],
    });
    const token = 'token: { file: t }';
    const hook = `audit: { origin: bank/log, sinks: [{ name: h, kind: webhook, url: "https://x.example", ${token} }] }`;
    expect(parse('test', '', hook).audit).toMatchObject({
      origin: 'bank/log',
      sinks: [{ token: { file: '/etc/sallyport/t' } }],
    });
    expect(parse('test', '', hook.replace(`, ${token}`, '')).audit.sinks[0]).not.toHaveProperty('token');
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
