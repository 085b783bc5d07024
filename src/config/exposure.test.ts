import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { isLoopbackHost } from './exposure.ts';
import { parseConfig } from './load.ts';

const TLS = '{ certificate: { file: c.pem }, key: { file: k.pem } }';

const KEPT = 'audit: { sinks: [{ name: vault, kind: file, directory: kept }] }';

const TENANTS = 'tenants: [{ name: acme, principals: [{ name: app }] }]';

const parse = (environment: string, more: string, audit = KEPT, tenants = TENANTS) =>
  parseConfig(
    `version: 1
environment: ${environment}
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
${tenants}
policies: []
${more}
${audit}
`,
    { path: '/etc/sallyport/sallyport.yaml' },
  );

function problemsOf(...given: Parameters<typeof parse>): readonly string[] {
  try {
    parse(...given);
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
    expect(problemsOf('prod', 'listen: { host: 0.0.0.0, tls: { ephemeral: true } }')).toEqual([]);
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
    const key = 'w+680f52bc+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
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
    expect(problemsOf('test', '', 'audit: { sinks: [{ name: v, kind: tape }] }')[0]).toContain(
      'expected `file`, `webhook` or',
    );
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

describe('a log in a bucket', () => {
  const store = (more: string) => `audit: { store: { kind: s3, bucket: acme-log, region: eu-central-1, ${more} } }`;
  const sinkIn = (bucket: string) => `sinks: [{ name: other, kind: s3, bucket: ${bucket}, region: eu-central-1 }]`;
  const withSink = (sink: string, more = '') => `${store(more).slice(0, -2)}, ${sink} }`;
  const LONG = '`audit.store.objectLock.days`: expected fewer than the `retentionDays` of a tenant, 30';

  it('is on the disk unless it is said to be elsewhere', () => {
    expect(parse('test', '').audit.store).toEqual({ kind: 'disk' });
    expect(parse('test', '', 'audit: { store: { kind: disk } }').audit.store).toEqual({ kind: 'disk' });
  });

  it('has all that a client of S3 takes, and no credentials', () => {
    const whole =
      'prefix: prod/eu.1/, endpoint: "https://vpce-1.s3.example", forcePathStyle: true, kmsKeyId: alias/log, ' +
      'expectedBucketOwner: "000011112222", objectLock: { mode: compliance, days: 365 }';
    expect(parse('test', '', store(whole)).audit.store).toEqual({
      kind: 's3',
      bucket: 'acme-log',
      prefix: 'prod/eu.1/',
      region: 'eu-central-1',
      endpoint: 'https://vpce-1.s3.example',
      forcePathStyle: true,
      kmsKeyId: 'alias/log',
      expectedBucketOwner: '000011112222',
      objectLock: { mode: 'compliance', days: 365 },
    });
    expect(parse('test', '', store('')).audit.store).toEqual({
      kind: 's3',
      bucket: 'acme-log',
      prefix: '',
      region: 'eu-central-1',
      forcePathStyle: false,
    });
  });

  it.each([
    ['audit: { store: { kind: tape } }', '`audit.store.kind`: expected `disk` or `s3`'],
    ['audit: { store: { kind: disk, bucket: acme-log } }', 'unknown key `bucket`'],
    ['audit: { store: { kind: s3, region: eu-central-1 } }', '`audit.store.bucket`: missing'],
    [store('prefix: Prod/'), '`audit.store.prefix`: expected lower-case words'],
    [store('prefix: prod'), '`audit.store.prefix`: expected lower-case words'],
    [store('prefix: /prod/'), '`audit.store.prefix`: expected lower-case words'],
    [store('prefix: a/../'), '`audit.store.prefix`: expected lower-case words'],
    [store('endpoint: "http://s3.example"'), '`audit.store.endpoint`: expected an `https:` URL'],
    [store('kmsKeyId: "a b"'), '`audit.store.kmsKeyId`: expected the id, ARN or alias of a KMS key'],
    [store('expectedBucketOwner: "1234"'), '`audit.store.expectedBucketOwner`: expected the 12 digits'],
    [store('expectedBucketOwner: 111122223333'), '`audit.store.expectedBucketOwner`: expected a text'],
    [store('objectLock: { days: 30 }'), '`audit.store.objectLock.mode`: missing'],
    [store('objectLock: { mode: compliance, days: 0 }'), '`audit.store.objectLock.days`: expected at least 1'],
    [store('').replace('acme-log', 'Acme_Log'), '`audit.store.bucket`: expected the name of a bucket'],
    [
      store('').replace('acme-log', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/log'),
      '`audit.store.region`: the access point is in eu-west-1, and not asked by a path',
    ],
    [store('').replace('acme-log', 'acme..log'), '`audit.store.bucket`: expected the name of a bucket'],
    [store('').replace('eu-central-1', 'europe'), '`audit.store.region`: expected an AWS region'],
  ])('is refused with what is wrong about it: %s', (audit, problem) => {
    expect(problemsOf('test', '', audit)).toEqual([expect.stringContaining(problem)]);
  });

  it('is not where a sink keeps its checkpoints', () => {
    const problem = '`audit.sinks[0].bucket`: the log is in this bucket, and a sink is to be elsewhere';
    expect(problemsOf('prod', '', withSink(sinkIn('acme-log')))).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf('prod', '', withSink(sinkIn('other-log')))).toEqual([]);
    expect(problemsOf('test', '', withSink('sinks: x'))[0]).not.toContain('elsewhere');
    expect(problemsOf('test', '', withSink('sinks: [x]'))[0]).not.toContain('elsewhere');
    expect(problemsOf('prod', '', `audit: { ${sinkIn('acme-log')} }`)).toEqual([]);
  });

  it('is locked for less long than a tenant has its records kept', () => {
    const kept = (days: number) =>
      `tenants: [{ name: acme, retentionDays: ${days}, principals: [] }, { name: b, principals: [] }]`;
    const locked = (days: string) => store(`objectLock: { mode: governance, days: ${days} }`);
    const problems = (days: string) => problemsOf('test', '', locked(days), kept(30));
    expect(problems('30')).toEqual([expect.stringContaining(LONG)]);
    expect(problems('29')).toEqual([]);
    expect(problems('many')).toEqual([expect.stringContaining('expected a number')]);
    expect(problemsOf('test', '', locked('36500'))).toEqual([]);
    expect(problemsOf('test', '', locked('30'), 'tenants: x')[0]).not.toContain('fewer');
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
