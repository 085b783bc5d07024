// `npm run -s check:templates -- DIR`: what our rules and others' say of the templates in a directory.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { acknowledgements, CheckError, judge, templateFindings, toLine } from './checks/index.ts';

const usage = `usage: npm run -s check:templates -- DIR [--all]

Holds every *.template.json of a directory against the rules of this product, Control Tower's proactive controls, cfn-lint
and checkov; the last two where they are installed (SALLYPORT_CHECKERS=install does that). Findings that are acknowledged
are left out, but with --all. Exit codes: 0 nothing was found, 1 something was, 2 a tool could not do its work.
`;

async function main([directory, option]: readonly string[]): Promise<number> {
  if (directory === undefined || directory.startsWith('-') || (option !== undefined && option !== '--all')) {
    process.stderr.write(usage);
    return 2;
  }
  const at = resolve(directory);
  const files = readdirSync(at).filter((name) => name.endsWith('.template.json'));
  if (files.length === 0) throw new CheckError(`there is no template in ${directory}`);
  const { findings, ran, skipped } = await templateFindings(files.map((name) => join(at, name)));
  const known = option === '--all' ? [] : acknowledgements;
  const { open, stale } = judge(findings, { acknowledgements: known, ran });
  for (const line of [...open.map(toLine), ...stale]) process.stdout.write(`${line}\n`);
  process.stdout.write(`${open.length} findings on ${files.length} templates by ${ran.join(', ')}\n`);
  for (const reason of skipped) process.stderr.write(`${reason}\n`);
  return open.length + stale.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isKnown = error instanceof CheckError || (error instanceof Error && 'code' in error);
  if (!isKnown) throw error;
  process.stderr.write(`check:templates: ${error.message}\n`);
  process.exitCode = 2;
}
