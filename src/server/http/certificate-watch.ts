import { describeCause, type LogFields, type Logger } from '../../telemetry/index.ts';
import type { Certificates } from './tls-certificates.ts';

/** Renews the certificates of one port as their files change. */
export interface CertificateWatch {
  /** Reads the files now. Never rejects: what came of it is logged. */
  renew(): Promise<void>;
  close(): void;
}

export interface CertificateWatchOptions {
  readonly certificates: Certificates;
  readonly port: NonNullable<LogFields['port']>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds between two looks at the files. */
  readonly everyMs: number;
}

/**
 * Looks at what the files hold, again and again: where a secret is mounted, as Kubernetes does, a link above the file is
 * exchanged, of which a watch on the file itself learns nothing; and what changed before the first look counts too.
 */
export function watchCertificates(options: CertificateWatchOptions): CertificateWatch {
  const { certificates, port, logger } = options;
  let renewing: Promise<void> = Promise.resolve();

  async function renewNow(): Promise<void> {
    try {
      await certificates.reload();
      logger.info('certificate loaded', { port, certificateExpires: certificates.expires() });
    } catch (error) {
      const fields = { port, certificateExpires: certificates.expires(), cause: describeCause(error) };
      logger.warn('certificate kept', fields);
    }
  }
  async function look(): Promise<void> {
    if (await certificates.haveChanged()) await renewNow();
  }
  // One after the other, so that what was read first is not put in force last.
  function next(step: () => Promise<void>): Promise<void> {
    renewing = renewing.then(step);
    return renewing;
  }

  const timer = setInterval(() => void next(look), options.everyMs).unref();
  return {
    renew: () => next(renewNow),
    close() {
      clearInterval(timer);
    },
  };
}
