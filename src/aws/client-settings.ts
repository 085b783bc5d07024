/** Keys of AWS, as the SDK takes them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsClientOptions {
  readonly region: string;
  /** URL of the service's endpoint, such as that of a VPC endpoint. Default: the region's own. */
  readonly endpoint?: string | undefined;
  /** Default: the AWS SDK's credential chain, asked for each request. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
  /** Milliseconds until a try's answer must begin, and that it may pause; 10,000 unless given. */
  readonly requestTimeoutMs?: number | undefined;
  /** Whether the region's FIPS 140-3 endpoint is taken, where no endpoint is given; false unless told. */
  readonly fips?: boolean | undefined;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;

/**
 * Settings of every client of AWS, for its constructor. Where requests go and how they are signed comes from `options`
 * alone; endpoints, retries, FIPS and region settings of the environment and of AWS's files are not read. Credentials
 * are, where none are given.
 */
export async function awsClientSettings(options: AwsClientOptions) {
  const { region, endpoint, credentials, requestTimeoutMs = 10_000, fips = false } = options;
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // A bearer token in the environment would win over explicit credentials.
    authSchemePreference: ['aws.auth#sigv4'],
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: fips,
    useDualstackEndpoint: false,
    userAgentAppId: 'sallyport',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
      httpAgent: { keepAlive: true },
      httpsAgent: { keepAlive: true, minVersion: 'TLSv1.2' },
    }),
  } as const;
}
