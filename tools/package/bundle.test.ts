import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type BundleSource, collectBundle } from './bundle.ts';
import { createEntryModules } from './entry-modules.ts';
import { loadHandlers } from './loading.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-bundle-'));
  directories.push(directory);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

const manifest = { 'package.json': '{"name":"sallyport","version":"1.0.0","type":"module"}' };
const source = (directory: string, more: BundleSource['more'] = []): BundleSource => ({
  directory,
  bundle: 'lambda',
  architecture: 'arm64',
  more,
});

/** The start of an executable for x86-64. */
function x64Elf(): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  bytes.writeUInt16LE(62, 18);
  return bytes;
}

describe('a bundle', () => {
  it('with a native file for another machine is refused by that file', () => {
    const directory = write({ ...manifest, 'node_modules/a/build/a.node': x64Elf() });
    expect(() => collectBundle(source(directory))).toThrow(
      'not for arm64: node_modules/a/build/a.node: an ELF file for machine 62, not arm64',
    );
  });

  it('of more than Lambda takes is refused', () => {
    const large = { path: 'models/large.bin', bytes: new Uint8Array(250 * 2 ** 20) };
    expect(() => collectBundle(source(write(manifest), [large]))).toThrow(/^unzipped it has \d+ bytes, and may have/);
  });

  it('says what it is made of without a time, a number of its own or an address', () => {
    const installed = {
      'node_modules/a/package.json': '{"name":"a","version":"2.0.0"}',
      'node_modules/a/index.js': '',
    };
    const manifestWithA = { 'package.json': '{"name":"s","version":"1.0.0","dependencies":{"a":"2.0.0"}}' };
    const [text, again] = [0, 1].map(() => {
      const files = collectBundle(source(write({ ...manifestWithA, ...installed })));
      return String(files.find(({ path }) => path === 'sbom.cdx.json')?.bytes);
    });
    expect(again).toBe(text);
    const sbom = JSON.parse(text ?? '');
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', components: [{ name: 'a', version: '2.0.0' }] });
    expect([sbom.serialNumber, sbom.metadata.timestamp]).toEqual([undefined, undefined]);
  });
});

describe('the handlers of a bundle', () => {
  const handlers = ['door.handler'];
  const entries = Object.fromEntries(
    createEntryModules({ door: 'dist/server/door.js' }).map(({ path, bytes }) => [path, bytes]),
  );

  it('are loaded from where their names have them', async () => {
    const directory = write({ ...manifest, ...entries, 'dist/server/door.js': 'export const handler = () => 1;' });
    await expect(loadHandlers(directory, handlers)).resolves.toBeUndefined();
  });

  it.each([
    ['which miss a package', 'import "absent"; export const handler = () => 1;'],
    ['which are no functions', 'export const handler = 1;'],
  ])('%s are refused', async (_, code) => {
    const directory = write({ ...manifest, ...entries, 'dist/server/door.js': code });
    await expect(loadHandlers(directory, handlers)).rejects.toThrow('`door.handler` cannot be loaded');
  });
});
