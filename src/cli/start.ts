import type { Command } from 'commander';
import { startGateway } from '../server/index.ts';
import type { Terminal } from './output.ts';
import { parsePort, toSetupOptions, withSetupOptions } from './setup-options.ts';
import { welcome } from './welcome.ts';

const EXAMPLES = `
Examples:
  sallyport start                              the demo, or ./sallyport.yaml where there is one
  sallyport start --config bank.yaml           a configuration of your own
  sallyport start --port 9000 --admin-port 9001 --data /var/lib/sallyport`;

export function addStartCommand(program: Command, terminal: Terminal): void {
  withSetupOptions(program.command('start'))
    .description('Start the gateway; without a configuration, a demo that needs no AWS account.')
    .option('-p, --port <number>', 'port for applications (default: $SALLYPORT_PORT, else 8080)', parsePort)
    .option('--admin-port <number>', 'port for operators (default: $SALLYPORT_ADMIN_PORT, else 8081)', parsePort)
    .option('--json', 'print the addresses as JSON instead of the welcome')
    .addHelpText('after', EXAMPLES)
    .action(async (given) => {
      const gateway = await startGateway(toSetupOptions(given));
      const { endpoint, adminEndpoint, demo } = gateway;
      terminal.out(given.json ? JSON.stringify({ endpoint, adminEndpoint }) : welcome(gateway, demo));
      // What a daemon is told by to read again; unheard, it would end the process.
      const renew = () => void gateway.renewCertificates();
      process.on('SIGHUP', renew);
      await stopSignal();
      await gateway.close();
      process.off('SIGHUP', renew);
    });
}

/** Resolves on the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) {
      process.once(signal, () => {
        for (const other of signals) process.once(other, () => process.exit(130));
        resolve();
      });
    }
  });
}
