import type { ServerResponse } from 'node:http';

/** The answers of a port that are not through yet. */
export interface AnswersUnderWay {
  /** Follows an answer until it is out or its client has gone, and then calls `then`. */
  follow(response: ServerResponse, then: () => void): void;
  close(): void;
}

/**
 * Cuts off clients that do not take an answer which is whole: they would hold its memory for as long as they like, by a
 * window that never opens (CVE-2019-9517), or by a request that never ends, to which HTTP/2 leaves its stream open.
 */
export function createAnswersUnderWay(takeTimeoutMs: number): AnswersUnderWay {
  const open = new Set<ServerResponse>();
  const whole = new WeakMap<ServerResponse, number>();
  // One look at all of them now and then: a timer for each would cost every answer what few need.
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const response of open) {
      if (!response.writableEnded) continue;
      const since = whole.get(response);
      if (since === undefined) whole.set(response, now);
      // Under HTTP/2 this `socket` stands for the one stream.
      else if (now - since >= takeTimeoutMs) response.socket?.destroy();
    }
  }, takeTimeoutMs / 4);
  sweep.unref();
  return {
    follow(response, then) {
      open.add(response);
      response.on('close', () => {
        open.delete(response);
        then();
      });
    },
    close: () => clearInterval(sweep),
  };
}
