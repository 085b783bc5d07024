import { z } from 'zod';
import { secretRef } from './secret-ref.ts';

const HOST = /^[A-Za-z0-9:](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9:])?$/;
const MAX_MS = 3_600_000;
const MAX_BYTES = 17_179_869_184;

const host = z.string().regex(HOST, { error: 'expected a host name or an IP address' });
const port = z.int().min(0).max(65_535);

function milliseconds(defaultMs: number, least = 1) {
  return z.int().min(least).max(MAX_MS).default(defaultMs);
}

function file(holds: string) {
  return z.strictObject({ file: z.string().min(1) }).describe(`File in PEM with ${holds}.`);
}

/** TLS of one port, from files. Paths start at the directory of the configuration. */
const tlsFiles = z
  .strictObject({
    certificate: file('the certificate, and behind it those of the authorities between it and the root'),
    key: secretRef.describe('Its private key in PEM.'),
    clientCa: file('the authorities that certificates of clients come from').optional(),
    clientCertificates: z
      .enum(['optional', 'required'])
      .optional()
      .describe('Whether every client must show a certificate, or only what is shown must be good. Default: required.'),
  })
  .refine(({ clientCa, clientCertificates }) => clientCertificates === undefined || clientCa !== undefined, {
    error: 'there is no `clientCa` that they could come from',
    path: ['clientCertificates'],
  });

const ephemeralTls = z.strictObject({
  ephemeral: z
    .literal(true)
    .describe(
      'Has the gateway make a key and a certificate of its own at each start, in memory: for a load balancer that encrypts to its targets, and does not look at whose certificate it gets.',
    ),
});

/** TLS of one port. */
const tls = z.union([tlsFiles, ephemeralTls], { error: 'expected `certificate` and `key`, or `ephemeral: true`' });

export const listen = z.strictObject({
  host: host.default('127.0.0.1').describe('Address of the data port.'),
  port: port.default(8080).describe('The data port, which applications call. 0 takes any free one.'),
  tls: tls.optional().describe('TLS of the data port. Without it the port speaks cleartext.'),
  adminHost: host.default('127.0.0.1').describe('Address of the admin port.'),
  adminPort: port.default(8081).describe('The admin port. 0 takes any free one.'),
  adminTls: tls.optional().describe('TLS of the admin port. Without it the port speaks cleartext.'),
});

/** Bytes of a body, and of all bodies of one source whose signature is not verified yet, where nothing is said. */
export const DEFAULT_BODY_BYTES = 20_971_520;
export const DEFAULT_UNVERIFIED_BYTES_PER_SOURCE = 33_554_432;
export const DEFAULT_UNVERIFIED_BYTES = 134_217_728;

export const limits = z.strictObject({
  maxBodyBytes: z.int().min(1).max(268_435_456).default(DEFAULT_BODY_BYTES).describe('Bytes of a request body.'),
  maxUnverifiedBytes: z
    .int()
    .min(1)
    .max(MAX_BYTES)
    .default(DEFAULT_UNVERIFIED_BYTES)
    .describe('Bytes of bodies held at one time whose signature can be verified only once they are whole.'),
  maxUnverifiedBytesPerSource: z
    .int()
    .min(1)
    .max(MAX_BYTES)
    .default(DEFAULT_UNVERIFIED_BYTES_PER_SOURCE)
    .describe('The same of one source: an IPv4 address, or an IPv6 network of 64 bits.'),
  maxHeaderBytes: z.int().min(1024).max(1_048_576).default(16_384).describe('Bytes of the headers of a request.'),
  maxHeaders: z.int().min(16).max(2_000).default(100).describe('How many headers a request may have.'),
  maxConnectionsPerSource: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_024)
    .describe('Open connections of one source. Behind a proxy, all clients are one source.'),
  headersTimeoutMs: milliseconds(10_000).describe('Milliseconds until the headers must be there.'),
  bodyTimeoutMs: milliseconds(30_000).describe('Milliseconds until the body must be there.'),
  requestTimeoutMs: milliseconds(60_000).describe('Milliseconds until the whole request must be there.'),
  idleTimeoutMs: milliseconds(75_000).describe(
    'Milliseconds an idle connection is kept, and that a client has for taking an answer that waits for it.',
  ),
  upstreamTimeoutMs: milliseconds(300_000).describe('Milliseconds a model call may take in all.'),
  assessments: z
    .strictObject({
      perSecond: z.int().min(1).max(100_000).default(200),
      concurrent: z.int().min(1).max(10_000).default(256),
    })
    .prefault({})
    .describe('Assessments that one principal may ask for: a second, and at one time.'),
  drainDelayMs: milliseconds(0, 0).describe(
    'Milliseconds between the signal to stop, which turns readiness off, and the end of taking new requests.',
  ),
  drainMs: milliseconds(10_000).describe('Milliseconds that requests under way then have to finish.'),
});
