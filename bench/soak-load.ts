// The clients of the soak, a process of their own.
import { runSoak, soakOrder } from './soak-clients.ts';

process.on('message', async (message) => {
  process.send?.(await runSoak(soakOrder.parse(message)));
});
process.on('disconnect', () => process.exit(0));
