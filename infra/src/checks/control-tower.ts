import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CheckError, type Finding, stackOf } from './finding.ts';

const home = dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const rules = join(home, 'rules/control-tower/cfn-guard');
const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'ubuntu', darwin: 'macos' };
const PROCESSORS: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What `cfn-guard` says of templates by the proactive controls of AWS Control Tower. Throws a `CheckError`. */
export function controlTowerFindings(files: readonly string[]): readonly Finding[] {
  return guardFindings(files, rules).map((one) => ({ ...one, tool: 'control-tower' }));
}

/**
 * What `cfn-guard` says of templates by rules in a file or directory, one finding for each rule and resource, under
 * the control's id where the message has one and else the rule's name. Throws a `CheckError`.
 */
export function guardFindings(files: readonly string[], rulesAt: string): readonly Finding[] {
  const program = join(home, 'bin', SYSTEMS[process.platform] ?? '', PROCESSORS[process.arch] ?? '', 'cfn-guard');
  if (!existsSync(program)) throw new CheckError(`there is no cfn-guard for ${process.platform} on ${process.arch}`);
  const data = files.flatMap((file) => ['--data', file]);
  const args = [
    'validate',
    '--rules',
    rulesAt,
    ...data,
    '--output-format',
    'json',
    '--structured',
    '--show-summary',
    'none',
  ];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  // 19: a template does not comply. 5 and others: a rule or a template could not be read.
  if (status !== 0 && status !== 19) throw new CheckError(`cfn-guard ended with ${status}: ${stderr.slice(0, 500)}`);
  const reports: readonly GuardReport[] = JSON.parse(stdout);
  if (reports.length < files.length) throw new CheckError('cfn-guard left templates out');
  return reports.flatMap(({ name, not_compliant: failed }) =>
    failed.flatMap(({ Rule: rule }) => toFindings(stackOf(name), rule)),
  );
}

interface GuardReport {
  readonly name: string;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
}

/** The report nests clauses in clauses; what failed is on its resources, what is to be done in the outer message. */
function toFindings(stack: string, rule: { readonly name: string }): readonly Finding[] {
  const text = JSON.stringify(rule);
  const [, said = ''] = /"custom_message":"((?:[^"\\]|\\.)+)"/.exec(text) ?? [];
  const [control = rule.name] = /\bCT\.[A-Z0-9]+\.PR\.[0-9]+\b/.exec(said) ?? [];
  const message = said.replace(/\\n/g, ' ').replace(/\[FIX\].*|\[CT[^\]]*\]:/g, '');
  const resources = [...text.matchAll(/"path":"\/Resources\/([^/"]+)/g)].map(([, id = '']) => id);
  return [...new Set(resources.length === 0 ? [''] : resources)].map((resource) => ({
    tool: 'sallyport',
    rule: control,
    stack,
    resource,
    message,
  }));
}
