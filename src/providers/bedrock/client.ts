import type { LookupFunction } from 'node:net';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Caller, GatewayError } from '../../core/index.ts';
import { toCancelled } from '../cancelled.ts';
import { createRetryBudget, withinBudget } from './retry-budget.ts';

/** Keys of AWS, as the SDK takes them. */
export interface BedrockCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface BedrockOptions {
  readonly name: string;
  readonly region: string;
  /** URL of the Bedrock Runtime endpoint, such as that of a VPC endpoint. Default: the region's own. */
  readonly endpoint?: string;
  /**
   * Default: the AWS SDK's credential chain. A function is asked for each request, with whom it is for, and keeps what
   * it hands out itself: the same object is taken for the same credentials, and costs nothing the second time.
   */
  readonly credentials?: BedrockCredentials | ((caller: Caller) => Promise<BedrockCredentials>);
  /** Milliseconds until a try's answer must begin, and that it may pause once it has. */
  readonly requestTimeoutMs: number;
  /** How often a call is tried before it fails; 2 unless given. None is tried again once its answer has begun. */
  readonly maxAttempts?: number;
  /** How many retries all requests together may take within 10 seconds; 100 unless given. */
  readonly retryBudget?: number;
  /** How names are looked up when a connection is made; by the system unless given. */
  readonly lookup?: LookupFunction;
}

/** The clients of one provider. */
export interface BedrockClients {
  /** The one whose calls are signed for a caller. Rejects with `upstreamForbidden` where credentials cannot be had. */
  of(caller: Caller, signal: AbortSignal): Promise<BedrockRuntimeClient>;
  destroy(): void;
}

const CONNECTION_TIMEOUT_MS = 5_000;

/**
 * Makes the clients of one region. Where calls go and how they are signed comes from `options` alone: endpoint, bearer
 * token, FIPS and retry settings of the environment and of AWS's files are not read. Credentials are, where none are
 * given.
 *
 * INVARIANT: a client signs with one set of credentials for as long as it lives. The SDK keeps what a credential function
 * returned for whoever calls next, which would sign one tenant's request as another.
 */
export function createClients(options: BedrockOptions): BedrockClients {
  const { credentials, requestTimeoutMs, lookup } = options;
  const agent = {
    keepAlive: true,
    maxSockets: Number.POSITIVE_INFINITY,
    ...(lookup === undefined ? {} : { lookup }),
  };
  // The SDK's own handler, HTTP/2, opens a TLS session for every call; this one keeps its connections.
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    socketTimeout: requestTimeoutMs,
    httpAgent: agent,
    httpsAgent: { ...agent, minVersion: 'TLSv1.2' },
  });
  const createClient = clientFactory(options, requestHandler);
  const destroy = () => requestHandler.destroy();
  if (typeof credentials !== 'function') {
    const client = Promise.resolve(createClient(credentials));
    return { of: () => client, destroy };
  }
  const clients = new WeakMap<BedrockCredentials, BedrockRuntimeClient>();
  return {
    async of(caller, signal) {
      const keys = await credentialsFor(() => credentials(caller), signal);
      const client = clients.get(keys) ?? createClient(keys);
      clients.set(keys, client);
      return client;
    },
    destroy,
  };
}

function clientFactory(options: BedrockOptions, requestHandler: NodeHttpHandler) {
  const { region, endpoint, maxAttempts = 2, retryBudget = 100 } = options;
  const budget = createRetryBudget(retryBudget);
  return (credentials: BedrockCredentials | undefined): BedrockRuntimeClient => {
    const client = new BedrockRuntimeClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      maxAttempts,
      retryMode: 'standard',
      defaultsMode: 'standard',
      // A bearer token in the environment would win over explicit credentials.
      authSchemePreference: ['aws.auth#sigv4'],
      ignoreConfiguredEndpointUrls: true,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      userAgentAppId: 'sallyport',
      requestHandler,
    });
    const strategy = client.config.retryStrategy().then((standard) => withinBudget(standard, budget));
    client.config.retryStrategy = () => strategy;
    return client;
  };
}

/** Waits no longer than the call may take: the owner of the hook may be waiting for another service. */
async function credentialsFor(
  ask: () => Promise<BedrockCredentials>,
  signal: AbortSignal,
): Promise<BedrockCredentials> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(toCancelled(signal));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([ask(), aborted.promise]);
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : new GatewayError('upstreamForbidden', { cause });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
