import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFiles } from '../../../tools/package/bundle.ts';
import { toZip } from '../../../tools/package/zip.ts';
import { collectHandlerFiles, packageHandler } from './package-handler.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-handler-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const handlers = [
  'bedrock/handlers/invocation-logging.ts',
  ...['guardduty', 'macie', 'security-hub', 'enforced-guardrail', 'data-retention'].map(
    (name) => `account/handlers/${name}.ts`,
  ),
];

describe('the zip of a custom resource', () => {
  it.each(handlers)('holds all that its handler loads, and nothing of the CDK: %s', (handler) => {
    const files = collectHandlerFiles(handler);
    const place = join(directory, handler);
    writeFiles(place, files);
    const code = `const { handler } = await import(${JSON.stringify(join(place, 'index.js'))}); console.log(typeof handler);`;
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: place,
      encoding: 'utf8',
      env: { AWS_REGION: 'eu-central-1' },
    });
    expect(said.trim()).toBe('function');
    expect(files.filter(({ path }) => /aws-cdk|\.d\.ts$|dist-es/.test(path))).toEqual([]);
    expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(12 * 2 ** 20);
  });

  it('is the same for the same sources, and is made once', () => {
    const [handler = ''] = handlers;
    const file = packageHandler(handler);
    expect(packageHandler(handler)).toBe(file);
    expect(readFileSync(file).equals(toZip(collectHandlerFiles(handler)))).toBe(true);
  });
});
