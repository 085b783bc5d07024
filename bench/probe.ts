// Loaded into a Node target with `--import`: tells the bench of its event loop and heap when asked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between the probe's looks; a delay is what a look came late by. */
const RESOLUTION_MS = 10;
const NANOS_PER_MILLI = 1e6;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on('message', (message) => {
  if (message !== 'read' && message !== 'collect') return;
  const late = (nanos: number) => Math.max(0, nanos / NANOS_PER_MILLI - RESOLUTION_MS);
  // Collected only when asked: a full collection stops the process for longer than anything the bench looks for.
  if (message === 'collect') globalThis.gc?.();
  process.send?.({
    delayP50Ms: late(delay.percentile(50)),
    delayP99Ms: late(delay.percentile(99)),
    delayMaxMs: late(delay.max),
    heapUsedMiB: process.memoryUsage().heapUsed / 2 ** 20,
    activeResources: count(process.getActiveResourcesInfo()),
  });
  delay.reset();
});
// The channel must not keep a target alive that has finished.
process.channel?.unref();

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
