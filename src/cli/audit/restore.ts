import type { Command } from 'commander';
import { HeadNotRestoredError } from '../../audit/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { type OperatorArguments, toOperator, withOperatorOptions } from './operator.ts';

interface RestoreArguments extends SetupArguments, OperatorArguments {
  readonly json?: boolean;
}

export function addRestoreCommand(audit: Command, terminal: Terminal): void {
  const command = withSetupOptions(audit.command('restore'))
    .description(
      "Make the log's head anew from the published log, where the state was lost or put back from a backup. Recorded.",
    )
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
A gateway whose log says \`StaleHeadError\` goes on by itself after this. Verify first: what is published is what it
goes on from. Keys of records that were made since the backup are not in it, and those records stay unreadable.

Example:
  sallyport audit verify && sallyport audit restore --reason "state put back from the backup of Sunday"`,
    );
  withOperatorOptions(command).action(async (given: RestoreArguments) => {
    const acting = toOperator(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const restored = await administration.restoreHead().catch((error: unknown) => {
      if (error instanceof HeadNotRestoredError) throw new CommandError(1, error.message);
      throw error;
    });
    await administration.recordAct({
      kind: 'administration',
      act: 'restore the head',
      ...acting,
      details: { ...restored },
    });
    terminal.out(
      given.json
        ? toJson(restored)
        : `the log goes on behind its ${restored.to} entries; the head had ${restored.from}`,
    );
  });
}
