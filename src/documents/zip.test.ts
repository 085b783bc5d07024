import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { testBudget, type ZipFile, zipOf } from './files.suite.ts';
import { DocumentRefused, type Refusal } from './refusal.ts';
import { readZip } from './zip.ts';

const contentOf = (archive: Uint8Array) =>
  readZip(archive, testBudget()).map(({ name, read }) => [name, Buffer.from(read()).toString()]);

function refusalOf(archive: Uint8Array): Refusal | 'read' {
  try {
    contentOf(archive);
    return 'read';
  } catch (error) {
    if (error instanceof DocumentRefused) return error.refusal;
    throw error;
  }
}

const one: ZipFile = { name: 'a', data: 'text of a' };
const two: ZipFile = { name: 'b', data: 'text of b', method: 0 };

/** The descriptor of a file, with its signature or without. */
function described(file: ZipFile, hasSignature: boolean): ZipFile {
  const archive = zipOf([file]);
  const fields = archive.subarray(14, 26);
  return { ...file, flags: 8, behind: Buffer.concat([Buffer.from(hasSignature ? 'PK\x07\x08' : ''), fields]) };
}

it('gives the files of an archive, deflated or stored, with descriptors or without', () => {
  const expected = [
    ['a', 'text of a'],
    ['b', 'text of b'],
  ];
  expect(contentOf(zipOf([one, two]))).toEqual(expected);
  expect(contentOf(zipOf([described(one, true), described(two, false)]))).toEqual(expected);
  expect(contentOf(zipOf([]))).toEqual([]);
});

const whole = zipOf([one, two]);
const patched = (at: number, byte: number) => {
  const archive = Buffer.from(whole);
  archive.writeUInt8(byte, at < 0 ? archive.length + at : at);
  return archive;
};

/** An archive behind other bytes, with every offset moved along. */
function inFront(archive: Buffer): Buffer {
  const moved = Buffer.concat([Buffer.from('front'), archive]);
  for (let at = moved.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = moved.indexOf('PK\x01\x02', at + 1, 'latin1')) {
    moved.writeUInt32LE(moved.readUInt32LE(at + 42) + 5, at + 42);
  }
  moved.writeUInt32LE(moved.readUInt32LE(moved.length - 6) + 5, moved.length - 6);
  return moved;
}

it.each<[string, Uint8Array]>([
  ['nothing', Buffer.alloc(0)],
  ['no archive', Buffer.from('PK\x03\x04 and no more of it than this')],
  ['bytes in front', Buffer.concat([Buffer.from('x'), whole])],
  ['bytes behind', Buffer.concat([whole, Buffer.from('x')])],
  ['another archive behind', Buffer.concat([whole, whole])],
  ['a comment', zipOf([one], { comment: 'hidden' })],
  ['several disks', patched(-18, 1)],
  ['counts that differ', patched(-12, 1)],
  ['a count that is wrong', zipOf([one, two], { count: 1 })],
  ['a directory of another size', patched(-10, 1)],
  ['bytes between files', zipOf([{ ...one, behind: Buffer.from('hidden text') }, two])],
  ['a name that differs', zipOf([{ ...one, localName: 'c' }])],
  ['a name twice', zipOf([one, { ...two, name: 'A' }])],
  ['a name that is no text', patched(30, 0xff)],
  ['a name above its folder', zipOf([{ ...one, name: '../a' }])],
  ['a name from the root', zipOf([{ ...one, name: '/a' }])],
  ['a size that is wrong', zipOf([{ ...one, declared: 5 }])],
  ['a size that is too large', zipOf([{ ...one, declared: 500 }])],
  ['a checksum that is wrong', zipOf([{ ...one, crc: 1 }])],
  ['checksums that differ', patched(14, 0)],
  ['a comment of a file', patched(whole.indexOf('PK\x01\x02', 0, 'latin1') + 32, 1)],
  ['bytes in front that the directory knows of', inFront(whole)],
  ['bytes in front of no files', inFront(zipOf([]))],
  ['data that is not deflated', zipOf([{ ...one, compressed: Buffer.from('xxxx') }])],
  [
    'bytes behind deflated data',
    zipOf([{ ...one, compressed: Buffer.concat([deflateRawSync('text of a'), Buffer.from('hidden')]) }]),
  ],
  ['a method of its own', patched(8, 12)],
  ['a flag of no meaning', zipOf([{ ...one, flags: 0x40 }])],
  ['a descriptor that is wrong', zipOf([{ ...described(one, true), behind: Buffer.alloc(16) }])],
  ['a descriptor of another length', zipOf([{ ...described(one, true), behind: Buffer.alloc(20) }])],
  ['a descriptor with another sum', zipOf([{ ...described(one, true), behind: Buffer.alloc(12) }])],
])('refuses %s', (_, archive) => {
  expect(refusalOf(archive)).toBe('damaged');
});

it('refuses what is encrypted', () => {
  expect(refusalOf(zipOf([{ ...one, flags: 1 }]))).toBe('encrypted');
});

it('refuses bombs: too large, too dense, too many', () => {
  expect(refusalOf(zipOf([{ name: 'a', data: Buffer.alloc(2 ** 24 + 1, 'ab') }]))).toBe('expands');
  expect(refusalOf(zipOf([{ name: 'a', data: Buffer.alloc(2 ** 21) }]))).toBe('expands');
  const half = {
    data: Buffer.from(Array.from({ length: 9 * 2 ** 20 }, (_, index) => (index * index) >> 5)),
    method: 0 as const,
  };
  expect(refusalOf(zipOf([{ name: 'a', ...half }]))).toBe('read');
  expect(
    refusalOf(
      zipOf([
        { name: 'a', ...half },
        { name: 'b', ...half },
      ]),
    ),
  ).toBe('expands');
  const many = Array.from({ length: 10_001 }, (_, index) => ({ name: String(index), data: '', method: 0 as const }));
  expect(refusalOf(zipOf(many))).toBe('expands');
});

it('refuses one file listed under two names', () => {
  const archive = zipOf([one, { ...one, name: 'c' }]);
  const second = archive.lastIndexOf('PK\x01\x02', undefined, 'latin1');
  archive.writeUInt32LE(0, second + 42);
  expect(refusalOf(archive)).toBe('damaged');
});
