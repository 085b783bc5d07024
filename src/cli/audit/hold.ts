import type { Command } from 'commander';
import type { LegalHold } from '../../core/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson, toTable } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { toOperator, withOperatorOptions } from './operator.ts';
import { checkSubject, type SubjectArguments, toSubject, withSubjectOptions } from './subject.ts';

interface HoldArguments extends SubjectArguments {
  readonly unknown?: boolean;
  readonly json?: boolean;
}

export function addHoldCommands(audit: Command, terminal: Terminal): void {
  const hold = audit.command('hold').description('Keep records from being erased or removed.');
  addPlaceCommand(hold, terminal);
  addLiftCommand(hold, terminal);
  withSetupOptions(hold.command('list'))
    .description('List legal holds.')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  sallyport audit hold list\n  sallyport audit hold list --json')
    .action(async (given: SetupArguments & { readonly json?: boolean }) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const holds = await administration.holds.list();
      if (given.json) return terminal.out(toJson(holds));
      if (holds.length === 0) return terminal.out('no legal holds');
      const rows = holds.map((one) => [one.tenant, one.subject ?? 'all', new Date(one.since).toISOString()]);
      terminal.out(toTable(['tenant', 'subject', 'since'], rows));
    });
}

function addPlaceCommand(hold: Command, terminal: Terminal): void {
  const place = withSubjectOptions(withSetupOptions(hold.command('place')))
    .description('Place a legal hold. Recorded.')
    .option('--unknown', 'also on who is neither in the configuration nor in the record yet')
    .option('--json', 'print whose records are held as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit hold place -t bank --reason "case 4711"');
  withOperatorOptions(place).action(async (given: HoldArguments) => {
    const acting = toOperator(given);
    const whose = toSubject(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { holds, clock, recordAct } = administration;
    // A hold on a name that is mistyped keeps nothing, and looks as if it did.
    if (!given.unknown) await checkSubject(whose, administration);
    await recordAct({ kind: 'administration', act: 'place a legal hold', ...acting, details: { ...whose } });
    await holds.place({ ...whose, since: clock.now() });
    terminal.out(given.json ? toJson({ ...whose, held: true }) : `held: ${nameOf(whose)}`);
  });
}

function addLiftCommand(hold: Command, terminal: Terminal): void {
  const lift = withSubjectOptions(withSetupOptions(hold.command('lift')))
    .description('Lift a legal hold. Recorded. Exits 1 where there is none.')
    .option('--json', 'print whose records are held no more as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit hold lift -t bank --reason "case 4711 closed"');
  withOperatorOptions(lift).action(async (given: HoldArguments) => {
    const acting = toOperator(given);
    const whose = toSubject(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { holds, recordAct } = administration;
    if (!(await holds.list()).some((one) => nameOf(one) === nameOf(whose))) {
      throw new CommandError(1, `no legal hold is on ${nameOf(whose)}`);
    }
    await recordAct({ kind: 'administration', act: 'lift a legal hold', ...acting, details: { ...whose } });
    await holds.lift(whose);
    terminal.out(given.json ? toJson({ ...whose, held: false }) : `no more held: ${nameOf(whose)}`);
  });
}

function nameOf({ tenant, subject }: Pick<LegalHold, 'tenant' | 'subject'>): string {
  return subject === undefined ? `all of ${tenant}` : `${tenant}/${subject}`;
}
