import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { GuardrailCall, GuardrailResult } from '../../core/index.ts';
import { maskText } from '../../deidentify/index.ts';
import { evaluate, type Guardrail, GuardrailError } from '../../guardrails/index.ts';
import { guardrailParts, knownDetectors } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { counted, type Terminal, toJson } from '../output.ts';
import { contentOf, type GuardrailCase, guardrailCases, namesFound } from './guardrail-cases.ts';
import { readDocument, readGuardrailFile, requireGuardrail } from './guardrail-file.ts';

const CASES = `
A file of cases:
  guardrail: bank.json                                   # from the directory of this file
  cases:
    - name: cards are masked
      content: my card is 4111 1111 1111 1111            # or a list; a text may have qualifiers
      expect: { action: ANONYMIZE, found: [CREDIT_DEBIT_CARD_NUMBER] }`;

const examples = {
  check: `
Examples:
  sallyport guardrail check guardrails/*.json            are these policies of CreateGuardrail that can be applied here?`,
  hash: `
Examples:
  sallyport guardrail hash guardrails/bank.json          what sallyport.yaml names a version of it by`,
  apply: `
Examples:
  sallyport guardrail apply guardrails/bank.json "my card is 4111 1111 1111 1111"
  sallyport guardrail apply guardrails/bank.json --source OUTPUT --json < answer.txt`,
  test: `
Examples:
  sallyport guardrail test guardrails/bank.cases.yaml    does it still do what these cases say?
${CASES}`,
};

export function addGuardrailCommands(program: Command, terminal: Terminal): void {
  const guardrail = program
    .command('guardrail')
    .description('Work on guardrails, in files of the JSON of CreateGuardrail. Needs no gateway and no AWS.');

  guardrail
    .command('check')
    .description('Check policies, and tell their hashes. Exits 1 where one cannot be applied here.')
    .argument('<files...>', 'policies, JSON or YAML')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', examples.check)
    .action((files: readonly string[], given: { readonly json?: boolean }) => check(files, given, terminal));

  guardrail
    .command('hash')
    .description('Print the SHA-256 of a policy, for `sha256` in the configuration.')
    .argument('<file>', 'a policy, JSON or YAML')
    .option('--json', 'print it as JSON')
    .addHelpText('after', examples.hash)
    .action((file: string, { json }: { readonly json?: boolean }) => {
      const { sha256 } = requireGuardrail(file);
      terminal.out(json ? toJson({ sha256 }) : sha256);
    });

  guardrail
    .command('apply')
    .description('Say what a policy makes of a text. Exits 1 where it blocks.')
    .argument('<file>', 'a policy, JSON or YAML')
    .argument('[text]', 'the text; read from standard input where it is not given')
    .addOption(new Option('--source <side>', 'whose text it is').choices(['INPUT', 'OUTPUT']).default('INPUT'))
    .option('--full', 'tell also what was not found')
    .option('--json', 'print the whole assessment as JSON')
    .addHelpText('after', examples.apply)
    .action((file: string, text: string | undefined, given: ApplyOptions) =>
      apply(file, { ...given, text: text ?? readFileSync(0, 'utf8').replace(/\n$/, '') }, terminal),
    );

  guardrail
    .command('test')
    .description('Hold a policy to cases. Exits 1 where one fails.')
    .argument('<file>', 'cases, YAML or JSON')
    .option('--json', 'print every case as JSON')
    .addHelpText('after', examples.test)
    .action((file: string, given: { readonly json?: boolean }) => test(file, given, terminal));
}

function check(files: readonly string[], { json }: { readonly json?: boolean }, terminal: Terminal): void {
  const checked = files.map((file) => {
    try {
      return { file, sha256: readGuardrailFile(file).sha256, problems: [] };
    } catch (error) {
      if (!(error instanceof GuardrailError)) throw error;
      return { file, problems: error.problems };
    }
  });
  if (json) terminal.out(toJson(checked));
  else {
    for (const { file, sha256, problems } of checked) {
      if (sha256 !== undefined) terminal.out(`${file}: sound, sha256 ${sha256}`);
      for (const problem of problems) terminal.out(`${file}: ${problem}`);
    }
  }
  if (checked.some(({ problems }) => problems.length > 0)) throw new CommandError(1);
}

interface ApplyOptions {
  readonly source: 'INPUT' | 'OUTPUT';
  readonly full?: boolean;
  readonly json?: boolean;
}

function apply(
  file: string,
  { source, full = false, json, text }: ApplyOptions & { readonly text: string },
  terminal: Terminal,
): void {
  const { guardrail } = requireGuardrail(file);
  const result = applied(guardrail, { side: toSide(source), content: [{ text }] }, full);
  if (json) terminal.out(toJson(result));
  else {
    const found = namesFound(result.assessment).join(', ');
    terminal.error(`${result.outcome}${found === '' ? '' : `: ${found}`}`);
    terminal.out(result.outcome === 'NONE' ? text : result.outputs.join('\n'));
  }
  if (result.outcome === 'BLOCK') throw new CommandError(1);
}

function test(file: string, { json }: { readonly json?: boolean }, terminal: Terminal): void {
  const parsed = guardrailCases.safeParse(readDocument(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(2, `${file}: \`${issue?.path.join('.')}\`: ${issue?.message}`);
  }
  const { guardrail } = requireGuardrail(resolve(dirname(file), parsed.data.guardrail));
  const results = parsed.data.cases.map((one) => ({ name: one.name, problems: problemsOf(one, guardrail) }));
  const failed = results.filter(({ problems }) => problems.length > 0);
  if (json) terminal.out(toJson(results));
  else {
    for (const { name, problems } of failed) terminal.out(`failed: ${name}: ${problems.join('; ')}`);
    terminal.out(`${counted(results.length, 'case')}, ${failed.length} failed`);
  }
  if (failed.length > 0) throw new CommandError(1);
}

function problemsOf(one: GuardrailCase, guardrail: Guardrail): readonly string[] {
  const { expect: expected, source } = one;
  const { outcome, outputs, assessment } = applied(guardrail, { side: toSide(source), content: contentOf(one) }, false);
  const found = namesFound(assessment);
  const output = outputs.join('\n');
  const missing = (expected.found ?? []).filter((name) => !found.includes(name));
  return [
    ...(outcome === expected.action ? [] : [`${outcome}, not ${expected.action}`]),
    ...(missing.length === 0 ? [] : [`not found: ${missing.join(', ')}; found: ${found.join(', ') || 'nothing'}`]),
    ...(expected.output === undefined || expected.output === output ? [] : [`the output is ${JSON.stringify(output)}`]),
  ];
}

function applied(
  guardrail: Guardrail,
  call: Pick<GuardrailCall, 'side' | 'content'>,
  isFull: boolean,
): GuardrailResult {
  const { classifiers } = guardrailParts;
  const steps = evaluate(guardrail, call, {
    detectors: knownDetectors,
    classifiers,
    mask: maskText,
    view: { isFull, isExact: true },
  });
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

function toSide(source: 'INPUT' | 'OUTPUT'): 'input' | 'output' {
  return source === 'INPUT' ? 'input' : 'output';
}
