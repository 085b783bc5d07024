import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that can be out of reach. */
export interface LocalServer {
  readonly url: string;
  /** Cuts all connections and takes no more, until it is brought up again: at the same address, with what it has. */
  bringDown(): Promise<void>;
  bringUp(): Promise<void>;
  close(): Promise<void>;
}

/** Has a server listen on a port that is free. */
export async function serveLocally(server: Server): Promise<LocalServer> {
  async function listen(port: number): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, bringDown: close, bringUp: () => listen(port), close };
}
