import { constants, createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { resolveSecret, type SecretSources, type TlsFiles } from '../../config/index.ts';
import { createLiveSecrets } from '../secret-sources.ts';
import { toServerContext } from './tls-context.ts';

/** What one port shows its clients, and asks of them. */
export interface Certificates {
  readonly clientCertificates: 'none' | 'optional' | 'required';
  /** The last pair that was sound. */
  current(): SecureContextOptions;
  /** ISO 8601. */
  expires(): string;
  /** Calls `use` with every pair that takes the place of the current one. */
  onRenewed(use: (context: SecureContextOptions) => void): void;
  /** Whether it is time for another pair: the files are other than when they were last read, sound or not. Never rejects. */
  haveChanged(): Promise<boolean>;
  /** Takes another pair. Rejects where the files are no sound one; the current one then stays. */
  reload(): Promise<void>;
}

interface CertificateOptions {
  readonly now: () => number;
  /** Where the key is read from. */
  readonly sources: SecretSources;
  /** Whether approved TLS alone is spoken; false unless told. */
  readonly fips?: boolean;
  /** Is told where a key that AWS keeps cannot be read anew. */
  readonly onStaleKey?: ((cause: unknown) => void) | undefined;
}

/** Reads the certificate and key of a port. Rejects where they cannot be read, do not belong together or have expired. */
export async function loadCertificates(config: TlsFiles, options: CertificateOptions): Promise<Certificates> {
  const readFiles = filesOf(config, options);
  const first = await readFiles();
  let pair = pairOf(first, config, options);
  let lastRead = digestOf(first);
  const users: ((context: SecureContextOptions) => void)[] = [];
  return {
    clientCertificates: config.clientCa === undefined ? 'none' : (config.clientCertificates ?? 'required'),
    current: () => pair.context,
    expires: () => pair.expires,
    onRenewed: (use) => void users.push(use),
    async haveChanged() {
      const files = await readFiles().catch(() => undefined);
      return (files === undefined ? UNREADABLE : digestOf(files)) !== lastRead;
    },
    async reload() {
      lastRead = UNREADABLE;
      const files = await readFiles();
      lastRead = digestOf(files);
      pair = pairOf(files, config, options);
      for (const use of users) use(pair.context);
    },
  };
}

interface Pair {
  readonly context: SecureContextOptions;
  readonly expires: string;
}

/** PEM texts. */
interface Files {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** In place of a digest, where the files could not be read. */
const UNREADABLE = '';

function filesOf({ certificate, key, clientCa }: TlsFiles, options: CertificateOptions): () => Promise<Files> {
  const readKey = keyReader(key, options);
  return async () => ({
    cert: await readPem(certificate.file),
    key: await readKey(),
    ca: clientCa === undefined ? undefined : await readPem(clientCa.file),
  });
}

/** Files are looked at every few seconds; what AWS keeps is asked for less often, because each time is paid for. */
function keyReader(ref: TlsFiles['key'], { now, sources, onStaleKey }: CertificateOptions): () => Promise<string> {
  if ('env' in ref || 'file' in ref) return () => resolveSecret(ref, sources);
  const read = createLiveSecrets({ key: ref }, { sources, clock: { now }, onFault: onStaleKey });
  return async () => (await read()).key;
}

function digestOf({ cert, key, ca }: Files): string {
  return createHash('sha256')
    .update(JSON.stringify([cert, key, ca]))
    .digest('base64');
}

function pairOf(
  { cert, key, ca }: Files,
  { certificate, clientCa }: TlsFiles,
  { now, fips }: CertificateOptions,
): Pair {
  const context = toServerContext({ cert, key }, { fips: fips ?? false });
  if (ca !== undefined) {
    assertAuthorities(ca, clientCa?.file);
    context.ca = ca;
    // A session that is taken up again shows no certificate: one that has been withdrawn would go on being good.
    context.secureOptions = (context.secureOptions ?? 0) | constants.SSL_OP_NO_TICKET;
  }
  // Throws where the key is not the certificate's.
  createSecureContext(context);
  const { validToDate } = new X509Certificate(cert);
  if (validToDate.getTime() <= now()) throw new Error(`the certificate in ${certificate.file} has expired`);
  return { context, expires: validToDate.toISOString() };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read`, { cause });
  }
}

/** Node takes an empty `ca` for none, and then believes every authority the machine knows. */
function assertAuthorities(ca: string, file: string | undefined): void {
  try {
    new X509Certificate(ca);
  } catch (cause) {
    throw new Error(`${file} holds no certificate of an authority`, { cause });
  }
}
