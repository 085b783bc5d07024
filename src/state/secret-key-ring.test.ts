import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalKeyRing } from './local-key-ring.ts';
import { createSecretKeyRing } from './secret-key-ring.ts';

const SECRET = 'q7Zr0nT4vXw1yB8cD5eF2gH9iJ6kL3mN-oP_aQsRtUu';
const hexOf = (key: Uint8Array) => Buffer.from(key).toString('hex');

describe('a key ring of a secret', () => {
  it('is the same for the same text, and another for every other', () => {
    const key = createSecretKeyRing(SECRET).derive('audit/wrapping');
    expect(createSecretKeyRing(SECRET).derive('audit/wrapping')).toEqual(key);
    expect(createSecretKeyRing(SECRET).derive('state')).not.toEqual(key);
    expect(createSecretKeyRing(`${SECRET}A`).derive('audit/wrapping')).not.toEqual(key);
    // What was encrypted under it once must open for ever.
    expect(hexOf(key)).toBe('fd732887de6bf5cee4772d142068cbc82410ebbd83957394d874e9e39093fe30');
  });

  it('is not that of a key file with the same text', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-ring-'));
    const text = randomBytes(32).toString('base64url');
    writeFileSync(join(directory, 'root'), `${text}\n`, { mode: 0o600 });
    const ofFile = await createLocalKeyRing(join(directory, 'root'));
    expect(createSecretKeyRing(text).derive('state')).not.toEqual(ofFile.derive('state'));
    rmSync(directory, { recursive: true });
  });

  it('takes random texts in base64, base64url and hexadecimal digits', () => {
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      for (let tries = 0; tries < 200; tries += 1) createSecretKeyRing(randomBytes(32).toString(encoding));
    }
  });

  it.each([
    ['short', SECRET.slice(1)],
    ['of few characters', 'abcabcg'.repeat(10)],
    ['with a space', `${SECRET} x`],
    ['with a line break', `${SECRET}\n`],
    ['empty', ''],
  ])('refuses a text that is %s, and does not repeat it', (_name, text) => {
    const made = () => createSecretKeyRing(text);
    expect(made).toThrow(/^the root secret is not at least 43 random characters/);
    expect(made).not.toThrow(/abcabc|q7Zr/);
  });
});
