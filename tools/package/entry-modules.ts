import type { ArchivedFile } from './zip.ts';

/**
 * A file at the root for each module, by name. The release keeps its own place in `dist`, under the manifest that it reads.
 *
 * Not under the release's own names: AWS's runtime asks for `server/lambda` without an extension first, and takes the
 * folder of that name, beside the file, for the module.
 */
export function createEntryModules(modules: Readonly<Record<string, string>>): readonly ArchivedFile[] {
  return Object.entries(modules).map(([name, path]) => ({
    path: `${name}.js`,
    bytes: Buffer.from(`export * from './${path}';\n`),
  }));
}
