import type { Command } from 'commander';
import { journalTable } from '../audit/index.ts';
import type { AwsClientOptions } from '../aws/index.ts';
import { loadSetup } from '../server/index.ts';
import { checkDynamoDBTable, createDynamoDBTable, stateTable, type TableDefinition } from '../state/index.ts';
import { CommandError } from './command-error.ts';
import { type Terminal, toJson } from './output.ts';

interface StateOptions {
  readonly config?: string;
  readonly kmsKey?: string;
  readonly json?: boolean;
}

const CONFIG = ['-c, --config <file>', 'configuration (default: ./sallyport.yaml)'] as const;

export function addStateCommands(program: Command, terminal: Terminal): void {
  const state = program.command('state').description('Make or check the tables of a state in DynamoDB.');

  state
    .command('create')
    .description(
      'Make the tables that are missing, with point-in-time recovery, and wait until they can be used. Never changes one that is there. Exits 1 where one of those is another than it is to be.',
    )
    .option(...CONFIG)
    .option(
      '--kms-key <key>',
      "id, ARN or alias of the KMS key that new tables are under (default: one of DynamoDB's own)",
    )
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport state create\n  sallyport state create --config bank.yaml --kms-key alias/sallyport',
    )
    .action((given: StateOptions) => create(given, terminal));

  state
    .command('check')
    .description('Tell whether the tables are there, and what they are to be. Exits 1 where not.')
    .option(...CONFIG)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExamples:\n  sallyport state check\n  sallyport state check --config bank.yaml --json')
    .action((given: StateOptions) => check(given, terminal));
}

interface ConfiguredTable extends AwsClientOptions {
  /** What is in it. */
  readonly use: string;
  readonly table: string;
  readonly definition: TableDefinition;
}

/** The tables that a configuration names. Rejects where it names none. */
async function loadTables({ config: configFile }: StateOptions): Promise<readonly ConfiguredTable[]> {
  const { config } = await loadSetup(configFile === undefined ? {} : { configFile });
  const { state, fips } = config;
  if (state.kind !== 'dynamodb')
    throw new CommandError(2, 'the configuration has its state in a file, not in DynamoDB');
  const { region, endpoint, table } = state;
  const place = { region, endpoint, fips };
  return [
    { use: 'state', table, definition: stateTable, ...place },
    { use: 'journal', table: state.journalTable, definition: journalTable, ...place },
  ];
}

async function create(given: StateOptions, terminal: Terminal): Promise<void> {
  const { kmsKey } = given;
  const rows = [];
  for (const { use, ...options } of await loadTables(given)) {
    const made = await carryOut(() => createDynamoDBTable({ ...options, ...(kmsKey === undefined ? {} : { kmsKey }) }));
    const problems = await carryOut(() => checkDynamoDBTable(options));
    const { isCreated: created, ...more } = made;
    rows.push({ use, table: options.table, created, ...more, problems });
  }
  if (given.json) terminal.out(toJson(rows));
  for (const { use, table, created, pointInTimeRecovery } of given.json ? [] : rows) {
    terminal.out(`${use}: ${table} ${created ? 'was made' : 'is there already, and was left as it is'}`);
    if (pointInTimeRecovery === false) {
      terminal.error(`${use}: ${table} has no point-in-time recovery, which this DynamoDB does not offer`);
    }
  }
  refuseProblems(rows);
}

async function check(given: StateOptions, terminal: Terminal): Promise<void> {
  const rows = [];
  for (const { use, ...options } of await loadTables(given)) {
    rows.push({ use, table: options.table, problems: await carryOut(() => checkDynamoDBTable(options)) });
  }
  if (given.json) terminal.out(toJson(rows));
  for (const { use, table, problems } of given.json ? [] : rows) {
    if (problems.length === 0) terminal.out(`${use}: ${table} is as it is to be`);
  }
  refuseProblems(rows);
}

interface Checked {
  readonly use: string;
  readonly table: string;
  readonly problems: readonly string[];
}

function refuseProblems(rows: readonly Checked[]): void {
  const lines = rows.flatMap(({ use, table, problems }) => problems.map((problem) => `${use}: ${table}: ${problem}`));
  if (lines.length > 0) throw new CommandError(1, lines.join('; '));
}

/** What DynamoDB refuses is told by its name; what it says beside that may be about the account. */
async function carryOut<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new CommandError(2, cause instanceof Error ? cause.message : 'unknown error', { cause });
  }
}
