import type { Command } from 'commander';
import { type FoundRecord, headerOf, toMaskedEvents, toMaskedParts } from '../../audit/index.ts';
import { parseRequestId } from '../../core/index.ts';
import { type Administration, openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { describeRecord, type ShownRecord } from './describe.ts';
import { type OperatorArguments, toOperator, withOperatorOptions } from './operator.ts';

type View = 'header' | 'masked' | 'full';

interface ShowArguments extends SetupArguments, OperatorArguments {
  readonly body?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport audit show REQUEST_ID                                   who, what, and what was decided
  sallyport audit show REQUEST_ID --body --reason "case 4711"       what was said, with a tag for what was found in it
  sallyport audit show REQUEST_ID --full --reason "case 4711"       every word of it`;

export function addShowCommand(audit: Command, terminal: Terminal): void {
  const command = withSetupOptions(audit.command('show'))
    .description('Show the record of one exchange or act. Exits 1 if there is none. Reading what was said is recorded.')
    .argument('<request-id>', 'the value of x-sallyport-request-id')
    .option('--body', 'show prompt and answer, masked as the policies masked them')
    .option('--full', 'show prompt and answer as they were')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', EXAMPLES);
  withOperatorOptions(command).action(async (id: string, given: ShowArguments) => {
    const requestId = parseRequestId(id.toLowerCase());
    const view: View = given.full ? 'full' : given.body ? 'masked' : 'header';
    const operator = view === 'header' ? undefined : toOperator(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const records = await administration.audit.find(requestId);
    if (records.length === 0) throw new CommandError(1, 'no record of this request');
    // Recorded before it is shown: a reading that cannot be recorded does not take place.
    if (operator !== undefined) await recordReading(administration, { requestId, view, operator });
    terminal.out(given.json ? toJson(records.map(viewers[view].asJson)) : records.map(inWords(view)).join('\n'));
  });
}

interface Reading {
  readonly requestId: string;
  readonly view: View;
  readonly operator: ReturnType<typeof toOperator>;
}

function recordReading({ recordAct }: Administration, { requestId, view, operator }: Reading): Promise<void> {
  return recordAct({ kind: 'bodyAccess', act: 'read a body', ...operator, details: { request: requestId, view } });
}

const inWords = (view: View) => (found: FoundRecord) => describeRecord(viewers[view].asShown(found));

interface Viewer {
  readonly asShown: (found: FoundRecord) => ShownRecord;
  readonly asJson: (found: FoundRecord) => object;
}

const viewers: Readonly<Record<View, Viewer>> = {
  header: { asShown: placed, asJson: (found) => ({ ...placeOf(found), ...headerOf(found.record) }) },
  masked: {
    asShown: masked,
    asJson: (found) => ({ ...placeOf(found), ...headerOf(found.record), ...masked(found).content }),
  },
  full: { asShown: full, asJson: (found) => ({ ...placeOf(found), ...found.record }) },
};

function placeOf({ index, leafHash }: FoundRecord): object {
  return { ...(index === undefined ? {} : { index }), leafHash: Buffer.from(leafHash).toString('hex') };
}

function placed({ record, index }: FoundRecord): ShownRecord {
  return { record, ...(index === undefined ? {} : { index }) };
}

function masked(found: FoundRecord): ShownRecord {
  const { record } = found;
  switch (record.kind) {
    case 'request':
      return { ...placed(found), content: { prompt: toMaskedParts(record) } };
    case 'release':
      return { ...placed(found), content: { answer: toMaskedEvents(record.events) } };
    case 'response':
      return { ...placed(found), content: { answer: toMaskedEvents(record.released ?? []) } };
    default:
      return placed(found);
  }
}

function full(found: FoundRecord): ShownRecord {
  const { record } = found;
  switch (record.kind) {
    case 'request':
      return { ...placed(found), content: { prompt: record.original, sent: record.rewritten ?? [] } };
    case 'release':
      return { ...placed(found), content: { answer: record.events } };
    case 'response':
      return { ...placed(found), content: { answer: record.released ?? [] } };
    default:
      return placed(found);
  }
}
