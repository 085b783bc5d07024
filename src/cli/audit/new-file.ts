import { writeFileSync } from 'node:fs';
import { CommandError } from '../command-error.ts';

/** Writes a file, and never over one. Throws a `CommandError` where it cannot. */
export function writeNewFile(file: string, content: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx' });
  } catch (cause) {
    throw new CommandError(2, `${file} cannot be written, or is there already`, { cause });
  }
}
