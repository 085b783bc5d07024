import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/index.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

describe('the documents', () => {
  it('list every fault with its status and message, and no other', () => {
    const rows = [...read('docs/reference/errors.md').matchAll(/^\| `(\w+)` \| (\d{3}) \| ([^|]+) \|/gm)];
    const listed = Object.fromEntries(
      rows.map(([, code, status, message = '']) => [code, { status: Number(status), message: message.trim() }]),
    );
    expect(listed).toEqual(faults);
  });

  it('keep the README within 150 lines, the two commands first', () => {
    const readme = read('README.md');
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    const [first] = /```sh\n[\s\S]*?```/.exec(readme) ?? [''];
    expect(first).toContain('npm start');
    expect(first).toContain('npm test');
  });

  it('link only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(resolve(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
