import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { RequestId } from '../../core/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { parseEntryName } from './entry.ts';
import { writeNewFile } from './new-file.ts';

interface ProveArguments extends SetupArguments {
  readonly out?: string;
  readonly json?: boolean;
}

export function addProveCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('prove'))
    .description(
      'Prove that an entry is in the log: a file that anyone can check with the verifier key (C2SP tlog-proof).',
    )
    .argument('<entry>', 'its number, or the id of a request, whose request entry is proved')
    .option('-o, --out <file>', 'write it there')
    .option('--json', 'print index and proof as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit prove 4711 --out 4711.tlog-proof')
    .action(async (entry: string, given: ProveArguments) => {
      const named = parseEntryName(entry);
      await using administration = await openAdministration(toSetupOptions(given));
      const { audit } = administration;
      const index = typeof named === 'number' ? named : await indexOf(audit, named);
      const proof = await audit.prove(index);
      if (proof === undefined) throw new CommandError(1, 'the log has no such entry yet');
      if (given.out !== undefined) writeNewFile(given.out, proof);
      if (given.json) terminal.out(toJson({ index, proof }));
      else if (given.out === undefined) terminal.out(proof.trimEnd());
      if (given.out !== undefined) terminal.error(`wrote ${given.out}`);
    });
}

type Audit = Awaited<ReturnType<typeof openAdministration>>['audit'];

async function indexOf(audit: Audit, id: RequestId): Promise<number> {
  const [first] = await audit.find(id);
  if (first === undefined) throw new CommandError(1, 'no record of this request');
  if (first.index === undefined) throw new CommandError(1, 'it is in the journal, and not in the log yet');
  return first.index;
}

interface ConsistencyArguments extends SetupArguments {
  readonly json?: boolean;
}

export function addConsistencyCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('consistency'))
    .description(
      'Show that the log of one size begins with that of another. Exits 1 where a checkpoint does not agree.',
    )
    .argument('<old>', 'a size, or the file of a checkpoint that was kept')
    .argument('[new]', 'a size (default: that of the published checkpoint)', parseSize)
    .option('--json', 'print sizes, roots and proof as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit consistency /mnt/vault/2026-01-31T09.checkpoint')
    .action(async (old: string, size: number | undefined, given: ConsistencyArguments) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const { audit } = administration;
      const known = /^\d{1,15}$/.test(old) ? { size: Number(old) } : readKept(audit, old);
      if (size !== undefined && known.size > size) throw new CommandError(2, `${known.size} is more than ${size}`);
      const shown = await audit.showConsistency(known, size);
      if (given.json) terminal.out(toJson(shown));
      else terminal.out(`the log of ${shown.newSize} entries begins with that of ${shown.oldSize}`);
    });
}

function readKept(audit: Audit, file: string) {
  try {
    return audit.readCheckpoint(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CommandError(2, `\`${file}\` is no checkpoint of this log, or cannot be read`, { cause });
  }
}

function parseSize(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a number of entries.');
  return Number(text);
}
