import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../../../shared/vectors/wycheproof');
const isThere = existsSync(folder);
const title = `the cryptography of Node.js, as records use it, held against Wycheproof${isThere ? '' : ' (skipped: ../shared is not there)'}`;

interface Vectors<Group, Case> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Case & Named)[] })[];
}

interface Named {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid';
}

function read<Group, Case>(name: string): Vectors<Group, Case>['testGroups'] {
  const vectors: Vectors<Group, Case> = JSON.parse(readFileSync(resolve(folder, name), 'utf8'));
  return vectors.testGroups;
}

const fromHex = (text: string) => Buffer.from(text, 'hex');

interface GcmGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
}

interface GcmCase {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}

function seal({ key, iv, aad, msg }: GcmCase): string {
  const cipher = createCipheriv('aes-256-gcm', fromHex(key), fromHex(iv));
  cipher.setAAD(fromHex(aad));
  return Buffer.concat([cipher.update(fromHex(msg)), cipher.final(), cipher.getAuthTag()]).toString('hex');
}

/** Undefined where it does not open. */
function open({ key, iv, aad, ct, tag }: GcmCase): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', fromHex(key), fromHex(iv));
  decipher.setAAD(fromHex(aad));
  decipher.setAuthTag(fromHex(tag));
  try {
    return Buffer.concat([decipher.update(fromHex(ct)), decipher.final()]).toString('hex');
  } catch {
    return undefined;
  }
}

describe.skipIf(!isThere)(title, () => {
  it('AES-256-GCM with nonces of 12 bytes and tags of 16 (skipped: other keys and nonces, which no record has)', () => {
    const groups = read<GcmGroup, GcmCase>('aes_gcm.json').filter(
      ({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128,
    );
    const cases = groups.flatMap(({ tests }) => tests);
    expect(cases.length).toBe(66);
    expect(cases.filter(({ result }) => result === 'invalid').length).toBeGreaterThan(20);
    for (const vector of cases) {
      const isValid = vector.result === 'valid';
      expect(open(vector), `${vector.tcId}: ${vector.comment}`).toBe(isValid ? vector.msg : undefined);
      if (isValid) expect(seal(vector)).toBe(vector.ct + vector.tag);
    }
  });

  it('HKDF-SHA-256', () => {
    type HkdfCase = { readonly ikm: string; readonly salt: string; readonly info: string; size: number; okm: string };
    const cases = read<object, HkdfCase>('hkdf_sha256.json').flatMap(({ tests }) => tests);
    expect(cases.length).toBe(86);
    for (const { ikm, salt, info, size, okm, tcId, result } of cases) {
      const derive = () => Buffer.from(hkdfSync('sha256', fromHex(ikm), fromHex(salt), fromHex(info), size));
      if (result === 'valid') expect(derive().toString('hex'), `${tcId}`).toBe(okm);
      else expect(derive, `${tcId}`).toThrow();
    }
  });

  it.skip('AES key wrap with padding (skipped: keys are wrapped with the AWS Encryption SDK, never with RFC 5649)', () => {});
});
