import type { Terminal } from '../output.ts';

const EVERY_MS = 1_000;

/** Says how far it is in a log, about once a second. */
export function progress(terminal: Terminal): (done: number, size: number) => void {
  let next = Date.now() + EVERY_MS;
  return (done, size) => {
    const now = Date.now();
    if (now < next) return;
    next = now + EVERY_MS;
    terminal.error(`${done} of ${size} entries`);
  };
}
