import { hash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from './synthesis.ts';

/** A template of a release, and what whoever deploys it has to say. */
export interface PackagedTemplate {
  readonly file: string;
  readonly stack: string;
  readonly sha256: string;
  /** Parameters without a default, which have to be given. */
  readonly needed: readonly string[];
}

/** In the order in which stacks are deployed: each reads what those before it have published. */
const ORDER = [
  ...['bootstrap', 'organization', 'keys', 'network', 'bedrock', 'record', 'vault', 'gateway', 'tenants'],
  ...['tenants-published', 'vectors', 'function', 'service', 'workflow', 'alarms', 'baseline'],
];

/**
 * Copies templates out of a synthesized directory, with their checksums (`SHA256SUMS`, as `sha256sum -c` reads them) and a
 * README. What was in the directory before is removed.
 */
export function packageTemplates(
  from: string,
  out: string,
  stacks: readonly SynthesizedStack[],
): readonly PackagedTemplate[] {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const packaged = stacks
    .map(({ name, file }) => ({ name, file, place: placeOf(name) }))
    .toSorted((one, other) => one.place - other.place || (one.name < other.name ? -1 : 1))
    .map(({ name, file }): PackagedTemplate => {
      copyFileSync(join(from, file), join(out, file));
      const text = readFileSync(join(out, file), 'utf8');
      return { file, stack: name, sha256: hash('sha256', text), needed: neededParameters(text) };
    });
  writeFileSync(join(out, 'SHA256SUMS'), packaged.map(({ sha256, file }) => `${sha256}  ${file}\n`).join(''));
  writeFileSync(join(out, 'README.md'), toReadme(packaged));
  return packaged;
}

function placeOf(stack: string): number {
  const at = ORDER.indexOf(stack.replace(/^Sallyport-(?:[a-z0-9]+-)?/, ''));
  return at === -1 ? ORDER.length : at;
}

function neededParameters(template: string): readonly string[] {
  const { Parameters = {} }: { Parameters?: Readonly<Record<string, { readonly Default?: unknown }>> } =
    JSON.parse(template);
  return Object.entries(Parameters).flatMap(([name, { Default }]) => (Default === undefined ? [name] : []));
}

function toReadme(packaged: readonly PackagedTemplate[]): string {
  const rows = packaged.map(
    ({ stack, file, needed }) => `| \`${stack}\` | \`${file}\` | ${needed.map((name) => `\`${name}\``).join(', ')} |`,
  );
  return `# Templates

CloudFormation templates of one environment, without what is particular to an account: where code, configuration and image
are stands in parameters. \`sha256sum -c SHA256SUMS\` says whether they are whole. Deploy them in this order; each reads from
Systems Manager what those before it have published.

| stack | template | parameters to give |
|---|---|---|
${rows.join('\n')}

\`\`\`sh
aws cloudformation deploy --stack-name STACK --template-file TEMPLATE \\
  --capabilities CAPABILITY_NAMED_IAM --parameter-overrides NAME=VALUE …
\`\`\`

Larger templates go through a bucket: \`--s3-bucket BUCKET\`.
`;
}
