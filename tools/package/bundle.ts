import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Architecture, findWrongNatives } from './elf.ts';
import { readFiles } from './installed-tree.ts';
import { type Bundle, isNeeded } from './needed.ts';
import { toSbom } from './sbom.ts';
import type { ArchivedFile } from './zip.ts';

/** What Lambda takes of a function with its layers, unzipped: 250 MB, where AWS counts in 1,024s. */
const LARGEST_BYTES = 250 * 2 ** 20;

/** A bundle that must not be shipped; the message says why. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

export interface BundleSource {
  /** With the compiled release and its installed dependencies. */
  readonly directory: string;
  readonly bundle: Bundle;
  readonly architecture: Architecture;
  /** Files beside those of the directory. */
  readonly more: readonly ArchivedFile[];
}

/**
 * The files of a bundle, with an account of what it is made of. Throws a `BundleError` for a native file of another
 * machine, and for more than Lambda takes.
 */
export function collectBundle({ directory, bundle, architecture, more }: BundleSource): readonly ArchivedFile[] {
  const skipped = new Set(['package-lock.json']);
  const files = [...readFiles(directory, (path) => !skipped.has(path) && isNeeded(path, bundle)), ...more];
  const wrong = findWrongNatives(files, architecture);
  if (wrong.length > 0) throw new BundleError(`not for ${architecture}: ${wrong.join('; ')}`);
  const all = [...files, toSbom(directory, files)];
  const size = unzippedBytes(all);
  if (size > LARGEST_BYTES) throw new BundleError(`unzipped it has ${size} bytes, and may have ${LARGEST_BYTES}`);
  return all;
}

export function unzippedBytes(files: readonly ArchivedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

export function writeFiles(directory: string, files: readonly ArchivedFile[]): void {
  for (const { path, bytes } of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
