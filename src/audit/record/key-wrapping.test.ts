import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyRingOf } from '../journal/journal-fixture.suite.ts';
import { createKeyWrapping } from './key-wrapping.ts';

const name = { tenant: 'acme', subject: 'app', keyId: new Uint8Array(16).fill(1), generation: 1 };
const dataKey = randomBytes(32);
const wrapping = createKeyWrapping(keyRingOf('one'));
const wrapped = await wrapping.wrap(dataKey, name);

describe('key wrapping', () => {
  it('gives back the key that was wrapped, and never shows it', async () => {
    expect(Buffer.compare(await wrapping.unwrap({ ...name, wrapped }), dataKey)).toBe(0);
    expect(Buffer.from(wrapped).includes(dataKey)).toBe(false);
  });

  it('writes message format 2 with suite 0x0478, which commits to the key', () => {
    expect(Buffer.from(wrapped).subarray(0, 3).toString('hex')).toBe('020478');
  });

  it('refuses a key wrapped under another key ring', async () => {
    const other = createKeyWrapping(keyRingOf('two'));
    await expect(other.unwrap({ ...name, wrapped })).rejects.toThrow('was not wrapped under this key ring');
  });

  it('has a key of its own for each generation', async () => {
    const second = { ...name, generation: 2 };
    const anew = await wrapping.wrap(dataKey, second);
    expect(Buffer.compare(await wrapping.unwrap({ ...second, wrapped: anew }), dataKey)).toBe(0);
    await expect(wrapping.unwrap({ ...name, wrapped: anew })).rejects.toThrow('was not wrapped under this key ring');
    await expect(wrapping.unwrap({ ...second, wrapped })).rejects.toThrow('was not wrapped under this key ring');
  });

  it.each([
    ['tenant', { tenant: 'other' }],
    ['subject', { subject: 'other' }],
    ['key id', { keyId: new Uint8Array(16).fill(2) }],
  ])('refuses a key wrapped for another %s', async (_, other) => {
    await expect(wrapping.unwrap({ ...name, ...other, wrapped })).rejects.toThrow("another subject's");
  });
});
