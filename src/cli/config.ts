import type { Command } from 'commander';
import { configJsonSchema } from '../config/index.ts';
import { checkSetup } from '../server/index.ts';
import { counted, type Terminal, toJson } from './output.ts';

interface CheckArguments {
  readonly config?: string;
  readonly json?: boolean;
}

export function addConfigCommands(program: Command, terminal: Terminal): void {
  const config = program.command('config').description('Check the configuration, or print its JSON Schema.');

  config
    .command('check')
    .description('Check a configuration whole: shape, references, policies. Exits 2 and names file, line and column.')
    .argument('[file]', 'the configuration (default: ./sallyport.yaml)')
    .option('-c, --config <file>', 'the same, as other commands take it')
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', '\nExamples:\n  sallyport config check\n  sallyport config check bank.yaml --json')
    .action(async (named: string | undefined, given: CheckArguments) => {
      const file = named ?? given.config ?? 'sallyport.yaml';
      const summary = await checkSetup({ configFile: file });
      if (given.json) return terminal.out(toJson(summary));
      const models = counted(summary.models, 'model');
      const principals = counted(summary.principals, 'principal');
      const policies = counted(summary.policies, 'policy', 'policies');
      terminal.out(`${file} is valid: ${models}, ${principals}, ${policies}.`);
      for (const { tenant, provider, role, region, models: usable } of summary.roles ?? []) {
        terminal.out(`${tenant} on ${provider} in ${region}: role of ${role}; ${usable.join(', ') || 'no model'}`);
      }
    });

  config
    .command('schema')
    .description('Print the JSON Schema (draft 7) of sallyport.yaml, for editors.')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport config schema > sallyport.schema.json\n' +
        '  then begin the file with: # yaml-language-server: $schema=./sallyport.schema.json',
    )
    .action(() => terminal.out(toJson(configJsonSchema())));
}
