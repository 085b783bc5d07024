import { describe, expect, it } from 'vitest';
import { findWrongNatives } from './elf.ts';

function elf(machine: number, { bits = 2, order = 1 } = {}): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, bits, order]);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

const at = (path: string, bytes: Uint8Array) => [{ path, bytes }];

describe('native files in a bundle', () => {
  it('those of its machine pass, under any name', () => {
    expect(findWrongNatives(at('a/index.node', elf(62)), 'x64')).toEqual([]);
    expect(findWrongNatives(at('a/tool', elf(183)), 'arm64')).toEqual([]);
    expect(findWrongNatives(at('a/text.js', Buffer.from('export {}')), 'arm64')).toEqual([]);
  });

  it.each([
    ['of the other machine', 'index.node', elf(183), 'an ELF file for machine 183, not x64'],
    ['of the other machine, under another name', 'lib.so.1', elf(183), 'an ELF file for machine 183, not x64'],
    ['of 32 bits', 'a', elf(62, { bits: 1 }), 'an ELF file that is not of 64 bits, little-endian'],
    ['of the other byte order', 'a', elf(62, { order: 2 }), 'an ELF file that is not of 64 bits, little-endian'],
    ['cut short', 'a', elf(62).subarray(0, 10), 'an ELF file that is not of 64 bits, little-endian'],
    ['of macOS', 'a', Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 1]), 'a Mach-O file'],
    ['of Windows', 'a.dll', Buffer.from('MZ..'), 'a PE file'],
    ['not native at all', 'a.node', Buffer.from('text'), 'no ELF file'],
  ])('one %s is named', (_, path, bytes, wrong) => {
    expect(findWrongNatives(at(path, bytes), 'x64')).toEqual([`${path}: ${wrong}`]);
  });
});
