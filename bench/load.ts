// The load generator, a process of its own: an order comes in, its result goes back.
import { loadOrder, runLoad } from './load-run.ts';

process.on('message', async (message) => {
  process.send?.(await runLoad(loadOrder.parse(message)));
});
process.on('disconnect', () => process.exit(0));
