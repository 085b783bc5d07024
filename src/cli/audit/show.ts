import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type FoundRecord, headerOf, toMaskedEvents, toMaskedParts } from '../../audit/index.ts';
import type { BodyView, RequestId } from '../../core/index.ts';
import { type Administration, openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { describeRecord, type ShownRecord } from './describe.ts';
import { parseEntryName } from './entry.ts';
import { type OperatorArguments, toOperator, withReasonOptions } from './operator.ts';

type View = 'header' | BodyView;

interface ShowArguments extends SetupArguments, Omit<OperatorArguments, 'approver'> {
  readonly approval?: string;
  readonly body?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport audit show REQUEST_ID                                   who, what, and what was decided
  sallyport audit show REQUEST_ID --body --reason "case 4711"       what was said, with a tag for what was found in it
  sallyport audit show REQUEST_ID --full --reason "case 4711"       every word of it
  sallyport audit show REQUEST_ID --full --reason "case 4711" --approval olga.approval    where policies want one`;

export function addShowCommand(audit: Command, terminal: Terminal): void {
  const command = withSetupOptions(audit.command('show'))
    .description(
      'Show the record of one exchange or act. Exits 1 if there is none, or it can no longer be read. Reading what was ' +
        'said takes a policy that permits it (ReadAuditBody, ReadAuditBodyUnmasked), and is recorded; so is a refusal.',
    )
    .argument('<entry>', 'the value of x-sallyport-request-id, the id that the answer has, or the number of an entry')
    .option('--body', 'show prompt and answer, with a tag for everything that was found')
    .option('--full', 'show prompt and answer as they were')
    .option('--approval <file>', 'a signed approval of it, as `audit approve` makes')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', EXAMPLES);
  withReasonOptions(command).action(async (entry: string, given: ShowArguments) => {
    const named = parseEntryName(entry);
    const view: View = given.full ? 'full' : given.body ? 'masked' : 'header';
    const reading = view === 'header' ? undefined : { ...toOperator(given), ...toApproval(given), view };
    await using administration = await openAdministration(toSetupOptions(given));
    const { audit } = administration;
    const requestId = typeof named === 'number' ? await idAt(audit, named) : named;
    const records = await audit.find(requestId);
    if (records.length === 0) throw new CommandError(1, 'no record of this request');
    // Permitted and recorded before it is shown: a reading that cannot be recorded does not take place.
    if (reading !== undefined) await administration.permitReading({ requestId, records, ...reading });
    terminal.out(given.json ? toJson(records.map(viewers[view].asJson)) : records.map(inWords(view)).join('\n'));
  });
}

async function idAt(audit: Administration['audit'], index: number): Promise<RequestId> {
  const found = await audit.at(index);
  if (found !== undefined) return found.record.requestId;
  const { newSize } = await audit.showConsistency({ size: 0 });
  throw new CommandError(1, index < newSize ? 'this entry was removed' : 'the log has no such entry yet');
}

function toApproval({ approval }: ShowArguments): { readonly approval?: string } {
  if (approval === undefined) return {};
  try {
    return { approval: readFileSync(approval, 'utf8') };
  } catch (cause) {
    throw new CommandError(2, 'the approval cannot be read', { cause });
  }
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
      return { ...placed(found), content: { original: record.original, sent: record.rewritten ?? [] } };
    case 'release':
      return { ...placed(found), content: { answer: record.events } };
    case 'response':
      return { ...placed(found), content: { answer: record.released ?? [] } };
    default:
      return placed(found);
  }
}
