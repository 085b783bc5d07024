import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { openAdministration } from '../server/index.ts';
import { CommandError } from './command-error.ts';
import { type Terminal, toJson } from './output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from './setup-options.ts';

const EXAMPLES = `
Examples:
  curl -si … | tee answer.http; sallyport receipt check answer.http
  echo "$RECEIPT" | sallyport receipt check -`;

export function addReceiptCommands(program: Command, terminal: Terminal): void {
  const receipt = program.command('receipt').description('Check what a gateway promised to record.');
  withSetupOptions(receipt.command('check'))
    .description('Say whether the entry that a receipt promises is in the log. Exits 1 if it is not.')
    .argument(
      '<file>',
      'a file with the value of x-sallyport-record, or with an answer and its headers; - reads standard input',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, given: SetupArguments & { readonly json?: boolean }) => {
      const text = toReceipt(readText(file));
      await using administration = await openAdministration(toSetupOptions(given));
      const { audit, clock } = administration;
      const checked = await audit.checkReceipt(text, clock.now()).catch((cause: unknown) => {
        throw cause instanceof Error && cause.message === 'not a receipt'
          ? new CommandError(2, 'this is no receipt', { cause })
          : cause;
      });
      const { receipt, ...outcome } = checked;
      const { origin, leafHash, time, maximumMergeDelay } = receipt;
      const promised = { origin, leafHash: Buffer.from(leafHash).toString('hex'), time, maximumMergeDelay };
      terminal.out(given.json ? toJson({ ...outcome, ...promised }) : words[outcome.kind]({ ...outcome, time }));
      if (outcome.kind !== 'kept') throw new CommandError(1);
    });
}

interface Outcome {
  readonly index?: number;
  readonly time: number;
}

const words = {
  kept: ({ index, time }: Outcome) => `kept: entry ${index}, promised ${new Date(time).toISOString()}`,
  pending: ({ time }: Outcome) => `pending: promised ${new Date(time).toISOString()}, and its time has not come yet`,
  broken: ({ time }: Outcome) => `broken: promised ${new Date(time).toISOString()}, and not in the log`,
  foreign: () => 'foreign: no key that this log certifies has signed it',
} as const;

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new CommandError(2, `\`${file}\` cannot be read`, { cause });
  }
}

/** The receipt of an answer's headers, or the text itself. */
function toReceipt(text: string): string {
  return (/^x-sallyport-record:[ \t]*(\S+)/im.exec(text)?.[1] ?? text).trim();
}
