import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refusals } from './refusal.ts';

it('lists every reason in the reference, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/documents.md'), 'utf8');
  const [, table = ''] = page.split('| reason |\n|---|\n');
  const reasons = table
    .split('\n\n')[0]
    ?.split('\n')
    .map((row) => row.replace(/^\| | \|$/g, ''));
  expect(reasons).toEqual(Object.values(refusals));
});
