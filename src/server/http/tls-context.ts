import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { approvedTls } from '../../aws/index.ts';

/**
 * Suites of AEAD with forward secrecy: what RFC 9325, section 4.2 recommends, and none that RFC 9113, appendix A keeps
 * from HTTP/2. The first three are those of TLS 1.3.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** A certificate, with those of its authorities behind it, and its key: PEM texts. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** How a port speaks TLS with a pair; with `fips`, approved TLS alone. */
export function toServerContext({ cert, key }: PemPair, { fips }: { readonly fips: boolean }): SecureContextOptions {
  return {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    ...(fips ? approvedTls : {}),
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
  };
}
