import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBedrockLog } from './bedrock-log.ts';
import { toCsvHeader, toCsvLine } from './csv.ts';
import { contextOf, everything, exchange } from './export-fixture.suite.ts';
import { JSONL_SCHEMA, toJsonl } from './jsonl.ts';
import { toOcsf } from './ocsf.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/export.md'), 'utf8');
const context = contextOf('masked');

/** The blocks of code of a language, in order. */
function shown(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);
}

/** What stands under a heading. */
function section(name: string): string {
  return page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
}

function namesIn(value: object): readonly string[] {
  return Object.entries(value).flatMap(([name, inner]) => [
    name,
    ...(typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? namesIn(inner) : []),
  ]);
}

describe('the page on export formats', () => {
  it('shows an exchange in each format as it is written', () => {
    const examples = shown('json').map((code) => JSON.parse(code));
    expect(examples).toEqual([
      JSON.parse(toJsonl(exchange, context)),
      toBedrockLog(exchange, context),
      toOcsf(exchange, context),
    ]);
    expect(examples.map((example) => JSON.stringify(example))).toEqual([
      toJsonl(exchange, context).trimEnd(),
      JSON.stringify(toBedrockLog(exchange, context)),
      JSON.stringify(toOcsf(exchange, context)),
    ]);
    expect(shown('csv').map((code) => code.replaceAll('\n', '\r\n'))).toEqual([
      toCsvHeader() + toCsvLine(exchange, context),
    ]);
  });

  it('names every member of a line of JSON', () => {
    const { request, releases, response, ...line } = JSON.parse(
      toJsonl(everything, contextOf('full', { accountId: '1' })),
    );
    const { findingCounts: _, ...asked } = request;
    const { findingCounts, ...told } = response;
    const members = [...namesIn(line), ...namesIn(asked), ...namesIn(releases[0]), ...namesIn(told)];
    expect(findingCounts).toBeDefined();
    for (const name of [...members, 'findingCounts', 'masked', 'edits']) {
      expect(section('JSON Lines'), name).toContain(`\`${name}\``);
    }
    expect(section('JSON Lines')).toContain(`\`${JSONL_SCHEMA}\``);
  });

  it('lists the columns of CSV in order', () => {
    const rows = [...section('CSV').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(toCsvHeader().trimEnd().slice(1, -1).split('","'));
  });

  it('names every member of the Bedrock log', () => {
    const { requestMetadata, input, output, ...entry } = toBedrockLog(everything, contextOf('full')) ?? {};
    expect(requestMetadata).toBeDefined();
    for (const name of [...namesIn(entry), ...Object.keys({ ...input, ...output }), 'input', 'output']) {
      expect(section('Bedrock log'), name).toContain(`\`${name}\``);
    }
  });
});
