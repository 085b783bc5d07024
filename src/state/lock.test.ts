import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from './lock.ts';

const file = () => join(mkdtempSync(join(tmpdir(), 'sallyport-lock-')), 'lock');

describe('the lock', () => {
  it('is had by one at a time and can be had again once released', () => {
    const path = file();
    const first = acquireLock(path);
    expect(first).toBeDefined();
    expect(acquireLock(path)).toBeUndefined();
    first?.release();
    const second = acquireLock(path);
    expect(second).toBeDefined();
    second?.release();
  });

  it('is given up by a process that is killed', async () => {
    const path = file();
    const script = `import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
      console.log(acquireLock(${JSON.stringify(path)}) !== undefined); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(child.stdout, 'data');
    expect(String(said)).toBe('true\n');
    expect(acquireLock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'close');
    const lock = acquireLock(path);
    expect(lock).toBeDefined();
    lock?.release();
  });

  it('throws what is not a taken lock', () => {
    expect(() => acquireLock(join(file(), 'missing', 'lock'))).toThrow();
    const path = file();
    writeFileSync(path, 'not a lock'.repeat(1000));
    expect(() => acquireLock(path)).toThrow('not a database');
  });
});
