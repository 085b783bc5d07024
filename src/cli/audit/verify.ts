import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type KeptCheckpoint,
  parseVerifierKey,
  type RecordPlace,
  readFileSink,
  type VerifiedAudit,
  verifyAudit,
} from '../../audit/index.ts';
import { loadSetup, openAdministration, type Setup, toRecordPlace } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { progress } from './progress.ts';

interface VerifyArguments extends SetupArguments {
  readonly dir?: string;
  readonly key?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly witness?: readonly string[];
  readonly withKeys?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport audit verify                                        the log of this data directory
  sallyport audit verify --with-keys                            and that every record opens to what was committed to
  sallyport audit verify --checkpoint /mnt/vault/checkpoints    against what was kept elsewhere: files or directories
  sallyport audit verify --dir COPY/audit --key "sallyport/prod+0123abcd+…"    a copy, on a machine without any key
  sallyport audit verify --config sallyport.yaml --key "sallyport/prod+0123abcd+…"    in S3, likewise`;

export function addVerifyCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('verify'))
    .description(
      'Verify the record to its last byte. Reads only. Exits 1 and names the first bad entry if it is not whole.',
    )
    .option('--dir <directory>', 'an `audit` directory, or a copy of one; needs no data directory, but --key')
    .option(
      '--key <verifier-key...>',
      'keys that checkpoints are signed with (default: that of the key ring, which is opened for it)',
    )
    .option('--checkpoint <path...>', 'checkpoints that were kept elsewhere (default: those of file sinks)')
    .option('--witness <verifier-key...>', 'keys of witnesses that cosign (default: those of the configuration)')
    .option('--with-keys', 'decrypt every record, and hold it against what its leaf commits to')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (given: VerifyArguments) => {
      checkKeys('--key', given.key);
      checkKeys('--witness', given.witness);
      const verified = await chooseWay(given)(given, terminal);
      terminal.out(given.json ? toJson(toResult(verified)) : inWords(verified));
      if (verified.faultCount > 0) throw new CommandError(1);
    });
}

function checkKeys(option: string, keys: readonly string[] = []): void {
  try {
    for (const key of keys) parseVerifierKey(key);
  } catch (cause) {
    throw new CommandError(2, `${option} takes verifier keys, each whole: \`name+id+key\``, { cause });
  }
}

type Way = (given: VerifyArguments, terminal: Terminal) => Promise<VerifiedAudit>;

function chooseWay({ dir, key, withKeys }: VerifyArguments): Way {
  if (dir !== undefined) return verifyCopy;
  return key === undefined || withKeys ? verifyOwn : verifyWithoutKeys;
}

async function verifyCopy({ dir = '', key, checkpoint, witness = [], withKeys }: VerifyArguments, terminal: Terminal) {
  if (key === undefined) throw new CommandError(2, 'a copy needs the --key that its checkpoints are signed with');
  if (withKeys) throw new CommandError(2, 'records are decrypted in their data directory alone: leave out --dir');
  const root = resolve(dir);
  if (!existsSync(join(root, 'log', 'checkpoint'))) {
    throw new CommandError(2, `${root} holds no log: expected the directory \`audit\`, with \`log/checkpoint\` in it`);
  }
  const directories = { journal: join(root, 'journal'), log: join(root, 'log'), staging: '' };
  const place: RecordPlace = { kind: 'disk', directories };
  return verifyAudit({
    place,
    verifierKeys: key,
    witnessKeys: witness,
    kept: await readKept(checkpoint ?? [], place),
    onProgress: progress(terminal),
  });
}

async function verifyOwn(given: VerifyArguments, terminal: Terminal): Promise<VerifiedAudit> {
  await using administration = await openAdministration(toSetupOptions(given));
  const { audit, config } = administration;
  // First: the log may go on meanwhile, and may not have been further.
  const own = await administration.ownCheckpoint();
  const place = toRecordPlace(administration);
  const kept = await readKept(given.checkpoint ?? fileSinksOf(config), place);
  // Awaited here: behind the return the stores are closed.
  return await verifyAudit({
    place,
    verifierKeys: given.key ?? [audit.verifierKey],
    witnessKeys: given.witness ?? config.audit.witnesses.map(({ key }) => key),
    kept: own === undefined ? kept : [...kept, own],
    onProgress: progress(terminal),
    ...(given.withKeys ? { reading: audit.reading() } : {}),
  });
}

