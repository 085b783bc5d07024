import type { Command } from 'commander';
import { openAdministration } from '../../server/index.ts';
import { counted, type Terminal, toJson } from '../output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from '../setup-options.ts';
import { type OperatorArguments, toOperator, withOperatorOptions } from './operator.ts';

interface RekeyArguments extends SetupArguments, OperatorArguments {
  readonly json?: boolean;
}

export function addRekeyCommand(audit: Command, terminal: Terminal): void {
  const command = withSetupOptions(audit.command('rekey'))
    .description(
      'Wrap every record key anew, under another wrapping key of the key ring. Recorded; records stay as they are.',
    )
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit rekey --reason "yearly"');
  withOperatorOptions(command).action(async (given: RekeyArguments) => {
    const acting = toOperator(given);
    await using administration = await openAdministration(toSetupOptions(given));
    const { audit, recordAct } = administration;
    const { generation, keys } = await audit.rekey();
    await recordAct({ kind: 'key', act: 'rekey', ...acting, details: { generation, keys } });
    terminal.out(
      given.json ? toJson({ generation, keys }) : `${counted(keys, 'key')} wrapped anew, by wrapping key ${generation}`,
    );
  });
}
