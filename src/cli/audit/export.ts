import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ExportError, type ExportedLog, type ExportLogOptions, exportFormats, exportLog } from '../../audit/index.ts';
import { type Administration, openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { parseFindingType } from '../finding-type.ts';
import { counted, type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { type Operator, type OperatorArguments, toOperator, withReasonOptions } from './operator.ts';
import { progress } from './progress.ts';
import { parseTime } from './time.ts';

type Filter = ExportLogOptions['filter'];

interface ExportArguments extends SetupArguments, Omit<OperatorArguments, 'approver'>, Filter {
  readonly out: string;
  readonly format: ExportLogOptions['formats'];
  readonly body: ExportLogOptions['context']['body'];
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport audit export --out june --from 2026-06-01 --until 2026-07-01 --format jsonl csv
  sallyport audit export --out case --tenant bank --body full --reason "case 4711"
  node june/verify.mjs june --key "$(sallyport audit key)" --checkpoint /mnt/vault/checkpoints/*

The last one runs anywhere, with Node.js alone.`;

export function addExportCommand(audit: Command, terminal: Terminal): void {
  const command = withSetupOptions(audit.command('export'))
    .description(
      'Write exchanges to a directory, with all that it takes to verify them without a key. Content is left out unless ' +
        'it is asked for: that takes policies that permit reading all of it (ReadAuditBody, ReadAuditBodyUnmasked) ' +
        'without an approval, and is recorded; so is a refusal.',
    )
    .requiredOption('-o, --out <directory>', 'where to; must not be there, or be empty')
    .addOption(
      new Option('--format <format...>', 'forms of the exchanges')
        .choices(Object.keys(exportFormats))
        .default(['jsonl'], 'jsonl'),
    )
    .addOption(
      new Option('--body <how>', 'prompts and answers: none, masked, or every word')
        .choices(['none', 'masked', 'full'])
        .default('none'),
    )
    .option('-t, --tenant <name>', 'of this tenant')
    .option('-p, --principal <name>', 'of this principal')
    .option('-m, --model <id>', 'that asked for this model')
    .option('--decision <word>', 'with this outcome, such as block, complete or failed')
    .option('--finding <type>', 'in which something of this type was found', parseFindingType)
    .option('--from <time>', 'begun at this time or later, such as 2026-01-31 or 2026-01-31T09:30:00Z', parseTime)
    .option('--until <time>', 'begun before this time', parseTime)
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', EXAMPLES);
  withReasonOptions(command).action(async (given: ExportArguments) => {
    const operator = given.body === 'none' ? undefined : toOperator(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const exported = await exportFrom(administration, { given, operator, terminal });
    terminal.out(given.json ? toJson({ directory: given.out, ...exported }) : inWords(given.out, exported));
  });
}

interface Exporting {
  readonly given: ExportArguments;
  readonly operator: Operator | undefined;
  readonly terminal: Terminal;
}

async function exportFrom(administration: Administration, exporting: Exporting): Promise<ExportedLog> {
  const { audit, config } = administration;
  const { given, operator, terminal } = exporting;
  const { out, format: formats, body } = given;
  const filter = toFilter(given);
  const details = { request: 'export', view: body, formats, ...filter };
  const reading = operator === undefined || body === 'none' ? undefined : { ...operator, view: body, details };
  try {
    return await exportLog({
      objects: audit.objects,
      ...audit.reading(),
      directory: resolve(out),
      formats,
      filter,
      context: { environment: config.environment, region: config.region, body },
      ...(reading === undefined
        ? {}
        : { beforeWriting: (exchanges) => administration.permitExport({ ...reading, exchanges }) }),
      onProgress: progress(terminal),
    });
  } catch (cause) {
    if (cause instanceof ExportError) throw new CommandError(2, cause.message, { cause });
    throw cause;
  }
}

function toFilter({ tenant, principal, model, decision, finding, from, until }: ExportArguments): Filter {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(principal === undefined ? {} : { principal }),
    ...(model === undefined ? {} : { model }),
    ...(decision === undefined ? {} : { decision }),
    ...(finding === undefined ? {} : { finding }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

function inWords(directory: string, exported: ExportedLog): string {
  const { origin, size, exchanges, entries, withoutRequest, erased, removed } = exported;
  return [
    `${counted(exchanges, 'exchange')} written to ${directory}`,
    `  entries       ${entries} of ${size} of ${origin}`,
    ...(withoutRequest > 0 ? [`  not whole     ${withoutRequest}, whose request cannot be read any more`] : []),
    ...(erased > 0 ? [`  erased        ${erased} records of the log`] : []),
    ...(removed > 0 ? [`  removed       ${removed} records of the log`] : []),
  ].join('\n');
}
