import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'src');

interface Rule {
  readonly mayImport: ReadonlySet<string>;
  readonly pure: 'yes' | 'no' | 'rim';
}

/** The import table of ARCHITECTURE.md: rows of `| folder | may import | does I/O … |`. */
function readTable(): ReadonlyMap<string, Rule> {
  const rows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| ([a-z]+) \| ([^|]+) \| ([^|]+) \|$/gm);
  const table = new Map<string, Rule>();
  for (const [, folder = '', imports = '', io = ''] of rows) {
    if (folder === 'folder') continue;
    const pure = io.trim() === 'no' ? 'yes' : io.trim() === 'yes' ? 'no' : 'rim';
    table.set(folder, { mayImport: new Set(imports.split(',').map((name) => name.trim())), pure });
  }
  return table;
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.ts') && statSync(file).isFile());
}

/** Specifiers of static imports, re-exports, dynamic imports and workers. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|new Worker\(\s*new URL\(\s*)['"`]([^'"`]+)['"`]/g)].map(
    ([, name = '']) => name,
  );
}

const table = readTable();
const files = filesUnder(source).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const isTest = (file: string) => /\.(test|suite)\.ts$/.test(file);
const roomOf = (file: string) => relative(source, file).split(sep)[0] ?? '';

function importFaults(file: string, text: string): readonly string[] {
  const faults: string[] = [];
  const room = roomOf(file);
  for (const specifier of importsOf(text)) {
    if (!specifier.startsWith('.')) continue;
    const target = resolve(dirname(file), specifier);
    const targetRoom = roomOf(target);
    if (!target.startsWith(source + sep)) {
      if (!isTest(file)) faults.push(`${relative(root, file)} imports ${specifier} from outside src`);
    } else if (targetRoom !== room) {
      if (!isTest(file) && table.get(room)?.mayImport.has(targetRoom) !== true) {
        faults.push(`${relative(root, file)} may not import ${targetRoom}`);
      }
      if (target !== join(source, targetRoom, 'index.ts')) {
        faults.push(`${relative(root, file)} goes past the door of ${targetRoom}: ${specifier}`);
      }
    }
  }
  return faults;
}

const IO =
  /\bfrom 'node:(?!crypto'|buffer'|util'|path'|events'|string_decoder'|zlib')|\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/;

function purityFaults(file: string, text: string): readonly string[] {
  const rule = table.get(roomOf(file))?.pure;
  const isRim = /(-store|journal|worker)\.ts$/.test(file);
  if (isTest(file) || rule === 'no' || rule === undefined || (rule === 'rim' && isRim)) return [];
  const match = IO.exec(text);
  return match === null ? [] : [`${relative(root, file)} does I/O or reads clock, environment or entropy: ${match[0]}`];
}

describe('the layout', () => {
  it('has a row in ARCHITECTURE.md for every room and a room for every row', () => {
    const rooms = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory());
    expect([...table.keys()].sort()).toEqual(rooms.sort());
  });

  it('gives every room that others enter one door of at most 44 lines that names what it exports', () => {
    const entered = new Set(
      [...table.values()].flatMap(({ mayImport }) => [...mayImport]).filter((room) => table.has(room)),
    );
    expect(entered.size).toBeGreaterThan(10);
    for (const room of entered) {
      const door = readFileSync(join(source, room, 'index.ts'), 'utf8');
      expect(door.trimEnd().split('\n').length, `${room}/index.ts`).toBeLessThanOrEqual(44);
      expect(door, `${room}/index.ts`).not.toMatch(/export \*/);
    }
  });

  it('imports only what the table allows, and only through doors', () => {
    expect(files.flatMap(({ file, text }) => importFaults(file, text))).toEqual([]);
  });

  it('keeps I/O, clock, environment and entropy at the rim', () => {
    expect(files.flatMap(({ file, text }) => purityFaults(file, text))).toEqual([]);
  });

  it('finds a planted fault of each kind', () => {
    const planted = join(source, 'core', 'planted.ts');
    expect(importFaults(planted, "import { x } from '../server/index.ts';")).toHaveLength(1);
    expect(importFaults(planted, "const w = new Worker(new URL('../audit/worker.ts', import.meta.url));")).toHaveLength(
      2,
    );
    expect(importFaults(join(source, 'server', 'planted.ts'), "export { x } from '../core/json.ts';")).toHaveLength(1);
    expect(purityFaults(planted, "import { readFileSync } from 'node:fs';")).toHaveLength(1);
    expect(purityFaults(planted, 'const now = Date.now();')).toHaveLength(1);
  });

  it('has no file over 400 lines, data tables and tests aside', () => {
    const long = files
      .filter(({ file }) => !/\.(test|suite|data)\.ts$/.test(file))
      .filter(({ text }) => text.split('\n').length > 401)
      .map(({ file }) => relative(root, file));
    expect(long).toEqual([]);
  });

  it('has no folder that could hold anything', () => {
    const names = filesUnder(source).flatMap((file) => relative(source, dirname(file)).split(sep));
    expect(names.filter((name) => /^(utils?|helpers?|common|types|services|shared|misc|lib)$/.test(name))).toEqual([]);
  });

  it('exports by name only and talks no type out of its job', () => {
    const forbidden =
      /^export default|: any\b|\bas any\b|<any>|as unknown as|@ts-ignore|@ts-expect-error|biome-ignore|\benum [A-Z]/m;
    const guilty = files
      .filter(({ file, text }) => !isTest(file) && forbidden.test(text))
      .map(({ file }) => relative(root, file));
    expect(guilty).toEqual([]);
  });
});
