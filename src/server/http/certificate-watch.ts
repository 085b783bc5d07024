import { type StatsListener, unwatchFile, watchFile } from 'node:fs';
import type { TlsConfig } from '../../config/index.ts';
import { describeCause, type LogFields, type Logger } from '../../telemetry/index.ts';
import type { Certificates } from './tls-certificates.ts';

/** Renews the certificates of one port as their files change. */
export interface CertificateWatch {
  /** Reads the files now. Never rejects: what came of it is logged. */
  renew(): Promise<void>;
  close(): void;
}

export interface CertificateWatchOptions {
  readonly config: TlsConfig;
  readonly certificates: Certificates;
  readonly port: NonNullable<LogFields['port']>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds between two looks at the files. */
  readonly everyMs: number;
}

/**
 * Looks at the files by polling: where a secret is mounted, as Kubernetes does, a link above the file is exchanged, of
 * which a watch on the file itself learns nothing.
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
  // One after the other, so that what was read first is not put in force last.
  const renew = () => {
    renewing = renewing.then(renewNow);
    return renewing;
  };

  const files = filesOf(options.config);
  const onStats: StatsListener = (current, previous) => {
    const isSame =
      current.mtimeMs === previous.mtimeMs && current.ino === previous.ino && current.size === previous.size;
    if (!isSame) void renew();
  };
  for (const file of files) watchFile(file, { interval: options.everyMs, persistent: false }, onStats);
  return {
    renew,
    close() {
      for (const file of files) unwatchFile(file, onStats);
    },
  };
}

function filesOf({ certificate, key, clientCa }: TlsConfig): readonly string[] {
  const files = [
    certificate.file,
    ...('file' in key ? [key.file] : []),
    ...(clientCa === undefined ? [] : [clientCa.file]),
  ];
  return [...new Set(files)];
}
