import { z } from 'zod';
import { findEndpointProblem } from './endpoint.ts';
import { environmentRef, parameterRef, secretRef } from './secret-ref.ts';

const REGION = /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}$/;
/** Names of buckets and aliases of access points, or the ARN of an access point. */
const BUCKET =
  /^(?:(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:aws[a-z-]*:s3:[a-z0-9-]+:[0-9]{12}:accesspoint\/[a-z0-9][a-z0-9-]{1,48}[a-z0-9])$/;
/** What objects of the log may lie below: nothing, or words with a slash behind each. */
const PREFIX = /^(?!.*\.\.)(?:[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\/){0,8}$/;
/** Names of tables, or their ARNs. */
const TABLE = /^(?:[A-Za-z0-9_.-]{3,255}|arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/[A-Za-z0-9_.-]{3,255})$/;
const KMS_KEY = /^[A-Za-z0-9:/_-]{1,2048}$/;
const ACCOUNT = /^[0-9]{12}$/;

export const account = z.string().regex(ACCOUNT, { error: 'expected the 12 digits of an AWS account, in quotes' });

export const region = z.string().regex(REGION, { error: 'expected an AWS region such as `us-east-1`' });

/** A URL that something is sent to: of TLS, or on loopback. */
export const endpoint = z.string().superRefine((text, context) => {
  const message = findEndpointProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** A place in a bucket of S3, as keys of the mapping that names it. */
export const bucketPlace = {
  bucket: z.string().regex(BUCKET, { error: 'expected the name of a bucket, or the ARN of an access point' }),
  prefix: z
    .string()
    .regex(PREFIX, { error: 'expected lower-case words with a slash behind each, such as `gateway/`' })
    .default('')
    .describe('What every key begins with.'),
  region: region.describe('The region of the bucket.'),
  endpoint: endpoint
    .optional()
    .describe('URL of the S3 endpoint, such as that of a VPC endpoint. Default: that of the region.'),
  forcePathStyle: z
    .boolean()
    .default(false)
    .describe("Whether the bucket stands in the path of the URL, not in the host's name."),
  kmsKeyId: z
    .string()
    .regex(KMS_KEY, { error: 'expected the id, ARN or alias of a KMS key' })
    .optional()
    .describe("The KMS key that objects are encrypted under. Default: a key of S3's own."),
  expectedBucketOwner: account
    .optional()
    .describe("The AWS account that the bucket belongs to: nobody else's bucket of that name is used."),
} as const;

const table = z.string().regex(TABLE, { error: 'expected the name or the ARN of a DynamoDB table' });

/** Where credentials, record keys, the log's head and the index are, and with them the journal. */
export const state = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('file') }),
    z.strictObject({
      kind: z.literal('dynamodb'),
      region: region.describe('The region of both tables.'),
      table: table.describe('The table of credentials, record keys, the head of the log and its index.'),
      journalTable: table.describe('The table of the journal.'),
      endpoint: endpoint
        .optional()
        .describe('URL of the DynamoDB endpoint, such as that of a VPC endpoint. Default: that of the region.'),
    }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'expected `file` or `dynamodb`' : undefined) },
);

/** Endpoints of services that have no place of their own in the configuration. */
export const aws = z.strictObject({
  endpoints: z
    .strictObject({
      secretsManager: endpoint.optional().describe('Of AWS Secrets Manager.'),
      ssm: endpoint.optional().describe('Of AWS Systems Manager, for its parameters.'),
      sts: endpoint.optional().describe('Of AWS STS, which roles are assumed at.'),
    })
    .prefault({})
    .describe("URLs, such as those of VPC endpoints. Default: those of each call's region."),
});

const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]{1,128}$/;

/** Whether it is the ARN of a key, and no alias: what unwraps must be the key that is named, whoever moves an alias. */
export function isKmsKeyArn(text: string): boolean {
  return KMS_KEY_ARN.test(text);
}

const kmsKey = z.union(
  [z.string().refine(isKmsKeyArn, { error: 'expected the ARN of a KMS key' }), environmentRef, parameterRef],
  { error: 'expected the ARN of a KMS key, or where it is: `{ env: NAME }` or `{ ssm: NAME }`' },
);

/** The ARN of a key of KMS, or where it is. */
export type KmsKeyRef = z.output<typeof kmsKey>;

export const kms = z.strictObject({
  key: kmsKey.describe(
    "ARN of the key, or where it is; of a multi-Region key that of the replica in the gateway's region.",
  ),
  tenants: z
    .record(z.string(), kmsKey)
    .default({})
    .describe('Keys of single tenants, by name, in the place of `key`; also of tenants that are no more.'),
  formerKeys: z
    .array(kmsKey)
    .max(100)
    .default([])
    .describe('Keys that record keys may be under still, until `sallyport audit rekey`.'),
  acceptsKeyRing: z
    .boolean()
    .default(false)
    .describe('Whether record keys from before there was KMS are still unwrapped, until `sallyport audit rekey`.'),
  endpoint: endpoint
    .optional()
    .describe('URL of the KMS endpoint, such as that of a VPC endpoint. Default: that of the region.'),
});

/** How a provider's calls are made under roles of AWS. */
export const roles = z.strictObject({
  mode: z
    .enum(['role', 'pool'])
    .default('role')
    .describe(
      'Whether each tenant has a role of its own, or all have one, whose policies tell them by their session tag.',
    ),
  role: secretRef.optional().describe('In mode `pool`: where the ARN of the one role is.'),
  externalId: secretRef.optional().describe("The external id that the roles' trust policies ask for."),
  sessionPolicy: z
    .boolean()
    .default(true)
    .describe('Whether a session may call only the models that policies here let the tenant use.'),
  durationSeconds: z.int().min(900).max(3_600).default(3_600).describe('How long a session lasts.'),
});
