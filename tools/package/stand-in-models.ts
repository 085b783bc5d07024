import { createCipheriv, createHash } from 'node:crypto';
import type { ArchivedFile } from './zip.ts';

const MIB = 2 ** 20;
const FILES = 4;

/**
 * As many mebibytes as the models that are still to be trained will take: no models, noise that does not compress and
 * is the same each time. For measuring; a release has none of it.
 */
export function createStandInModels(mebibytes = 60): readonly ArchivedFile[] {
  const zeros = Buffer.alloc((mebibytes * MIB) / FILES);
  return Array.from({ length: FILES }, (_, index) => {
    const key = createHash('sha256').update(`stand-in model ${index}`).digest();
    const bytes = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(zeros);
    return { path: `models/stand-in-${index}.bin`, bytes };
  });
}
