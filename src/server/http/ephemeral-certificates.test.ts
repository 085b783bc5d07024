import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificates } from './ephemeral-certificates.ts';
import { createListener } from './listener.ts';

const DAY_MS = 86_400_000;
const limits = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 2_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnectionsPerSource: 100,
  idleTimeoutMs: 2_000,
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A port with a certificate of its own, and a clock that can be moved on. */
async function serve({ fips = false } = {}) {
  let ahead = 0;
  const certificates = await makeCertificates({ now: () => Date.now() + ahead, fips });
  const listener = createListener((incoming, response) => void response.end(incoming.httpVersion), {
    limits,
    certificates,
  });
  closers.push(() => listener.close(0));
  const port = await listener.listen(0, '127.0.0.1');
  const wait = (days: number) => {
    ahead += days * DAY_MS;
  };
  return { port, certificates, wait };
}

/** A connection of a client that believes this certificate, or none. */
async function connectTo(port: number, ca?: string): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca,
    rejectUnauthorized: ca !== undefined,
  });
  closers.push(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

const certOf = (certificates: { current(): { readonly cert?: unknown } }) => String(certificates.current().cert);

describe('a certificate that a port makes for itself', () => {
  it('is one that a client can verify where it is told of it, and serves requests', async () => {
    const { port, certificates } = await serve();
    const socket = await connectTo(port, certOf(certificates));
    expect(socket.authorized).toBe(true);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    const sent = request({ host: '127.0.0.1', port, rejectUnauthorized: false, agent: false }).end();
    const [response] = await once(sent, 'response');
    expect(await text(response)).toBe('1.1');
  });

  it('is for no authority, for servers alone, signed by its own key on P-256', async () => {
    const certificate = new X509Certificate(certOf((await serve()).certificates));
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('is another at each start, with another key', async () => {
    const [one, other] = [await serve(), await serve()].map(({ certificates }) => certificates.current());
    expect(one?.key).not.toBe(other?.key);
    expect(one?.cert).not.toBe(other?.cert);
  });

  it('is made anew when half its life is over, long before it expires, and shown to new connections', async () => {
    const { port, certificates, wait } = await serve();
    const first = certOf(certificates);
    wait(14);
    expect(await certificates.haveChanged()).toBe(false);
    wait(2);
    expect(await certificates.haveChanged()).toBe(true);
    await certificates.reload();
    expect(await certificates.haveChanged()).toBe(false);
    expect(certOf(certificates)).not.toBe(first);
    expect(Date.parse(certificates.expires()) - Date.now()).toBeGreaterThan(44 * DAY_MS);
    const socket = await connectTo(port);
    expect(socket.getPeerX509Certificate()?.toString()).toBe(certOf(certificates));
  });

  it('speaks approved TLS alone with `fips`', async () => {
    const { certificates } = await serve({ fips: true });
    expect(certificates.current().ciphers).not.toContain('CHACHA20');
    expect(certificates.clientCertificates).toBe('none');
  });
});
