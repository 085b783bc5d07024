import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type KeptCheckpoint, readFileSink, type VerifiedAudit, verifyAudit } from '../../audit/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';

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
  sallyport audit verify --dir COPY/audit --key "sallyport/prod+0123abcd+…"    a copy, on a machine without any key`;

export function addVerifyCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('verify'))
    .description(
      'Verify the record to its last byte. Reads only. Exits 1 and names the first bad entry if it is not whole.',
    )
    .option('--dir <directory>', 'an `audit` directory, or a copy of one; needs no data directory, but --key')
    .option('--key <verifier-key...>', 'keys that checkpoints are signed with (default: that of the key ring)')
    .option('--checkpoint <path...>', 'checkpoints that were kept elsewhere (default: those of file sinks)')
    .option('--witness <verifier-key...>', 'keys of witnesses that cosign (default: those of the configuration)')
    .option('--with-keys', 'decrypt every record, and hold it against what its leaf commits to')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (given: VerifyArguments) => {
      const verified = given.dir === undefined ? await verifyOwn(given, terminal) : await verifyCopy(given, terminal);
      terminal.out(given.json ? toJson(toResult(verified)) : inWords(verified));
      if (verified.faultCount > 0) throw new CommandError(1);
    });
}

async function verifyCopy({ dir = '', key, checkpoint, witness = [], withKeys }: VerifyArguments, terminal: Terminal) {
  if (key === undefined) throw new CommandError(2, 'a copy needs the --key that its checkpoints are signed with');
  if (withKeys) throw new CommandError(2, 'records are decrypted in their data directory alone: leave out --dir');
  const root = resolve(dir);
  return verifyAudit({
    directories: { journal: join(root, 'journal'), log: join(root, 'log') },
    verifierKeys: key,
    witnessKeys: witness,
    kept: await readKept(checkpoint ?? []),
    onProgress: progress(terminal),
  });
}

async function verifyOwn(given: VerifyArguments, terminal: Terminal): Promise<VerifiedAudit> {
  await using administration = await openAdministration(toSetupOptions(given));
  const { audit, config, directory } = administration;
  const sinks = config.audit.sinks.flatMap((sink) => (sink.kind === 'file' ? [sink.directory] : []));
  // Awaited here: behind the return the stores are closed.
  return await verifyAudit({
    directories: { journal: directory.journalDirectory, log: directory.logDirectory },
    verifierKeys: given.key ?? [audit.verifierKey],
    witnessKeys: given.witness ?? config.audit.witnesses.map(({ key }) => key),
    kept: await readKept(given.checkpoint ?? sinks),
    onProgress: progress(terminal),
    ...(given.withKeys ? { reading: audit.reading() } : {}),
  });
}

async function readKept(paths: readonly string[]): Promise<readonly KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (const path of paths) {
    try {
      if (statSync(path).isDirectory()) kept.push(...(await readFileSink(path)));
      else kept.push({ source: path, note: readFileSync(path, 'utf8') });
    } catch (cause) {
      throw new CommandError(2, `the checkpoint \`${path}\` cannot be read`, { cause });
    }
  }
  return kept;
}

const EVERY_MS = 1_000;

/** Says how far it is, about once a second. */
function progress(terminal: Terminal): (done: number, size: number) => void {
  let next = Date.now() + EVERY_MS;
  return (done, size) => {
    const now = Date.now();
    if (now < next) return;
    next = now + EVERY_MS;
    terminal.error(`${done} of ${size} entries`);
  };
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
  const { origin, size, root, faults, faultCount, anchors, cosigners, erased, removed, unsequenced } = verified;
  const lines = [
    `${verdictOf(verified)}: ${size} entries of ${origin === '' ? 'a log without a checkpoint' : origin}`,
    `  root          ${Buffer.from(root).toString('base64')}`,
    `  checkpoints   ${anchors === 0 ? 'none was kept elsewhere: who holds disk and key could have written another log' : `${anchors} kept elsewhere agree`}`,
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
