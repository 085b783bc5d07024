import { describe, expect, it } from 'vitest';
import { isNeeded } from './needed.ts';

describe('what goes into a bundle', () => {
  it.each([
    'dist/server/lambda.js',
    'package.json',
    'node_modules/zod/v4/core/core.js',
    'node_modules/zod/LICENSE',
    // The document model of YAML, no documentation.
    'node_modules/yaml/dist/doc/Document.js',
    'node_modules/uuid/LICENSE.md',
    'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
  ])('%s', (path) => {
    expect(isNeeded(path, 'lambda')).toBe(true);
    expect(isNeeded(path, 'container')).toBe(true);
  });

  it.each([
    'node_modules/zod/README.md',
    'node_modules/zod/index.d.cts',
    'node_modules/kysely/dist/index.js.map',
    'node_modules/@smithy/core/dist-es/index.js',
    'node_modules/a/node_modules/b/test/b.js',
    'node_modules/.bin/uuid',
    'node_modules/.package-lock.json',
    'node_modules/@types/node/package.json',
    'node_modules/@libsql/linux-x64-musl/index.node',
  ])('without %s', (path) => {
    expect(isNeeded(path, 'lambda')).toBe(false);
    expect(isNeeded(path, 'container')).toBe(false);
  });

  it('the command line and the state on a disk are in the container alone', () => {
    for (const path of ['dist/cli/main.js', 'node_modules/libsql/index.js', 'node_modules/commander/index.js']) {
      expect([isNeeded(path, 'lambda'), isNeeded(path, 'container')]).toEqual([false, true]);
    }
  });
});
