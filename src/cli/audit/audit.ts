import type { Command } from 'commander';
import { openAdministration } from '../../server/index.ts';
import { type Terminal, toJson } from '../output.ts';
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
    .action(async (given: SetupArguments) => {
      await using administration = await openAdministration(toSetupOptions(given));
      terminal.out(administration.audit.verifierKey);
    });
}

function addReindexCommand(audit: Command, terminal: Terminal): void {
  withSetupOptions(audit.command('reindex'))
    .description('Make the index anew from the log. It holds no content; what was erased is left out.')
    .option('--json', 'print how many records as JSON')
    .action(async (given: SetupArguments & { readonly json?: boolean }) => {
      await using administration = await openAdministration(toSetupOptions(given));
      // A log that cannot be read makes no index: the one there is stays.
      await administration.audit.objects.read('checkpoint');
      await administration.audit.index.clear();
      const records = await administration.audit.updateIndex();
      terminal.out(given.json ? toJson({ records }) : `${records} records indexed`);
    });
}
