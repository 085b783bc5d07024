import type { SecureContextOptions } from 'node:tls';
import type { Certificates } from './tls-certificates.ts';
import { type PemPair, toServerContext } from './tls-context.ts';

const DAY_MS = 86_400_000;
/** Made anew when half of it is over, so that nothing that runs for years shows one that has expired. */
const LIFE_MS = 30 * DAY_MS;

export interface EphemeralOptions {
  readonly now: () => number;
  /** Whether approved TLS alone is spoken. */
  readonly fips: boolean;
}

/** A certificate that is good from `notBefore` to `notAfter`: epoch milliseconds. */
export interface Lifetime {
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * A certificate that a port makes for itself and signs itself, for a load balancer in front of it that encrypts to its
 * targets and does not look whose certificate it gets. The key is in this process's memory alone, on no disk.
 */
export async function makeCertificates({ now, fips }: EphemeralOptions): Promise<Certificates> {
  // Only a port that asks for it loads the library.
  const { signOwnPair } = await import('./own-pair.ts');
  const users: ((context: SecureContextOptions) => void)[] = [];
  const make = () => {
    const madeAt = now();
    const notAfter = madeAt + LIFE_MS;
    // Clocks differ by minutes.
    const pair: PemPair = signOwnPair({ notBefore: madeAt - DAY_MS, notAfter });
    return { context: toServerContext(pair, { fips }), madeAt, notAfter };
  };
  let made = make();
  return {
    clientCertificates: 'none',
    current: () => made.context,
    expires: () => new Date(made.notAfter).toISOString(),
    onRenewed: (use) => void users.push(use),
    haveChanged: async () => now() - made.madeAt > LIFE_MS / 2,
    async reload() {
      made = make();
      for (const use of users) use(made.context);
    },
  };
}
