import type { Command } from 'commander';
import type { LegalHold } from '../../core/index.ts';
import { openAdministration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import { type Terminal, toJson, toTable } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { toOperator, withOperatorOptions } from './operator.ts';
import { type SubjectArguments, toSubject, withSubjectOptions } from './subject.ts';

export function addHoldCommands(audit: Command, terminal: Terminal): void {
  const hold = audit.command('hold').description('Keep records from being erased or removed.');
  const place = withSubjectOptions(withSetupOptions(hold.command('place')))
    .description('Place a legal hold. Recorded.')
    .addHelpText('after', '\nExample:\n  sallyport audit hold place -t bank --reason "case 4711"');
  withOperatorOptions(place).action(async (given: SubjectArguments) => {
    const acting = toOperator(given);
    const whose = toSubject(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { holds, clock, recordAct } = administration;
    await recordAct({ kind: 'administration', act: 'place a legal hold', ...acting, details: { ...whose } });
    await holds.place({ ...whose, since: clock.now() });
    terminal.out(`held: ${nameOf(whose)}`);
  });
  const lift = withSubjectOptions(withSetupOptions(hold.command('lift'))).description(
    'Lift a legal hold. Recorded. Exits 1 where there is none.',
  );
  withOperatorOptions(lift).action(async (given: SubjectArguments) => {
    const acting = toOperator(given);
    const whose = toSubject(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { holds, recordAct } = administration;
    if (!(await holds.list()).some((one) => nameOf(one) === nameOf(whose))) {
      throw new CommandError(1, `no legal hold is on ${nameOf(whose)}`);
    }
    await recordAct({ kind: 'administration', act: 'lift a legal hold', ...acting, details: { ...whose } });
    await holds.lift(whose);
    terminal.out(`no more held: ${nameOf(whose)}`);
  });
  withSetupOptions(hold.command('list'))
    .description('List legal holds.')
    .option('--json', 'print them as JSON')
    .action(async (given: SetupArguments & { readonly json?: boolean }) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const holds = await administration.holds.list();
      if (given.json) return terminal.out(toJson(holds));
      if (holds.length === 0) return terminal.out('no legal holds');
      const rows = holds.map((one) => [one.tenant, one.subject ?? 'all', new Date(one.since).toISOString()]);
      terminal.out(toTable(['tenant', 'subject', 'since'], rows));
    });
}

function nameOf({ tenant, subject }: Pick<LegalHold, 'tenant' | 'subject'>): string {
  return subject === undefined ? `all of ${tenant}` : `${tenant}/${subject}`;
}
