import type { S3 } from '@aws-sdk/client-s3';
import { type AwsClientOptions, awsClientSettings } from '../../aws/index.ts';

export interface S3ClientOptions extends AwsClientOptions {
  /** Puts the bucket into the path, not into the host's name; false unless given. */
  readonly forcePathStyle?: boolean | undefined;
}

/** Makes a client of S3. The AWS SDK is loaded only here: a gateway that keeps its log elsewhere runs without it. */
export async function createS3Client({ forcePathStyle = false, ...options }: S3ClientOptions): Promise<S3> {
  const [{ S3 }, settings] = await Promise.all([import('@aws-sdk/client-s3'), awsClientSettings(options)]);
  return new S3({
    ...settings,
    forcePathStyle,
    useAccelerateEndpoint: false,
    useArnRegion: false,
    followRegionRedirects: false,
    // The store gives the checksums of what it writes, and has those of what it reads compared.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    // For requests with this header the SDK's handler makes a connection each, with TLS settings that are not ours.
    expectContinueHeader: false,
  });
}
