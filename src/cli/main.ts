#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// From sources, every start would strip the types off every file again. The cache lies in the clone's own node_modules:
// Node's default, a directory that all users of the machine share, would let another user put code into it.
if (import.meta.url.endsWith('.ts')) {
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/sallyport', import.meta.url)));
}
const [{ processTerminal }, { run }] = await Promise.all([import('./output.ts'), import('./run.ts')]);

process.exitCode = await run(process.argv, processTerminal);
