import { setFips } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { setEnvironmentData, Worker } from 'node:worker_threads';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { issue } from '../../tools/certificate.ts';
import { beginFips, continueFips } from './fips.ts';

const before = [tls.DEFAULT_MIN_VERSION, tls.DEFAULT_CIPHERS, tls.DEFAULT_ECDH_CURVE] as const;
const speakAnyTls = () => {
  [tls.DEFAULT_MIN_VERSION, tls.DEFAULT_CIPHERS, tls.DEFAULT_ECDH_CURVE] = before;
};
afterEach(() => {
  speakAnyTls();
  setEnvironmentData('sallyport/fips', undefined);
});

/** A logger that keeps the events. */
function createEvents() {
  const events: string[] = [];
  const log = (event: string) => void events.push(event);
  return { events, logger: { info: log, warn: log, error: log, flush: () => undefined, close: () => undefined } };
}

async function codeOf(url: string): Promise<string> {
  const error: unknown = await request(url).catch((cause: unknown) => cause);
  return String(Reflect.get(Object(error), 'code'));
}

describe('a process under `fips`', () => {
  it('speaks no TLS that is not approved, wherever it connects to, and says that no validated module does the rest', async () => {
    const served = issue({ name: 'local' });
    const server = tls.createServer({
      ciphers: 'TLS_CHACHA20_POLY1305_SHA256',
      cert: served.certificate,
      key: served.key,
    });
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    expect(await codeOf(url)).toMatch(/CERT|SIGNED|UNABLE_TO/);
    const { events, logger } = createEvents();
    beginFips({ fips: true }, logger);
    expect(await codeOf(url)).toMatch(/^ERR_SSL|ECONNRESET|EPROTO/);
    expect(events).toEqual(['fips provider not active']);
    server.close();
  });

  it('has its threads do so too', async () => {
    beginFips({ fips: true });
    const file = JSON.stringify(new URL('fips.ts', import.meta.url).href);
    const script = `import(${file}).then(({ continueFips }) => {
      continueFips();
      require('node:worker_threads').parentPort.postMessage(require('node:tls').DEFAULT_CIPHERS);
    });`;
    const [ciphers] = await once(new Worker(script, { eval: true }), 'message');
    expect(ciphers).toBe(tls.DEFAULT_CIPHERS);
    expect(ciphers).not.toContain('CHACHA20');
  });

  it('says that the validated module is asked for where OpenSSL is told so', () => {
    const { events, logger } = createEvents();
    setFips(true);
    try {
      beginFips({ fips: true }, logger);
    } finally {
      setFips(false);
    }
    expect(events).toEqual(['fips provider active']);
  });

  it('is one only where the configuration says so, and so are its threads', () => {
    const { events, logger } = createEvents();
    beginFips({ fips: false }, logger);
    continueFips();
    expect([events, tls.DEFAULT_CIPHERS]).toEqual([[], before[1]]);
    beginFips({ fips: true });
    const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE } = tls;
    speakAnyTls();
    continueFips();
    expect(tls).toMatchObject({ DEFAULT_MIN_VERSION, DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE });
  });
});
