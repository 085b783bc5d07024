import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('does not load the embedded database, nor the SDK of AWS, before a state is opened', () => {
  const script = `import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
    console.log(JSON.stringify(loaded.filter((url) => /node_modules/.test(url))));
    console.log(loaded.length > 5);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(String(stdout), String(stderr)).toBe('[]\ntrue\n');
});
