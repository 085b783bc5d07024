import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageTemplates } from './template-package.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-templates-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function stackOf(name: string, template: object) {
  const file = `${name}.template.json`;
  const text = JSON.stringify(template);
  writeFileSync(join(scratch, file), text);
  return { name, file, resources: 0, bytes: text.length, text };
}

describe('packaged templates', () => {
  const gateway = stackOf('Sallyport-prod-gateway', { Parameters: { Image: {}, Size: { Default: 1 } } });
  const keys = stackOf('Sallyport-prod-keys', {});
  const bootstrap = stackOf('Sallyport-bootstrap', {});
  const other = stackOf('Sallyport-prod-other', {});
  const out = join(scratch, 'out');
  const packaged = packageTemplates(scratch, out, [other, gateway, keys, bootstrap]);

  it('are in the order in which they are deployed, with what is to be given to each', () => {
    expect(packaged.map(({ stack }) => stack)).toEqual([bootstrap.name, keys.name, gateway.name, other.name]);
    expect(packaged.map(({ needed }) => needed)).toEqual([[], [], ['Image'], []]);
    const readme = readFileSync(join(out, 'README.md'), 'utf8');
    expect(readme).toContain('| `Sallyport-prod-gateway` | `Sallyport-prod-gateway.template.json` | `Image` |');
  });

  it('have checksums that say whether they are whole, and nothing beside them from before', () => {
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8');
    expect(sums).toContain(`${hash('sha256', gateway.text)}  ${gateway.file}\n`);
    writeFileSync(join(out, 'old.template.json'), '{}');
    packageTemplates(scratch, out, [keys]);
    expect(readdirSync(out).toSorted()).toEqual(['README.md', 'SHA256SUMS', keys.file]);
  });
});