/** By whoever was given the verifier key: opens neither the key ring nor the state, and makes none. */
async function verifyWithoutKeys(given: VerifyArguments, terminal: Terminal): Promise<VerifiedAudit> {
  const setup = await loadSetup(toSetupOptions(given));
  const { witnesses } = setup.config.audit;
  const place = toRecordPlace(setup);
  // A sink that is the gateway's to reach need not be this machine's: the verdict says what there was.
  const sinks = fileSinksOf(setup.config).filter((directory) => existsSync(directory));
  return verifyAudit({
    place,
    verifierKeys: given.key ?? [],
    witnessKeys: given.witness ?? witnesses.map(({ key }) => key),
    kept: await readKept(given.checkpoint ?? sinks, place),
    onProgress: progress(terminal),
  });
}

function fileSinksOf({ audit }: Setup['config']): readonly string[] {
  return audit.sinks.flatMap((sink) => (sink.kind === 'file' ? [sink.directory] : []));
}

async function readKept(paths: readonly string[], place: RecordPlace): Promise<readonly KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (const path of paths) {
    if (place.kind === 'disk' && !relative(place.directories.log, path).startsWith('..')) {
      throw new CommandError(2, `\`${path}\` is of the log itself: name what was kept elsewhere`);
    }
    try {
      if (statSync(path).isDirectory()) kept.push(...(await readFileSink(path)));
      else kept.push({ source: path, note: readNote(path) });
    } catch (cause) {
      throw new CommandError(2, `the checkpoint \`${path}\` cannot be read, or is none`, { cause });
    }
  }
  return kept;
}

/** A file that is no checkpoint at all says nothing of the log. */
function readNote(path: string): string {
  const note = readFileSync(path, 'utf8');
  if (!/^[^\n]+\n\d+\n[^\n]+\n(?:[^\n]+\n)*\n\u2014 /.test(note)) throw new Error('not a checkpoint');
  return note;
}

function toResult({ writers, ...verified }: VerifiedAudit): object {
  return { result: verdictOf(verified), ...verified, writers: writers.size };
}

function verdictOf({
  faultCount,
  anchors,
  cosigners,
}: Pick<VerifiedAudit, 'faultCount' | 'anchors' | 'cosigners'>): string {
  if (faultCount > 0) return 'damaged';
  return anchors > 0 || cosigners.length > 0 ? 'verified' : 'internally consistent';
}

function inWords(verified: VerifiedAudit): string {
  const { origin, size, root, faults, faultCount, cosigners, erased, removed, unsequenced } = verified;
  const lines = [
    `${verdictOf(verified)}: ${size} entries of ${origin === '' ? 'a log without a checkpoint' : origin}`,
    `  root          ${Buffer.from(root).toString('base64')}`,
    `  checkpoints   ${keptInWords(verified)}`,
    ...(cosigners.length > 0 ? [`  witnesses     ${cosigners.join(', ')}`] : []),
    ...(unsequenced > 0 ? [`  journal       ${unsequenced} entries are not in the log yet`] : []),
    ...(erased > 0 ? [`  erased        ${erased} records, as the log says`] : []),
    ...(removed > 0 ? [`  removed       ${removed} records, as the log says`] : []),
    ...faults.map(({ index, path, message }) => {
      const place = [index === undefined ? [] : [`entry ${index}`], path === undefined ? [] : [path]].flat();
      return `  bad           ${[...place, message].join(': ')}`;
    }),
    ...(faultCount > faults.length ? [`  and ${faultCount - faults.length} more`] : []),
  ];
  return lines.join('\n');
}

function keptInWords({ kept, anchors }: VerifiedAudit): string {
  if (kept === 0) return 'none was kept elsewhere, or given: who holds disk and key could have written another log';
  return `${anchors === kept ? kept : `${anchors} of ${kept}`} kept elsewhere agree`;
}
