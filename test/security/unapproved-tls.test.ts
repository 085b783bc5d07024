import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { awsClientSettings } from '../../src/aws/index.ts';
import { issue } from '../../tools/certificate.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

describe('clients of AWS', () => {
  it.each([
    ['a suite that is not approved', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }],
    ['one of TLS 1.2 that is not', { ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305', maxVersion: 'TLSv1.2' as const }],
    ['a curve that is not', { ecdhCurve: 'X25519' }],
  ])('speak to a server with %s alone only without `fips`', async (_name, offered) => {
    const served = issue({ name: 'local' });
    const options: TlsOptions = { ...offered, cert: served.certificate, key: served.key };
    const server = createServer(
      options,
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 403 x\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
    const faults = await Promise.all(
      [true, false].map(async (fips) => {
        const settings = await awsClientSettings({ region: 'us-east-1', credentials, endpoint, fips, maxAttempts: 1 });
        return new STS(settings)
          .getCallerIdentity({})
          .catch((error: unknown) => String(Reflect.get(Object(error), 'code')));
      }),
    );
    server.close();
    // The certificate is looked at only once both have agreed on how to speak.
    expect(faults[0]).toMatch(/^ERR_SSL|ECONNRESET|EPROTO/);
    expect(faults[1]).toMatch(/CERT|SIGNED|UNABLE_TO/);
  });
});
