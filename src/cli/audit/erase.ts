import type { Command } from 'commander';
import { erase } from '../../audit/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { counted, type Terminal, toJson } from '../output.ts';
import { toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { toOperator, withOperatorOptions } from './operator.ts';
import { type SubjectArguments, toSubject, withSubjectOptions } from './subject.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

export function addEraseCommand(audit: Command, terminal: Terminal): void {
  const command = withSubjectOptions(withSetupOptions(audit.command('erase')))
    .description(
      'Erase what was recorded: destroy its keys. Recorded; cannot be undone. Exits 1 where a legal hold is on it, or ' +
        'nothing was recorded.',
    )
    .option('--json', 'print what was destroyed as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  sallyport audit erase -t bank -p teller-app --reason "request 17 under Article 17"',
    );
  withOperatorOptions(command).action(async (given: SubjectArguments & { readonly json?: boolean }) => {
    const acting = toOperator(given);
    const whose = toSubject(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { wrappedKeys: keys, holds, audit, clock, recordAct, config } = administration;
    const erased = await erase(whose, acting, { keys, holds, index: audit.index, clock, recordAct });
    const completeAt = new Date(clock.now() + config.audit.backupDays * DAY_MS).toISOString();
    if (erased.keys.length === 0) throw new CommandError(1, 'nothing was recorded of it');
    if (given.json) return terminal.out(toJson({ ...erased, completeAt }));
    terminal.out(
      `${counted(erased.keys.length, 'key')} destroyed; complete once backups of the state ` +
        `made before now are gone, by ${completeAt}`,
    );
  });
}
