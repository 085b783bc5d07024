import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Issued, issue, writePair } from '../../../tools/certificate.ts';
import { demoConfigText, parseConfig } from '../../config/index.ts';
import type { LogFields } from '../../telemetry/index.ts';
import { StartError } from '../start-error.ts';
import { type KeptCertificates, keepCertificates } from './port-certificates.ts';

const directories: string[] = [];
const kept: KeptCertificates[] = [];
afterEach(() => {
  for (const one of kept.splice(0)) one.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const served = issue({ name: 'first' });

/** The certificates of a configuration whose `listen` is given, its files beside a pair, and what was logged. */
async function keep(listen: string, pair: Pick<Issued, 'certificate' | 'key'> = served) {
  const place = mkdtempSync(join(tmpdir(), 'sallyport-ports-'));
  directories.push(place);
  writePair(place, pair);
  writeFileSync(join(place, 'ca.crt'), served.certificate);
  const lines: (LogFields & { readonly event: string })[] = [];
  const log = (event: string, fields: LogFields = {}) => void lines.push({ event, ...fields });
  const logger = { info: log, warn: log, error: log, flush: () => undefined, close: () => undefined };
  const config = parseConfig(`${demoConfigText}\nlisten: ${listen}`, { path: join(place, 'sallyport.yaml') });
  const certificates = await keepCertificates(config, logger);
  kept.push(certificates);
  return { certificates, lines, place };
}

const TLS = '{ certificate: { file: tls.crt }, key: { file: tls.key } }';

describe('the certificates of the ports', () => {
  it('are none where the ports speak cleartext, which is told of beyond loopback', async () => {
    const { certificates, lines } = await keep('{ host: 0.0.0.0, adminHost: 127.0.0.1 }');
    expect([certificates.data, certificates.admin]).toEqual([undefined, undefined]);
    expect(lines).toEqual([{ event: 'cleartext beyond loopback', port: 'data' }]);
    await certificates.renew();
    expect(lines).toHaveLength(1);
  });

  it('are those of each port, and are renewed together', async () => {
    const adminTls = TLS.replace('}, key', '}, clientCa: { file: ca.crt }, key');
    const { certificates, lines, place } = await keep(`{ tls: ${TLS}, adminTls: ${adminTls} }`);
    expect(certificates.data?.clientCertificates).toBe('none');
    expect(certificates.admin?.clientCertificates).toBe('required');
    writePair(place, issue({ name: 'second', validTo: new Date(Date.now() + 90_000_000) }));
    await certificates.renew();
    expect(lines.map(({ event, port }) => `${event} ${port}`).sort()).toEqual([
      'certificate loaded admin',
      'certificate loaded admin',
      'certificate loaded data',
      'certificate loaded data',
    ]);
    expect(lines.at(-1)?.certificateExpires).not.toBe(lines[0]?.certificateExpires);
  });

  it('can be one that the gateway makes for itself, which is on no disk', async () => {
    const { certificates, lines, place } = await keep('{ host: 0.0.0.0, tls: { ephemeral: true } }');
    expect(String(certificates.data?.current().key)).toContain('PRIVATE KEY');
    expect(certificates.admin).toBeUndefined();
    expect(lines.map(({ event, port }) => `${event} ${port}`)).toEqual(['certificate loaded data']);
    expect(readdirSync(place).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  });

  it('keep the gateway from starting where one is not sound, in the operator’s words', async () => {
    const wrong = { certificate: served.certificate, key: issue({ name: 'other' }).key };
    const failed = keep(`{ adminTls: ${TLS} }`, wrong);
    await expect(failed).rejects.toThrow(StartError);
    await expect(failed).rejects.toThrow(/the certificate of the admin port cannot be opened: .*key values mismatch/);
  });
});
