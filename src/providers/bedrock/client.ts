import type { LookupFunction } from 'node:net';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AwsCredentials, awsHandlerSettings, awsSigningSettings } from '../../aws/index.ts';
import type { Caller } from '../../core/index.ts';
import { askForCredentials } from '../asked-credentials.ts';
import { createRetryBudget, withinBudget } from './retry-budget.ts';

/** Keys of AWS, and where they are used. */
export interface BedrockCredentials extends AwsCredentials {
  /** The region that is called with them; that of the options unless given. */
  readonly region?: string;
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
  /** Whether the region's FIPS 140-3 endpoint is taken, where none is given; false unless told. */
  readonly fips?: boolean;
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

/**
 * Makes the clients of a provider. Where calls go and how they are signed comes from `options` alone.
 *
 * INVARIANT: a client signs with one set of credentials for as long as it lives. The SDK keeps what a credential function
 * returned for whoever calls next, which would sign one tenant's request as another.
 */
export function createClients(options: BedrockOptions): BedrockClients {
  const { credentials, requestTimeoutMs, lookup, fips } = options;
  const agent = { maxSockets: Number.POSITIVE_INFINITY, ...(lookup === undefined ? {} : { lookup }) };
  // The SDK's own handler, HTTP/2, opens a TLS session for every call; this one keeps its connections.
  const requestHandler = new NodeHttpHandler(awsHandlerSettings({ requestTimeoutMs, fips, agent }));
  const createClient = clientFactory(options, requestHandler);
  const destroy = () => requestHandler.destroy();
  if (typeof credentials !== 'function') {
    const client = Promise.resolve(createClient(credentials));
    return { of: () => client, destroy };
  }
  const clients = new WeakMap<BedrockCredentials, BedrockRuntimeClient>();
  return {
    async of(caller, signal) {
      const keys = await askForCredentials(() => credentials(caller), signal);
      const client = clients.get(keys) ?? createClient(keys);
      clients.set(keys, client);
      return client;
    },
    destroy,
  };
}

function clientFactory(options: BedrockOptions, requestHandler: NodeHttpHandler) {
  const { endpoint, fips, maxAttempts = 2, retryBudget = 100 } = options;
  const budget = createRetryBudget(retryBudget);
  return (credentials: BedrockCredentials | undefined): BedrockRuntimeClient => {
    const { region = options.region } = credentials ?? {};
    const signing = awsSigningSettings({ region, endpoint, credentials, maxAttempts, fips });
    const client = new BedrockRuntimeClient({ ...signing, requestHandler });
    const strategy = client.config.retryStrategy().then((standard) => withinBudget(standard, budget));
    client.config.retryStrategy = () => strategy;
    return client;
  };
}
