import { type Config, isLoopbackHost, type SecretSources, type TlsConfig } from '../../config/index.ts';
import { describeCause, type Logger } from '../../telemetry/index.ts';
import type { PortCertificates } from '../ports.ts';
import { createSecretSources } from '../secret-sources.ts';
import { opening } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { type CertificateWatchOptions, watchCertificates } from './certificate-watch.ts';
import { makeCertificates } from './ephemeral-certificates.ts';
import { type Certificates, loadCertificates } from './tls-certificates.ts';

/** The certificates of both ports, renewed as their files change. */
export interface KeptCertificates extends PortCertificates {
  /** Reads all files now; what came of it is logged. */
  renew(): Promise<void>;
  close(): void;
}

/** Mounted secrets change within minutes; certificates overlap by days. */
const LOOK_EVERY_MS = 5_000;

/** Loads what the configuration names. Throws a `StartError` where it is not sound. */
export async function keepCertificates(config: Config, logger: Logger): Promise<KeptCertificates> {
  const { listen } = config;
  const reading = { sources: createSecretSources(config), fips: config.fips, logger };
  const data = await load('data', { host: listen.host, tls: listen.tls }, reading);
  const admin = await load('admin', { host: listen.adminHost, tls: listen.adminTls }, reading);
  const watches = [data, admin].flatMap((port) =>
    port === undefined ? [] : [watchCertificates({ ...port, logger, everyMs: LOOK_EVERY_MS })],
  );
  return {
    ...present('data', data),
    ...present('admin', admin),
    async renew() {
      await Promise.all(watches.map((watch) => watch.renew()));
    },
    close() {
      for (const watch of watches) watch.close();
    },
  };
}

interface PortListen {
  readonly host: string;
  readonly tls: TlsConfig | undefined;
}

interface Reading {
  readonly sources: SecretSources;
  readonly fips: boolean;
  readonly logger: Logger;
}

type Loaded = Pick<CertificateWatchOptions, 'port' | 'certificates'>;

async function load(
  port: keyof PortCertificates,
  { host, tls: config }: PortListen,
  { sources, fips, logger }: Reading,
): Promise<Loaded | undefined> {
  if (config === undefined) {
    if (!isLoopbackHost(host)) logger.warn('cleartext beyond loopback', { port });
    return undefined;
  }
  const certificates = await opening(`the certificate of the ${port} port`, (): Promise<Certificates> => {
    if ('ephemeral' in config) return makeCertificates({ now: systemClock.now, fips });
    return loadCertificates(config, {
      now: systemClock.now,
      sources,
      fips,
      onStaleKey: (cause) => logger.warn('secret not read', { port, cause: describeCause(cause) }),
    });
  });
  logger.info('certificate loaded', { port, certificateExpires: certificates.expires() });
  return { port, certificates };
}

function present(port: keyof PortCertificates, loaded: Loaded | undefined): PortCertificates {
  return loaded === undefined ? {} : { [port]: loaded.certificates };
}
