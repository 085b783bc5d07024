import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoConfigText } from '../config/index.ts';
import { run } from './run.ts';

const directories: string[] = [];

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  directories.push(directory);
  return directory;
}

export function removeTemporaryDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** The demo's configuration in a file, after an edit. */
export function configFile(edit: (text: string) => string = (text) => text): string {
  const file = join(temporaryDirectory(), 'sallyport.yaml');
  writeFileSync(file, edit(demoConfigText));
  return file;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Carries out a command line in this process. */
export async function sallyport(...words: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const error: string[] = [];
  const terminal = { out: (text: string) => out.push(text), error: (text: string) => error.push(text) };
  const code = await run(['node', 'sallyport', ...words], terminal);
  return { code, out: out.join('\n'), error: error.join('\n') };
}
