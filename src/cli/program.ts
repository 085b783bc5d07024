import { Command } from 'commander';
import { version } from '../telemetry/index.ts';
import { addAccessCommands } from './access.ts';
import { addAuditCommands } from './audit/audit.ts';
import { addConfigCommands } from './config.ts';
import { addGuardrailCommands } from './guardrail/guardrail.ts';
import { addKeyCommands } from './key.ts';
import type { Terminal } from './output.ts';
import { addReceiptCommands } from './receipt.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addScanCommands } from './scan.ts';
import { addStartCommand } from './start.ts';
import { addStateCommands } from './state.ts';

const EXAMPLES = `
Examples:
  sallyport start                                        the gateway; a demo where there is no sallyport.yaml
  sallyport config check                                 is the configuration sound?
  sallyport key create -t bank -p teller-app             a credential, shown once
  sallyport access test -p bank/teller-app -m MODEL      may it use this model, and who says so?
  sallyport guardrail test CASES                         does the guardrail still do what it is to?
  sallyport audit show REQUEST_ID                        who asked what, and what was decided
  sallyport audit verify                                 is the record whole?
  sallyport reconcile s3://BUCKET/PREFIX                 did anyone call Bedrock past the gateway?
  sallyport scan template FILE                           is what is deployed sound?

Every command has --help with examples. Exit codes: 0 done, 1 the answer is no, 2 it could not be carried out.`;

/** The command line. Each group of commands stands in a file of its own. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('sallyport')
    .description('The guarded passage between applications and generative models.')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(add --help for options and examples)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    })
    .exitOverride();
  addStartCommand(program, terminal);
  addConfigCommands(program, terminal);
  addStateCommands(program, terminal);
  addKeyCommands(program, terminal);
  addAccessCommands(program, terminal);
  addGuardrailCommands(program, terminal);
  addAuditCommands(program, terminal);
  addReceiptCommands(program, terminal);
  addReconcileCommand(program, terminal);
  addScanCommands(program, terminal);
  return program;
}
