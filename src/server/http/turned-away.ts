import type { Logger } from '../../telemetry/index.ts';

const EVERY_MS = 10_000;

/**
 * Tells the log of connections that were turned away: the first at once, the rest by their number every ten seconds,
 * since whoever is turned away could else fill the log.
 */
export function createTurnedAwayLog(logger: Pick<Logger, 'warn'>): {
  readonly onTurnedAway: () => void;
  readonly close: () => void;
} {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer = undefined;
    if (count === 0) return;
    logger.warn('connections refused', { count });
    count = 0;
    timer = setTimeout(tell, EVERY_MS);
    timer.unref();
  };
  return {
    onTurnedAway() {
      count += 1;
      if (timer === undefined) tell();
    },
    close() {
      clearTimeout(timer);
      tell();
      clearTimeout(timer);
    },
  };
}
