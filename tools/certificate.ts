import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, in PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

export interface Wanted {
  readonly name: string;
  /** Signs itself where none is given. */
  readonly issuer?: Issued;
  readonly isAuthority?: boolean;
  readonly validTo?: Date;
}

const HOUR_MS = 3_600_000;

/** Issues an X.509 certificate (RFC 5280) for `localhost` and 127.0.0.1, good for an hour. */
export function issue({ name, issuer, isAuthority = false, validTo = inMs(HOUR_MS) }: Wanted): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time(inMs(-24 * HOUR_MS)), time(validTo)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(constraints(isAuthority), alternativeNames())),
  );
  const signature = createSign('sha256')
    .update(body)
    .sign(issuer?.privateKey ?? privateKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.of(0), signature));
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return {
    name,
    privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Writes a pair where a configuration looks for it. */
export function writePair(directory: string, { certificate, key }: Pick<Issued, 'certificate' | 'key'>) {
  const files = { certificate: { file: join(directory, 'tls.crt') }, key: { file: join(directory, 'tls.key') } };
  writeFileSync(files.key.file, key);
  writeFileSync(files.certificate.file, certificate);
  return files;
}

function inMs(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds);
}

function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length: size } = bytes;
  const long = size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  const length = Buffer.from(size < 128 ? [size] : long);
  return Buffer.concat([Buffer.of(tag), length, bytes]);
}

const sequence = (...content: readonly Uint8Array[]) => tagged(0x30, ...content);
const integer = (bytes: Uint8Array) => tagged(0x02, bytes);
const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const time = (at: Date) => tagged(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')));
const distinguishedName = (name: string) =>
  sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(name)))));

function constraints(isAuthority: boolean): Buffer {
  const value = isAuthority ? sequence(tagged(0x01, Buffer.of(0xff))) : sequence();
  return sequence(oid('551d13'), tagged(0x01, Buffer.of(0xff)), tagged(0x04, value));
}

function alternativeNames(): Buffer {
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.of(127, 0, 0, 1)));
  return sequence(oid('551d11'), tagged(0x04, names));
}
