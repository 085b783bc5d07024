import { Command } from 'commander';
import { addAccessCommands } from './access.ts';
import { addAuditCommands } from './audit.ts';
import { addConfigCommands } from './config.ts';
import { addKeyCommands } from './key.ts';
import type { Terminal } from './output.ts';
import { addStartCommand } from './start.ts';
import { version } from './version.ts';

/** The command line. Each group of commands stands in a file of its own. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('sallyport')
    .description('The guarded passage between applications and generative models.')
    .version(version)
    .showHelpAfterError('(add --help for options and examples)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    })
    .exitOverride();
  addStartCommand(program, terminal);
  addConfigCommands(program, terminal);
  addKeyCommands(program, terminal);
  addAccessCommands(program, terminal);
  addAuditCommands(program, terminal);
  return program;
}
