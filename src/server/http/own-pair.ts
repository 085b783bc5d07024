import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_kp_serverAuth,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Lifetime } from './ephemeral-certificates.ts';
import type { PemPair } from './tls-context.ts';

const COMMON_NAME = '2.5.4.3';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** A new key on P-256, and a certificate for `localhost` that it signs itself (RFC 5280, RFC 5758). */
export function signOwnPair({ notBefore, notAfter }: Lifetime): PemPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const name = nameOf('sallyport');
  const body = new TBSCertificate({
    version: Version.v3,
    // Positive, and no leading zero.
    serialNumber: toBytes(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo),
    extensions: new Extensions([
      extension({ id: id_ce_basicConstraints, value: new BasicConstraints(), critical: true }),
      extension({ id: id_ce_extKeyUsage, value: new ExtendedKeyUsage([id_kp_serverAuth]) }),
      extension({
        id: id_ce_subjectAltName,
        value: new SubjectAlternativeName([new GeneralName({ dNSName: 'localhost' })]),
      }),
    ]),
  });
  const signatureValue = sign('sha256', Buffer.from(AsnConvert.serialize(body)), privateKey);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: toBytes(signatureValue),
  });
  return {
    cert: toPem(Buffer.from(AsnConvert.serialize(certificate))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function nameOf(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])]);
}

interface Extended {
  readonly id: string;
  readonly value: object;
  readonly critical?: boolean;
}

function extension({ id, value, critical = false }: Extended): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** A copy in a buffer of its own, as the library takes it. */
function toBytes(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
