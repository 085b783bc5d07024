import type { Command } from 'commander';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { counted, type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { addApproverCommands } from './approve.ts';
import { addEraseCommand } from './erase.ts';
import { addExportCommand } from './export.ts';
import { addHoldCommands } from './hold.ts';
import { addListCommand } from './list.ts';
import { addConsistencyCommand, addProveCommand } from './prove.ts';
import { addRekeyCommand } from './rekey.ts';
import { addRestoreCommand } from './restore.ts';
import { addShowCommand } from './show.ts';
import { addVerifyCommand } from './verify.ts';

export function addAuditCommands(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('Read, verify and keep the record.');
  addListCommand(audit, terminal);
  addShowCommand(audit, terminal);
  addVerifyCommand(audit, terminal);
  addProveCommand(audit, terminal);
  addConsistencyCommand(audit, terminal);
  addApproverCommands(audit, terminal);
  addHoldCommands(audit, terminal);
  addEraseCommand(audit, terminal);
  addExportCommand(audit, terminal);
  addKeyCommand(audit, terminal);
  addRekeyCommand(audit, terminal);
  addReindexCommand(audit, terminal);
  addRestoreCommand(audit, terminal);
}

function addKeyCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('key'))
    .description('Print the verifier key of the log: give it to whoever is to check checkpoints, proofs or copies.')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  node june/verify.mjs june --key "$(sallyport audit key)"')
    .action(async (given: SetupArguments & { readonly json?: boolean }) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const { verifierKey } = administration.audit;
      terminal.out(given.json ? toJson({ key: verifierKey }) : verifierKey);
    });
}

function addReindexCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('reindex'))
    .description('Make the index anew from the log. It holds no content; what was erased is left out.')
    .option('--json', 'print how many records as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit reindex')
    .action(async (given: SetupArguments & { readonly json?: boolean }) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const { audit: log } = administration;
      // What there is of an index says more than a log that is not there.
      if ((await log.objects.read('checkpoint')) === undefined && (await log.index.position()) > 0) {
        throw new CommandError(2, 'the log has no checkpoint, and the index stays as it is: run `audit verify`');
      }
      const { records, damaged, damage } = await log.renewIndex();
      terminal.out(given.json ? toJson({ records }) : `${counted(records, 'record')} indexed`);
      if (damage === undefined) return;
      const more = damaged === 1 ? '' : ` (and ${damaged - 1} more)`;
      throw new CommandError(2, `${damage.message}${more}`, { cause: damage });
    });
}
