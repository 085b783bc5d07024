import { describe, expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { privateKey } from './private-key.ts';
import { scanText } from './scanner.ts';

const begin = (label: string) => `-----BEGIN ${label}PRIVATE KEY-----`;
const end = (label: string) => `-----END ${label}PRIVATE KEY-----`;
const LINE = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';

detectorSuite(privateKey, {
  finds: [
    `⟦${begin('')}\n${LINE}\n${LINE}\n${end('')}⟧`,
    `key: "⟦${begin('RSA ')}\\n${LINE}\\n${end('RSA ')}⟧",`,
    `⟦${begin('OPENSSH ')}\r\n${LINE}\r\n${end('OPENSSH ')}⟧ and so on`,
    `⟦${begin('EC ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0AC5\n\n${LINE}\n${end('EC ')}⟧`,
    `⟦-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${LINE}\n=Pbmq\n-----END PGP PRIVATE KEY BLOCK-----⟧`,
    `⟦---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${LINE}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----⟧`,
    `⟦${begin('')}\n${LINE}\n${LINE}⟧\nand the rest is cut off.`,
    ...['> ', '# ', ' * ', '| ', '1: ', '-', '+'].map(
      (prefix) => `${prefix}⟦${begin('')}\n${prefix}${LINE}\n${prefix}${LINE}\n${prefix}${end('')}⟧`,
    ),
    `> ⟦${begin('RSA ')}\n> Proc-Type: 4,ENCRYPTED\n> DEK-Info: AES-128-CBC,0AC5\n>\n> ${LINE}\n> ${end('RSA ')}⟧`,
    `⟦———–—BEGIN PRIVATE KEY—————\n${LINE}\n${end('')}⟧`,
  ],
  passes: [
    begin(''),
    `A file begins with ${begin('')} and ends with ${end('')}, with base64 in between.`,
    `${begin('')}\n...\n${end('')}`,
    `-----BEGIN PUBLIC KEY-----\n${LINE}\n-----END PUBLIC KEY-----`,
    `-----BEGIN CERTIFICATE-----\n${LINE}\n-----END CERTIFICATE-----`,
    '| --- | ---- | ----- |',
  ],
  hostile: ['-', '-----', '-----BEGIN ', begin(''), `${begin('')}\n`, `${begin('')}A-Z: `, `${begin('')}\n${LINE}`],
});

describe('a private key without an end', () => {
  it('is found as far as a key may be long', () => {
    const [span] = scanText([privateKey], `${begin('')}\n${`${LINE}\n`.repeat(1_000)}`);
    expect(span?.end).toBeGreaterThan(16_000);
    expect(span?.end).toBeLessThan(17_000);
  });
});
