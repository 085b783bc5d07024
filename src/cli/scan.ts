import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { assess, parseTemplate, type Result, TemplateError, toSarif } from '../posture/index.ts';
import { version } from '../telemetry/index.ts';
import { CommandError } from './command-error.ts';
import { counted, type Terminal, toJson } from './output.ts';

interface ScanArguments {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly regions?: readonly string[];
}

const EXAMPLES = `
Examples:
  sallyport scan template stack.template.json            one template, JSON or YAML
  sallyport scan template cdk.out/*.template.json        those of one deployment, together
  sallyport scan template stack.yaml --regions eu-central-1 --sarif > findings.sarif

Reads the files alone: no AWS, no credentials. Exit codes: 0 every rule that applies passes, 1 one fails or could not be
assessed, 2 a file could not be read.`;

export function addScanCommands(program: Command, terminal: Terminal): void {
  const scan = program.command('scan').description('Find what is wrong with what is deployed around models.');

  scan
    .command('template')
    .description('Hold CloudFormation templates against the rules for Amazon Bedrock.')
    .argument('<files...>', 'templates, JSON or YAML, of one deployment')
    .option(
      '--regions <list>',
      'Regions that prompts and answers are to stay in, such as eu-central-1,eu-west-1',
      parseRegions,
    )
    .option('--json', 'print every result as JSON, passes too')
    .option('--sarif', 'print what does not pass as SARIF 2.1.0')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], given: ScanArguments) => {
      const claims = given.regions === undefined ? {} : { regions: given.regions };
      const results = await assess(files.map(readTemplate), { claims });
      terminal.out(toOutput(results, given));
      if (results.some(({ kind }) => kind !== 'pass')) throw new CommandError(1);
    });
}

function readTemplate(file: string) {
  try {
    return parseTemplate(readFileSync(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof TemplateError) throw new CommandError(2, cause.message, { cause });
    const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
    throw new CommandError(2, `${file} cannot be read${code}`, { cause });
  }
}

function toOutput(results: readonly Result[], { json, sarif }: ScanArguments): string {
  if (sarif) return toJson(toSarif(results, version));
  if (!json) return toWords(results);
  return toJson(
    results.map(({ rule, kind, file, resource, path, message }) => ({
      rule: rule.id,
      severity: rule.severity,
      result: kind,
      file,
      resource: resource.id,
      type: resource.type,
      line: resource.line,
      path,
      message,
    })),
  );
}

function toWords(results: readonly Result[]): string {
  const told = results.filter(({ kind }) => kind !== 'pass');
  const lines = told.map(({ kind, rule, file, resource, path, message }) => {
    const verdict = kind === 'fail' ? rule.severity : 'could not assess';
    const place = [resource.id, path].filter((part) => part !== '' && part !== file).join('.');
    return `${file}:${resource.line}: ${verdict}: ${rule.id}: ${place === '' ? '' : `${place}: `}${message}`;
  });
  const failed = told.filter(({ kind }) => kind === 'fail').length;
  const passed = results.length - told.length;
  lines.push(
    `${failed} failed, ${told.length - failed} could not be assessed, ${passed} passed, by ${ruleCount(results)}.`,
  );
  return lines.join('\n');
}

const ruleCount = (results: readonly Result[]) => counted(new Set(results.map(({ rule }) => rule.id)).size, 'rule');

function parseRegions(text: string): readonly string[] {
  const regions = text.split(',');
  if (regions.every((one) => /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}$/.test(one))) return regions;
  throw new InvalidArgumentError('must be AWS regions such as us-east-1,us-west-2.');
}
