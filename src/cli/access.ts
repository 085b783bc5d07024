import { type Command, Option } from 'commander';
import { type Config, proposal } from '../config/index.ts';
import { type Action, type FindingType, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createSetupAuthorizer, loadSetup } from '../server/index.ts';
import { CommandError } from './command-error.ts';
import { parseFindingType } from './finding-type.ts';
import { type Terminal, toJson } from './output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from './setup-options.ts';

interface TestOptions extends SetupArguments {
  readonly principal: string;
  readonly model: string;
  readonly action: Action;
  readonly found?: readonly FindingType[];
  readonly remaining?: readonly FindingType[];
  readonly json?: boolean;
}

export function addAccessCommands(program: Command, terminal: Terminal): void {
  const access = program.command('access').description('Ask the policies.');
  withSetupOptions(access.command('test'))
    .description('Say whether a principal may do an action on a model, and which policy decides. Exits 1 if not.')
    .requiredOption('-p, --principal <tenant/name>', 'the principal')
    .requiredOption('-m, --model <id>', 'the model')
    .addOption(
      new Option('-a, --action <name>', 'the action')
        .choices(['InvokeModel', 'InvokeModelWithResponseStream', 'ListModels'])
        .default('InvokeModel'),
    )
    .option('--found <types>', 'finding types in the prompt, separated by commas', parseTypes)
    .option('--remaining <types>', 'those that remain after rewriting', parseTypes)
    .option('--json', 'print the decision as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport access test -p demo/titanOnly -m amazon.titan-text-express-v1\n' +
        '  sallyport access test -p demo/developer -m amazon.nova-lite-v1:0 --found EMAIL --json',
    )
    .action((given: TestOptions) => test(given, terminal));
}

async function test(given: TestOptions, terminal: Terminal): Promise<void> {
  const [tenant = '', principal = '', ...rest] = given.principal.split('/');
  if (principal === '' || rest.length > 0) throw new CommandError(2, 'the principal must be given as tenant/name');
  const caller = { tenant: parseTenantId(tenant), principal: parsePrincipalId(principal) };
  const model = parseModelId(given.model);
  const setup = await loadSetup(toSetupOptions(given));
  const authorizer = createSetupAuthorizer(setup);
  checkKnown(given, setup.config);
  const decision = authorizer.decide({
    caller,
    action: given.action,
    model,
    ...(given.found === undefined && given.remaining === undefined
      ? {}
      : { content: { found: given.found ?? given.remaining ?? [], remaining: given.remaining ?? [] } }),
  });
  const policies = decision.policies.map((policy) => `\`${policy}\``).join(', ');
  if (given.json) terminal.out(toJson(decision));
  else if (decision.allowed) terminal.out(`allowed by ${policies}`);
  else if (decision.failed) terminal.out(`denied: evaluating failed in ${policies}`);
  else terminal.out(policies === '' ? 'denied: no policy permits it' : `denied by ${policies}`);
  if (!decision.allowed) throw new CommandError(1);
}

/** A name that is mistyped would be denied, and look as if a policy had done it. */
function checkKnown({ principal, model }: TestOptions, { tenants, models }: Config): void {
  const principals = tenants.flatMap((tenant) => tenant.principals.map(({ name }) => `${tenant.name}/${name}`));
  const ids: readonly string[] = models.map(({ id }) => id);
  if (!principals.includes(principal)) {
    throw new CommandError(2, `the configuration has no principal \`${principal}\`${proposal(principal, principals)}`);
  }
  if (!ids.includes(model)) {
    throw new CommandError(2, `the configuration has no model \`${model}\`${proposal(model, ids)}`);
  }
}

function parseTypes(text: string): readonly FindingType[] {
  return text.split(',').map(parseFindingType);
}
