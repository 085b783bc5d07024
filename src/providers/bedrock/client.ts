import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Keys of AWS, as the SDK takes them. `expiration` makes the SDK ask a provider function again in time. */
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
  /** Default: the AWS SDK's credential chain. */
  readonly credentials?: BedrockCredentials | (() => Promise<BedrockCredentials>);
  /** Milliseconds until a try's answer must begin, and that it may pause once it has. */
  readonly requestTimeoutMs: number;
  /** How often a call is tried before it fails; 2 unless given. None is tried again once its answer has begun. */
  readonly maxAttempts?: number;
}

const CONNECTION_TIMEOUT_MS = 5_000;

/**
 * Makes the client of one region. Where calls go and how they are signed comes from `options` alone: endpoint, bearer
 * token, FIPS and retry settings of the environment and of AWS's files are not read. Credentials are, where none are
 * given.
 */
export function createClient(options: BedrockOptions): BedrockRuntimeClient {
  const { region, endpoint, credentials, requestTimeoutMs, maxAttempts = 2 } = options;
  return new BedrockRuntimeClient({
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
    // The SDK's own handler, HTTP/2, opens a TLS session for every call; this one keeps its connections.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
      httpAgent: { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, minVersion: 'TLSv1.2' },
    }),
  });
}
