import { existsSync, readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createApprover } from '../../audit/index.ts';
import type { BodyView } from '../../core/index.ts';
import { loadSetup, openKeyRing, StartError } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { parseRequestName } from './entry.ts';
import { writeNewFile } from './new-file.ts';

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
const LONGEST_MS = 7 * 24 * HOUR_MS;

interface KeyArguments {
  readonly name: string;
  readonly passphraseFile?: string;
}

interface ApproveArguments extends KeyArguments, SetupArguments {
  readonly key: string;
  readonly for: string;
  readonly view: BodyView;
  readonly valid: number;
  readonly origin?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addApproverCommands(audit: Command, terminal: Terminal): void {
  withKeyOptions(audit.command('approver-key'))
    .description(
      'Make the key of somebody who approves readings, for its owner alone, and print the verifier key for ' +
        '`audit.approvers`. Prints that of a key file that is there.',
    )
    .argument('<file>', 'the key file; keep it away from the gateway')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit approver-key otto.key --name otto')
    .action(async (file: string, given: KeyArguments & { readonly json?: boolean }) => {
      const { verifierKey } = await openApprover(file, given);
      terminal.out(given.json ? toJson({ name: given.name, key: verifierKey }) : verifierKey);
    });
  addApproveCommand(audit, terminal);
}

function addApproveCommand(audit: Command, terminal: Terminal): void {
  withKeyOptions(withSetupOptions(audit.command('approve')))
    .description(
      'Approve that somebody reads what was said in one exchange. Needs the approver\u2019s key file alone, on whatever ' +
        'machine; the reading takes the signed approval, and records it.',
    )
    .argument('<request-id>', 'the value of x-sallyport-request-id')
    .requiredOption('-k, --key <file>', 'the approver\u2019s key file')
    .requiredOption('--for <operator>', 'who may read, as `audit show --operator` names them')
    .addOption(
      new Option('--view <view>', 'with a tag for what was found, or every word')
        .choices(['masked', 'full'])
        .default('masked'),
    )
    .addOption(
      new Option('--valid <time>', 'for so long: minutes, hours or days, as 30m, 8h or 7d')
        .argParser(parseValid)
        .default(HOUR_MS, '1h'),
    )
    .option('--origin <name>', 'the log\u2019s name (default: that of the configuration)')
    .option('-o, --out <file>', 'write it there (default: print it)')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  sallyport audit approve REQUEST_ID --key otto.key --name otto --for olga --view full --out olga.approval',
    )
    .action(async (id: string, given: ApproveArguments) => {
      const approval = await approve(id, given);
      if (given.out !== undefined) writeNewFile(given.out, approval);
      if (given.json) return terminal.out(toJson({ ...partsOf(approval), approver: given.name, approval }));
      if (given.out === undefined) terminal.out(approval.trimEnd());
      terminal.error(inWords(given, approval));
    });
}

async function approve(id: string, given: ApproveArguments): Promise<string> {
  const requestId = parseRequestName(id);
  const origin = given.origin ?? (await loadSetup(toSetupOptions(given))).config.audit.origin;
  if (!existsSync(given.key)) throw new CommandError(2, 'there is no such key file: make it with `audit approver-key`');
  const approver = await openApprover(given.key, given);
  const { for: operator, view, valid } = given;
  return told(() => approver.sign({ origin, requestId, view, operator, expiresAt: Date.now() + valid }));
}

function withKeyOptions(command: Command): Command {
  return command
    .requiredOption('-n, --name <name>', 'the approver\u2019s name, without spaces and `+`')
    .option('--passphrase-file <file>', 'a file with the passphrase of the key file');
}

/** As signed notes have it (C2SP signed-note). */
const NAME = /^[^\s\u0085+]+$/u;

async function openApprover(file: string, { name, passphraseFile }: KeyArguments) {
  if (!NAME.test(name)) throw new CommandError(2, 'the name of an approver has no spaces and no `+`');
  const passphrase = passphraseFile === undefined ? undefined : readPassphrase(passphraseFile);
  const keyRing = await openKeyRing({ keyFile: file, ...(passphrase === undefined ? {} : { passphrase }) }).catch(
    (cause: unknown) => {
      // What is a gateway's key ring is an approver's key file.
      if (cause instanceof StartError) throw new CommandError(2, cause.message.replace('the key ring', 'the key file'));
      throw cause;
    },
  );
  return told(async () => createApprover(keyRing, name));
}

function readPassphrase(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CommandError(2, 'the file of the passphrase cannot be read', { cause });
  }
}

/** So that who approves sees what for: the log of another gateway than they think, say. */
function inWords({ out, name, for: operator, view }: ApproveArguments, approval: string): string {
  const { origin, expires } = partsOf(approval);
  const wrote = out === undefined ? '' : ` (${out})`;
  return `approved by ${name} for ${operator}, ${view}, in the log ${origin}, until ${expires}${wrote}`;
}

function partsOf(approval: string) {
  const [, origin, request, view, expires, operator] = approval.split('\n');
  return { origin, request, view, expires, operator };
}

/** What makes, with what it refuses as a wrong use of the command. */
async function told<Made>(make: () => Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof RangeError) throw new CommandError(2, cause.message, { cause });
    throw cause;
  }
}

function parseValid(text: string): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,3})([mhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(milliseconds <= LONGEST_MS)) throw new InvalidArgumentError('must be as 30m, 8h or 7d, and at most 7d.');
  return milliseconds;
}
