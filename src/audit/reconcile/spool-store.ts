import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Values that are set aside until all are known, in parts of which one at a time fits the memory. */
export interface Spool<Value> extends AsyncDisposable {
  add(part: number, value: Value): Promise<void>;
  read(part: number): Promise<readonly Value[]>;
}

const HELD_LENGTH = 65_536;

/**
 * Keeps values, which JSON can carry, in files of a temporary directory that nobody else may read, and removes them in
 * the end.
 */
export async function createSpool<Value>(): Promise<Spool<Value>> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-reconcile-'));
  const held = new Map<number, { lines: string[]; length: number }>();
  const fileOf = (part: number) => join(directory, `${part}.jsonl`);

  return {
    async add(part, value) {
      const own = held.get(part) ?? { lines: [], length: 0 };
      held.set(part, own);
      const line = `${JSON.stringify(value)}\n`;
      own.lines.push(line);
      own.length += line.length;
      if (own.length < HELD_LENGTH) return;
      held.delete(part);
      await appendFile(fileOf(part), own.lines.join(''), { mode: 0o600 });
    },

    async read(part) {
      // Makes it where nothing was written.
      const written = await readFile(fileOf(part), { encoding: 'utf8', flag: 'a+' });
      const lines = [...written.split('\n').slice(0, -1), ...(held.get(part)?.lines ?? [])];
      return lines.map((line) => JSON.parse(line));
    },

    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true, force: true });
    },
  };
}
