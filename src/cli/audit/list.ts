import { type Command, InvalidArgumentError, Option } from 'commander';
import type { IndexedRecord, RecordQuery } from '../../core/index.ts';
import { openAdministration } from '../../server/index.ts';
import { parseFindingType } from '../finding-type.ts';
import { type Terminal, toJson, toTable } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { printable } from './describe.ts';
import { type NamedAct, readActs } from './named-acts.ts';
import { parseTime } from './time.ts';

interface ListArguments extends SetupArguments, Omit<RecordQuery, 'below'> {
  readonly cursor?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport audit list --tenant bank --from 2026-01-31
  sallyport audit list --finding CREDIT_DEBIT_CARD_NUMBER --json
  sallyport audit list --type bodyAccess                 who has read what was said`;

const TYPES = [
  'request',
  'release',
  'response',
  'administration',
  'bodyAccess',
  'change',
  'key',
  'erasure',
  'retention',
];

export function addListCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('list'))
    .description('List what is in the log, the newest first. Shows no content.')
    .option('-t, --tenant <name>', 'of this tenant')
    .option('-p, --principal <name>', 'of this principal')
    .option('-m, --model <id>', 'that asked for this model')
    .addOption(new Option('--type <type>', 'of this type').choices(TYPES))
    .option('--decision <word>', 'with this outcome, such as block, complete or failed')
    .option('--finding <type>', 'in which something of this type was found', parseFindingType)
    .option('--from <time>', 'from this time on, such as 2026-01-31 or 2026-01-31T09:30:00Z', parseTime)
    .option('--until <time>', 'before this time', parseTime)
    .option('--limit <count>', 'at most so many', parseLimit, 50)
    .option('--cursor <entry>', 'go on below this entry', parseCursor)
    .option('--json', 'print records and cursor as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ cursor, config, data, json, ...query }: ListArguments) => {
      const setup = { ...(config === undefined ? {} : { config }), ...(data === undefined ? {} : { data }) };
      await using administration = await openAdministration(toSetupOptions(setup));
      const below = cursor === undefined ? {} : { below: cursor };
      const records = await administration.audit.index.list({ ...query, ...below });
      const next = records.length === query.limit ? records.at(-1)?.index : undefined;
      const acts = await readActs(administration.audit, records);
      const shown = records.map((record) => ({ ...record, ...acts.get(record.index) }));
      if (json) terminal.out(toJson({ records: shown, ...(next === undefined ? {} : { cursor: next }) }));
      else terminal.out(records.length === 0 ? 'nothing found' : toRows(shown));
      if (next !== undefined && !json) terminal.error(`more: --cursor ${next}`);
    });
}

function toRows(records: readonly (IndexedRecord & NamedAct)[]): string {
  return toTable(
    ['entry', 'time', 'type', 'tenant', 'principal', 'model', 'outcome', 'findings', 'request', 'about'],
    records.map(({ index, time, type, tenant, principal, model = '', decision = '', findings, requestId, ...act }) => [
      String(index),
      new Date(time).toISOString(),
      type,
      tenant,
      whoOf(principal, act),
      model,
      decision,
      findings.join(' '),
      requestId,
      printable(act.request ?? ''),
    ]),
  );
}

function whoOf(principal: string, { operator, missing }: NamedAct): string {
  if (operator !== undefined) return printable(operator);
  return missing === undefined ? principal : missing === 'erased' ? missing : '–';
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,4}$/.test(text) || limit < 1 || limit > 1_000) throw new InvalidArgumentError('must be from 1 to 1000.');
  return limit;
}

function parseCursor(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be the number of an entry.');
  return Number(text);
}
