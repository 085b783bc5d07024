import type { ServerResponse } from 'node:http';
import type { Outlet } from './outlet.ts';

/** The outlet of an HTTP response. `headers` go out beside those the protocol gives. */
export function createHttpOutlet(response: ServerResponse, headers: Readonly<Record<string, string>>): Outlet {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    signal: gone.signal,
    open(own) {
      response.writeHead(200, { ...headers, ...own });
    },
    write(bytes) {
      return response.write(bytes) ? undefined : drained(response);
    },
    end() {
      response.end();
    },
  };
}

/** Resolves when the client has caught up, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
    if (response.destroyed) done();
  });
}
