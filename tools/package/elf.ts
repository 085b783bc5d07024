import type { ArchivedFile } from './zip.ts';

/** What a bundle is made for, as Node names it in `process.arch`. */
export type Architecture = 'x64' | 'arm64';

/** `e_machine` of an ELF header, System V ABI, chapter 4. */
const machines: Readonly<Record<Architecture, number>> = { x64: 62, arm64: 183 };

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const MACHINE_OFFSET = 18;

/** Executables of other systems; none of them belongs into a bundle for Linux. */
const foreign = [
  { name: 'Mach-O', magic: Buffer.from([0xcf, 0xfa, 0xed, 0xfe]) },
  { name: 'Mach-O', magic: Buffer.from([0xca, 0xfe, 0xba, 0xbe]) },
  { name: 'PE', magic: Buffer.from('MZ') },
];

/** What is wrong with the native files for a machine, one line each: by what is in them, whatever they are called. */
export function findWrongNatives(files: readonly ArchivedFile[], architecture: Architecture): readonly string[] {
  return files.flatMap(({ path, bytes }) => {
    const wrong = wrongOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), architecture);
    if (wrong !== undefined) return [`${path}: ${wrong}`];
    return path.endsWith('.node') && !isElf(bytes) ? [`${path}: no ELF file`] : [];
  });
}

function isElf(bytes: Uint8Array): boolean {
  return MAGIC.equals(bytes.subarray(0, MAGIC.length));
}

function wrongOf(bytes: Buffer, architecture: Architecture): string | undefined {
  const other = foreign.find(({ magic }) => magic.equals(bytes.subarray(0, magic.length)));
  if (other !== undefined) return `a ${other.name} file`;
  if (!isElf(bytes)) return undefined;
  if (bytes.length < MACHINE_OFFSET + 2 || bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN) {
    return 'an ELF file that is not of 64 bits, little-endian';
  }
  const machine = bytes.readUInt16LE(MACHINE_OFFSET);
  return machine === machines[architecture] ? undefined : `an ELF file for machine ${machine}, not ${architecture}`;
}
