import type { S3 } from '@aws-sdk/client-s3';

/** Keys of AWS, as the SDK takes them. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3ClientOptions {
  readonly region: string;
  /** URL of the S3 endpoint, such as that of a VPC endpoint. Default: the region's own. */
  readonly endpoint?: string | undefined;
  /** Puts the bucket into the path, not into the host's name; false unless given. */
  readonly forcePathStyle?: boolean | undefined;
  /** Default: the AWS SDK's credential chain, asked for each request. */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>);
  /** Milliseconds until a try's answer must begin, and that it may pause; 10,000 unless given. */
  readonly requestTimeoutMs?: number;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;

/**
 * Makes a client of S3. The AWS SDK is loaded only here: a gateway that keeps its log elsewhere runs without it.
 *
 * Where requests go and how they are signed comes from `options` alone; endpoints, retries, FIPS and region settings of
 * the environment and of AWS's files are not read. Credentials are, where none are given.
 */
export async function createS3Client(options: S3ClientOptions): Promise<S3> {
  const { region, endpoint, forcePathStyle = false, credentials, requestTimeoutMs = 10_000 } = options;
  const [{ S3 }, { NodeHttpHandler }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/node-http-handler'),
  ]);
  return new S3({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // A bearer token in the environment would win over explicit credentials.
    authSchemePreference: ['aws.auth#sigv4'],
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useAccelerateEndpoint: false,
    useArnRegion: false,
    followRegionRedirects: false,
    // The store gives the checksums of what it writes, and has those of what it reads compared.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    // For requests with this header the SDK's handler makes a connection each, with TLS settings that are not ours.
    expectContinueHeader: false,
    userAgentAppId: 'sallyport',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
      httpAgent: { keepAlive: true },
      httpsAgent: { keepAlive: true, minVersion: 'TLSv1.2' },
    }),
  });
}
