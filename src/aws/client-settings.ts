import type { LookupFunction } from 'node:net';
import { approvedTls } from './approved-tls.ts';

/** Keys of AWS, as the SDK takes them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AwsClientOptions {
  readonly region: string;
  /** URL of the service's endpoint, such as that of a VPC endpoint. Default: the region's own. */
  readonly endpoint?: string | undefined;
  /** Default: the AWS SDK's credential chain, asked for each request. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
  /** Milliseconds until a try's answer must begin, and that it may pause; 10,000 unless given. */
  readonly requestTimeoutMs?: number | undefined;
  /** How often a call is tried; 3 unless given. */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether the region's FIPS 140-3 endpoint is taken, where no endpoint is given, and approved TLS alone is spoken; false
   * unless told.
   */
  readonly fips?: boolean | undefined;
}

/**
 * A call that nobody answers ends after (connection + request) × attempts and the SDK's pauses: 45 seconds at worst, 30 of
 * a service that connects and then says nothing. A function cannot wait for that: its handler keeps its own time.
 */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ATTEMPTS = 3;

/**
 * Settings of every client of AWS but for what sends its requests. Where those go and how they are signed comes from
 * `options` alone; endpoints, retries, FIPS and region settings of the environment and of AWS's files are not read.
 * Credentials are, where none are given.
 */
export function awsSigningSettings(options: Omit<AwsClientOptions, 'requestTimeoutMs'>) {
  const { region, endpoint, credentials, maxAttempts = MAX_ATTEMPTS, fips = false } = options;
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    // A bearer token in the environment would win over explicit credentials.
    authSchemePreference: ['aws.auth#sigv4'],
    ignoreConfiguredEndpointUrls: true,
    // The SDK refuses an endpoint of one's own together with either of the two.
    useFipsEndpoint: fips && endpoint === undefined,
    useDualstackEndpoint: false,
    userAgentAppId: 'sallyport',
  };
}

interface AwsHandlerOptions extends Pick<AwsClientOptions, 'requestTimeoutMs' | 'fips'> {
  readonly agent?: { readonly maxSockets?: number; readonly lookup?: LookupFunction } | undefined;
}

/** Settings of a `NodeHttpHandler` for clients of AWS. */
export function awsHandlerSettings({ requestTimeoutMs = REQUEST_TIMEOUT_MS, fips, agent }: AwsHandlerOptions) {
  const kept = { keepAlive: true, ...agent };
  return {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    socketTimeout: requestTimeoutMs,
    httpAgent: kept,
    httpsAgent: { ...kept, minVersion: 'TLSv1.2', ...(fips ? approvedTls : {}) },
  } as const;
}

/** Both together, for a client's constructor. */
export async function awsClientSettings(options: AwsClientOptions) {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return { ...awsSigningSettings(options), requestHandler: new NodeHttpHandler(awsHandlerSettings(options)) };
}
