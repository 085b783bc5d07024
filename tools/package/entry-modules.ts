import type { ArchivedFile } from './zip.ts';

/**
 * A module for each of the handlers' files where their names have it: at the root. The release keeps its own place in
 * `dist`, under the manifest that it reads.
 */
export function createEntryModules(handlers: readonly string[]): readonly ArchivedFile[] {
  const modules = new Set(handlers.map((handler) => handler.slice(0, handler.lastIndexOf('.'))));
  return [...modules].map((module) => {
    const up = '../'.repeat(module.split('/').length - 1);
    return { path: `${module}.js`, bytes: Buffer.from(`export * from '${up}dist/${module}.js';\n`) };
  });
}
