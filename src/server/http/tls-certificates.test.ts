import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Issued, issue, writePair } from '../../../tools/certificate.ts';
import { demoConfigText, parseConfig, type TlsFiles } from '../../config/index.ts';
import type { LogFields } from '../../telemetry/index.ts';
import { createSecretSources } from '../secret-sources.ts';
import { type CertificateWatch, watchCertificates } from './certificate-watch.ts';
import { createListener, type ListenerLimits } from './listener.ts';
import { loadCertificates } from './tls-certificates.ts';

const authority = issue({ name: 'Authority', isAuthority: true });
const served = issue({ name: 'first', issuer: authority });
const limits = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 2_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnectionsPerSource: 100,
  idleTimeoutMs: 2_000,
};

const sources = createSecretSources(parseConfig(demoConfigText, { path: 'demo.yaml' }));
const load = (config: TlsFiles) => loadCertificates(config, { now: Date.now, sources });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
  closers.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function clientCa(from: Issued = authority) {
  const file = join(directory(), 'ca.crt');
  writeFileSync(file, from.certificate);
  return { file };
}

/** A port that tells the version of HTTP, and what its certificates come from. */
async function serve(more: Partial<TlsFiles> = {}, own: Partial<ListenerLimits> = {}) {
  const place = directory();
  const config: TlsFiles = { ...writePair(place, served), ...more };
  const certificates = await load(config);
  const listener = createListener((incoming, response) => void response.end(incoming.httpVersion), {
    limits: { ...limits, ...own },
    certificates,
  });
  closers.push(() => listener.close(0));
  return { port: await listener.listen(0, '127.0.0.1'), place, config, certificates, listener };
}

const trusting = { host: '127.0.0.1', servername: 'localhost', ca: authority.certificate };

