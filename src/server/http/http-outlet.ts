import type { ServerResponse } from 'node:http';
import type { ClientSignal, Outlet } from '../passage/outlet.ts';

/**
 * The outlet of an HTTP response. `headers` go out beside those the protocol gives; the receipt is put among them. A client that stays but takes
 * nothing for `stallTimeoutMs` is cut off: it would hold its model call for as long as it likes.
 */
export function createHttpOutlet(
  response: ServerResponse,
  headers: Record<string, string>,
  stallTimeoutMs: number,
): Outlet {
  const signal = createClientSignal(response);
  // INVARIANT: what is asked below is this signal and not the response, which under HTTP/2 has no `destroyed`.
  return {
    signal,
    promise(receipt) {
      headers['x-sallyport-record'] = receipt;
    },
    open(own) {
      response.writeHead(200, { ...headers, ...own });
    },
    write(bytes) {
      if (signal.aborted) return undefined;
      return response.write(bytes) ? undefined : drained(response, stallTimeoutMs);
    },
    end() {
      response.end();
    },
  };
}

function createClientSignal(response: ServerResponse): ClientSignal {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_type: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  response.on('close', () => {
    // Both are asked: a stream of HTTP/2 that the client reset counts as finished with all that was written so far.
    if (response.writableEnded && response.writableFinished) return;
    signal.aborted = true;
    for (const listener of listeners) listener();
  });
  return signal;
}

/** Resolves when the client has caught up, or goes; it must not have gone before. */
function drained(response: ServerResponse, stallTimeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    // Under HTTP/2 this `socket` stands for the one stream.
    const stalled = setTimeout(() => response.socket?.destroy(), stallTimeoutMs);
    const done = () => {
      clearTimeout(stalled);
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
