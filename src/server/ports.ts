import { randomBytes } from 'node:crypto';
import type { Config } from '../config/index.ts';
import type {
  Authorizer,
  ContentPolicy,
  CredentialStore,
  DocumentReader,
  Journal,
  KeyRing,
  Model,
  Provider,
  Stage,
} from '../core/index.ts';
import { maskStage, maskText } from '../deidentify/index.ts';
import { detectors as detectorTable } from '../detectors/index.ts';
import { createOutputGuards, detectStage, guardInputStage } from '../guardrails/index.ts';
import { createAuthenticator } from '../identity/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../protocols/index.ts';
import type { Logger } from '../telemetry/index.ts';
import { createAdminPort } from './admin-port.ts';
import { createDataPort } from './data-port.ts';
import { createPassage } from './passage.ts';
import { createReasoningSeals } from './reasoning-seal.ts';
import { contentAccessStage } from './stages.ts';
import { toStartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';

export interface PortsOptions {
  readonly config: Config;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly journal: Journal;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly documents: DocumentReader;
  readonly logger: Logger;
}

/** The two ports of a gateway. */
export interface Ports {
  /** Resolves to the base addresses. Throws a `StartError` where a port cannot be had. */
  listen(ports: { readonly port: number; readonly adminPort: number }): Promise<Addresses>;
  /** Turns readiness off, stops accepting and waits for requests under way, for `graceMs` at most. */
  close(graceMs: number): Promise<void>;
}

export interface Addresses {
  readonly endpoint: string;
  readonly adminEndpoint: string;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Joins every room into the ports. */
export function createPorts(options: PortsOptions): Ports {
  const { config, authorizer, credentials, keyRing, journal, providers, documents, logger } = options;
  const { listen, limits, region } = config;
  const models = toModels(config);
  let closing = false;
  const isClosing = () => closing;
  const data = createDataPort({
    clock: systemClock,
    logger,
    authenticator: createAuthenticator({ credentials, keyRing, clock: systemClock, service: 'bedrock', region }),
    authorizer,
    journal,
    models,
    protocols: [bedrockProtocol, openaiProtocol, anthropicProtocol],
    pass: createPassage({
      clock: systemClock,
      authorizer,
      journal,
      models,
      providers,
      stages: createStages(authorizer, config.inspection),
      createOutputGuard: createOutputGuards({ detectors, policy: config.inspection, mask: maskText }),
      seals: createReasoningSeals(keyRing, randomBytes),
      documents,
      upstreamTimeoutMs: limits.upstreamTimeoutMs,
    }),
    limits,
    loopbackOnly: LOOPBACK.has(listen.host),
    isClosing,
  });
  const admin = createAdminPort({
    journal,
    isClosing,
    limits,
    loopbackOnly: LOOPBACK.has(listen.adminHost),
  });
  return {
    async listen({ port, adminPort }) {
      const adminEndpoint = await bind(admin, adminPort, listen.adminHost);
      return { adminEndpoint, endpoint: await bind(data, port, listen.host) };
    },
    async close(graceMs) {
      closing = true;
      await Promise.all([data.close(graceMs), admin.close(graceMs)]);
    },
  };
}

const detectors = Object.values(detectorTable);

/** The input side in its order; the passage adds the record stage. */
function createStages(authorizer: Authorizer, policy: ContentPolicy): readonly Stage[] {
  return [
    detectStage(detectors, policy),
    guardInputStage(policy),
    maskStage(detectors, policy),
    contentAccessStage(authorizer, policy),
  ];
}

function toModels({ models }: Config): ReadonlyMap<string, Model> {
  return new Map(models.map((model) => [model.id, model]));
}

async function bind(
  port: { listen(port: number, host: string): Promise<number> },
  number: number,
  host: string,
): Promise<string> {
  try {
    const bound = await port.listen(number, host);
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  } catch (error) {
    throw toStartError(error, `cannot listen on ${host} port ${number}`);
  }
}