/** A connection whose handshake is through on both sides, or the reason why not. */
async function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket | string> {
  const socket = connect({ ...trusting, port, ALPNProtocols: ['http/1.1'], ...options });
  closers.push(() => socket.destroy());
  // With TLS 1.3 the server may still refuse when the client is through.
  socket.once('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
  return new Promise((resolve) => {
    socket.once('data', () => resolve(socket));
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.once('close', () => resolve('closed'));
  });
}

async function versionOf(port: number): Promise<string> {
  const sent = request({ ...trusting, port, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  return text(response);
}

const nameOf = async (port: number) => {
  const socket = await shake(port);
  return typeof socket === 'string' ? socket : socket.getPeerCertificate().subject.CN;
};

describe('a port with a certificate', () => {
  it('speaks HTTP/1.1 and HTTP/2, as ALPN agrees, and HTTP/1.1 without it', async () => {
    const { port } = await serve();
    expect(await versionOf(port)).toBe('1.1');
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.certificate, servername: 'localhost' });
    expect(await text(session.request({ ':path': '/' }))).toBe('2.0');
    session.close();
    expect(await shake(port, { ALPNProtocols: [] })).toBeTypeOf('object');
    expect(await shake(port, { ALPNProtocols: ['spdy/3'] })).toMatch(/ALERT_NO_APPLICATION_PROTOCOL|ECONNRESET|closed/);
  });

  it('takes nothing older than TLS 1.2, no suite without AEAD and forward secrecy, and no renegotiation', async () => {
    const { port } = await serve();
    const versions = { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const };
    expect(await shake(port, { ...versions, ciphers: 'ALL:@SECLEVEL=0' })).toMatch(/ERR_SSL|ECONNRESET/);
    const old = { maxVersion: 'TLSv1.2' as const };
    expect(await shake(port, { ...old, ciphers: 'ECDHE-ECDSA-AES128-SHA256' })).toMatch(/ERR_SSL|ECONNRESET/);
    const socket = await shake(port, old);
    if (typeof socket === 'string') throw new Error(socket);
    const [refused] = await Promise.all([once(socket, 'error'), socket.renegotiate({}, () => undefined)]);
    expect(refused).toMatchObject([{ code: 'ERR_SSL_NO_RENEGOTIATION' }]);
  });

  it('gives no answer to cleartext, and cuts a handshake that never ends', async () => {
    const { port } = await serve();
    for (const bytes of ['GET / HTTP/1.1\r\nhost: localhost\r\n\r\n', '\x16\x03\x01', '']) {
      const socket = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes);
      const said = await text(socket).catch(() => '');
      expect(said).not.toContain('HTTP/');
    }
  });

  it('closes at once although a handshake is not through', async () => {
    const { port, listener } = await serve({}, { headersTimeoutMs: 20_000, requestTimeoutMs: 20_000 });
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await versionOf(port);
    const before = performance.now();
    await listener.close(30_000);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('turns away connections of a source beyond the limit, handshakes among them', async () => {
    const { port } = await serve({}, { maxConnectionsPerSource: 4 });
    const held = Array.from({ length: 4 }, () => connectTcp(port, '127.0.0.1'));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    expect(await shake(port)).toMatch(/ECONNRESET|closed/);
    for (const socket of held) socket.destroy();
    await expect.poll(() => shake(port)).toBeTypeOf('object');
  });
});

describe('certificates of clients', () => {
  const good = issue({ name: 'client', issuer: authority });
  const foreign = issue({ name: 'client', issuer: issue({ name: 'Authority', isAuthority: true }) });
  const showing = ({ certificate, key }: Issued) => ({ cert: certificate, key });

  it.each([
    ['required', { none: false, good: true, foreign: false }],
    ['optional', { none: true, good: true, foreign: false }],
    [undefined, { none: false, good: true, foreign: false }],
  ] as const)('that are %s are asked for and checked', async (clientCertificates, expected) => {
    const { port } = await serve({ clientCa: clientCa(), clientCertificates });
    const isTaken = async (options: ConnectionOptions) => typeof (await shake(port, options)) === 'object';
    expect({
      none: await isTaken({}),
      good: await isTaken(showing(good)),
      foreign: await isTaken(showing(foreign)),
    }).toEqual(expected);
  });

  it('are shown anew by every connection: no session is taken up again', async () => {
    const { port } = await serve({ clientCa: clientCa() });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = await shake(port, { ...showing(good), maxVersion });
      if (typeof first === 'string') throw new Error(first);
      const session = first.getSession();
      const again = await shake(port, { ...showing(good), maxVersion, ...(session && { session }) });
      expect(typeof again === 'object' && again.isSessionReused()).toBe(false);
    }
  });

  it('come from the authorities that are in force', async () => {
    const place = directory();
    const file = join(place, 'ca.crt');
    writeFileSync(file, authority.certificate);
    const { port, certificates } = await serve({ clientCa: { file } });
    expect(await shake(port, showing(good))).toBeTypeOf('object');
    writeFileSync(file, issue({ name: 'Other', isAuthority: true }).certificate);
    await certificates.reload();
    expect(await shake(port, showing(good))).toBeTypeOf('string');
  });
});

describe('a certificate', () => {
  it.each([
    ['a key of another', { certificate: served.certificate, key: issue({ name: 'other' }).key }, /key values mismatch/],
    ['no certificate', { certificate: 'none', key: served.key }, /no start line|PEM/],
    ['no key', { certificate: served.certificate, key: 'none' }, /DECODER|unsupported|PEM/],
    ['an empty key', { certificate: served.certificate, key: '' }, /is empty/],
    ['one that has expired', issue({ name: 'old', issuer: authority, validTo: new Date(0) }), /has expired/],
  ])('is not loaded with %s', async (_name, pair, reason) => {
    await expect(load(writePair(directory(), pair))).rejects.toThrow(reason);
  });

  it('is not loaded from a file that is not there, which the reason names', async () => {
    const config = { ...writePair(directory(), served), certificate: { file: '/nowhere/tls.crt' } };
    await expect(load(config)).rejects.toThrow('/nowhere/tls.crt cannot be read');
  });
});

describe('a key that AWS keeps', () => {
  it('is asked for once in a while, however often the files are looked at, and taken when it is another', async () => {
    const config = writePair(directory(), served);
    let [asked, now] = [0, Date.now()];
    let key = served.key;
    const readManaged = async () => {
      asked += 1;
      return key;
    };
    const certificates = await loadCertificates(
      { ...config, key: { ssm: '/tls/key' } },
      { now: () => now, sources: { ...sources, readManaged }, fips: true },
    );
    expect(certificates.current().ciphers).not.toContain('CHACHA20');
    for (const _look of [1, 2, 3]) expect(await certificates.haveChanged()).toBe(false);
    expect(asked).toBe(1);
    key = issue({ name: 'second' }).key;
    now += 300_000;
    expect(await certificates.haveChanged()).toBe(true);
    expect(asked).toBe(2);
    await expect(certificates.reload()).rejects.toThrow();
    expect(certificates.current().key).toBe(served.key);
  });
});

describe('certificates whose files change', () => {
  type Line = LogFields & { readonly event: string };

  /** What is served, and what the watch said. */
  async function watched(everyMs: number) {
    const running = await serve();
    const lines: Line[] = [];
    const log = (event: string, fields: LogFields = {}) => void lines.push({ event, ...fields });
    const watch: CertificateWatch = watchCertificates({
      certificates: running.certificates,
      port: 'data',
      logger: { info: log, warn: log },
      everyMs,
    });
    closers.push(() => watch.close());
    return { ...running, lines, watch };
  }

  it('are renewed on their own', async () => {
    const { port, place, lines } = await watched(40);
    expect(await nameOf(port)).toBe('first');
    writePair(place, issue({ name: 'second', issuer: authority }));
    await expect.poll(() => nameOf(port)).toBe('second');
    expect(lines.at(-1)).toMatchObject({ event: 'certificate loaded', port: 'data', certificateExpires: /Z$/ });
  });

  it('are renewed also where a link above them is exchanged, as mounted secrets are', async () => {
    const place = directory();
    for (const version of ['first', 'second']) {
      mkdirSync(join(place, version));
      writePair(join(place, version), version === 'first' ? served : issue({ name: version, issuer: authority }));
    }
    symlinkSync('first', join(place, 'data'));
    const { certificate, key } = writePair(join(place, 'data'), served);
    const config = { certificate, key };
    const certificates = await load(config);
    const options = { limits, certificates };
    const listener = createListener((_incoming, response) => void response.end(), options);
    closers.push(() => listener.close(0));
    const port = await listener.listen(0, '127.0.0.1');
    const logger = { info: () => undefined, warn: () => undefined };
    const watch = watchCertificates({ certificates, port: 'data', logger, everyMs: 40 });
    closers.push(() => watch.close());
    expect(await nameOf(port)).toBe('first');
    symlinkSync('second', join(place, 'next'));
    renameSync(join(place, 'next'), join(place, 'data'));
    await expect.poll(() => nameOf(port)).toBe('second');
  });

  it('are renewed where they changed before the watch began, and looked at without a word where they did not', async () => {
    const { port, place, certificates } = await serve();
    writePair(place, issue({ name: 'second', issuer: authority }));
    const lines: string[] = [];
    const log = (event: string) => void lines.push(event);
    const watch = watchCertificates({ certificates, port: 'data', logger: { info: log, warn: log }, everyMs: 10 });
    closers.push(() => watch.close());
    await expect.poll(() => nameOf(port)).toBe('second');
    rmSync(join(place, 'tls.key'));
    await expect.poll(() => lines.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lines).toEqual(['certificate loaded', 'certificate kept']);
  });

  it('stay as they were where the new pair is broken, and are renewed when it is whole', async () => {
    const { port, place, lines, watch } = await watched(60_000);
    const next = issue({ name: 'second', issuer: authority });
    writePair(place, { certificate: next.certificate, key: served.key });
    await watch.renew();
    expect(lines.at(-1)).toMatchObject({
      event: 'certificate kept',
      cause: expect.stringMatching(/KEY_VALUES_MISMATCH/),
    });
    expect(await nameOf(port)).toBe('first');
    rmSync(join(place, 'tls.key'));
    await watch.renew();
    expect(lines.at(-1)).toMatchObject({ event: 'certificate kept' });
    writePair(place, issue({ name: 'old', issuer: authority, validTo: new Date(0) }));
    await watch.renew();
    expect(await nameOf(port)).toBe('first');
    writePair(place, next);
    await watch.renew();
    expect(await nameOf(port)).toBe('second');
  });

  it.each(['', '\n', '# none yet\n'])('stay as they were where the authorities of clients become %j', async (text) => {
    const config: TlsFiles = { ...writePair(directory(), served), clientCa: clientCa() };
    const certificates = await load(config);
    const { ca } = certificates.current();
    writeFileSync(config.clientCa?.file ?? '', text);
    await expect(certificates.reload()).rejects.toThrow('holds no certificate of an authority');
    expect(certificates.current().ca).toBe(ca);
    await expect(load(config)).rejects.toThrow('holds no certificate of an authority');
  });

  it('are renewed as the authorities of clients change, also where the key comes from the environment', async () => {
    vi.stubEnv('TLS_KEY_OF_A_TEST', served.key);
    closers.push(() => vi.unstubAllEnvs());
    const { certificate } = writePair(directory(), served);
    const config: TlsFiles = { certificate, key: { env: 'TLS_KEY_OF_A_TEST' }, clientCa: clientCa() };
    const certificates = await load(config);
    const renewed: string[] = [];
    certificates.onRenewed(({ ca }) => void renewed.push(String(ca)));
    const logger = { info: () => undefined, warn: () => undefined };
    const watch = watchCertificates({ certificates, port: 'admin', logger, everyMs: 40 });
    closers.push(() => watch.close());
    const other = issue({ name: 'Other', isAuthority: true }).certificate;
    writeFileSync(config.clientCa?.file ?? '', other);
    await expect.poll(() => renewed).toContain(other);
  });
});
