import { setTimeout as pause } from 'node:timers/promises';
import { isLoopbackHost } from '../config/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { createAdminPort } from './admin-port.ts';
import { createDataPort } from './data-port.ts';
import type { Port } from './http/port.ts';
import type { Certificates } from './http/tls-certificates.ts';
import { createTurnedAwayLog } from './http/turned-away.ts';
import { joinRooms, type OpenRooms } from './joined-rooms.ts';
import type { Phase } from './reception.ts';
import { toStartError } from './start-error.ts';

export interface PortsOptions extends OpenRooms {
  readonly metrics: Metrics;
  readonly certificates?: PortCertificates;
}

/** The two ports of a gateway. */
export interface Ports {
  /** Resolves to the base addresses. Throws a `StartError` where a port cannot be had. */
  listen(ports: { readonly port: number; readonly adminPort: number }): Promise<Addresses>;
  /**
   * Turns readiness off, after the configured delay stops accepting, and waits for requests under way, for as long as
   * the configuration says. The admin port goes on telling of it until the data port is closed.
   */
  close(): Promise<void>;
}

/** Those of the ports that speak TLS. */
export interface PortCertificates {
  readonly data?: Certificates;
  readonly admin?: Certificates;
}

export interface Addresses {
  readonly endpoint: string;
  readonly adminEndpoint: string;
}

/** An answer of the admin port takes no time; what is left after it is a connection that is not used. */
const ADMIN_GRACE_MS = 1_000;

/** Joins every room into the ports. */
export function createPorts(options: PortsOptions): Ports {
  const { config, recordState, logger, metrics, certificates = {} } = options;
  const { listen, limits } = config;
  const { onTurnedAway, close: tellTurnedAway } = createTurnedAwayLog(logger);
  let phase: Phase = 'serving';
  let isListening = false;
  const data = createDataPort({
    ...joinRooms(options),
    limits,
    ...securedBy(certificates.data),
    onTurnedAway,
    loopbackOnly: isLoopbackHost(listen.host),
    phase: () => phase,
  });
  const admin = createAdminPort({
    metrics,
    recordState,
    isReady: () => phase === 'serving',
    limits,
    ...securedBy(certificates.admin),
    onTurnedAway,
    loopbackOnly: isLoopbackHost(listen.adminHost),
  });
  return {
    async listen({ port, adminPort }) {
      const scheme = (secured: Certificates | undefined): Address['scheme'] =>
        secured === undefined ? 'http' : 'https';
      const adminAt = { port: adminPort, host: listen.adminHost, scheme: scheme(certificates.admin) };
      const adminEndpoint = await bind(admin, adminAt);
      const endpoint = await bind(data, { port, host: listen.host, scheme: scheme(certificates.data) });
      isListening = true;
      return { adminEndpoint, endpoint };
    },
    async close() {
      if (isListening) {
        phase = 'draining';
        data.drain();
        await pause(limits.drainDelayMs);
      }
      phase = 'closing';
      await data.close(limits.drainMs);
      await admin.close(ADMIN_GRACE_MS);
      tellTurnedAway();
    },
  };
}

function securedBy(certificates: Certificates | undefined) {
  return certificates === undefined ? {} : { certificates };
}

interface Address {
  readonly port: number;
  readonly host: string;
  readonly scheme: 'http' | 'https';
}

async function bind(port: Pick<Port, 'listen'>, { port: number, host, scheme }: Address): Promise<string> {
  try {
    const bound = await port.listen(number, host);
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  } catch (error) {
    throw toStartError(error, `cannot listen on ${host} port ${number}`);
  }
}
