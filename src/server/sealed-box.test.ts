import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealedBox } from './sealed-box.ts';

const scope = Buffer.from('scope');
const content = Buffer.from('content');
const box = createSealedBox(createSecretKey(randomBytes(32)), randomBytes);

describe('a sealed box', () => {
  it('opens where it was meant for, and shows nothing of what is in it', () => {
    const sealed = box.seal(content, scope);
    expect(box.open(sealed, scope)).toEqual(content);
    expect(sealed.includes(content)).toBe(false);
    expect(box.seal(content, scope)).not.toEqual(sealed);
    expect(box.open(box.seal(Buffer.alloc(0), scope), scope)).toEqual(Buffer.alloc(0));
  });

  it('opens nowhere else, and with no other key', () => {
    const sealed = box.seal(content, scope);
    expect(() => box.open(sealed, Buffer.from('another'))).toThrow();
    expect(() => createSealedBox(createSecretKey(randomBytes(32)), randomBytes).open(sealed, scope)).toThrow();
  });

  it('does not open once a bit is another, or a byte is missing', () => {
    const sealed = box.seal(content, scope);
    for (let at = 0; at < sealed.length; at += 1) {
      const bent = Buffer.from(sealed);
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      expect(() => box.open(bent, scope)).toThrow();
      expect(() => box.open(sealed.subarray(0, at), scope)).toThrow();
    }
  });
});
