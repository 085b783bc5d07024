import { z } from 'zod';
import { account, region } from '../aws-schema.ts';

const PEOPLE = /^arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)\/[A-Za-z0-9/_.+=,@-]{1,512}$/;
const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]{1,128}$/;
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

const people = (what: string) =>
  z
    .array(z.string().regex(PEOPLE, { error: 'expected the ARN of a role or a user' }))
    .default([])
    .describe(what);

/** The record's bucket and tables, and who gets at them. */
export const record = z.strictObject({
  bucket: z
    .string()
    .regex(BUCKET_NAME, { error: 'expected the name of a bucket' })
    .optional()
    .describe(
      "Name of the log's bucket, where `audit.store.bucket` is the ARN of an access point. Default: `sallyport-ENVIRONMENT-log-ACCOUNT`.",
    ),
  recoveryDays: z
    .int()
    .min(1)
    .max(35)
    .default(35)
    .describe('Days that tables can be put back to. What was erased can come back for as long: `audit.backupDays`.'),
  formerTenants: z
    .array(z.string())
    .default([])
    .describe('Tenants that are no more and whose records are read on: keys open for them.'),
  operators: people("Who may assume the operators' role, which runs the commands."),
  auditors: people("Who may assume the auditors' role, which reads the log and nothing else."),
  security: people('Who may assume the role that sees names, versions and locks of the log, and no content.'),
  replica: z
    .strictObject({
      bucket: z.string().regex(BUCKET_ARN, { error: 'expected the ARN of a bucket' }),
      key: z.string().regex(KEY_ARN, { error: 'expected the ARN of a KMS key' }),
      account,
      region,
    })
    .optional()
    .describe('A bucket with versions and Object Lock that the log is copied to. Default: none.'),
});

/** Keys by class of data. */
export const keys = z.strictObject({
  multiRegion: z
    .boolean()
    .default(false)
    .describe('Whether the key of record keys can have replicas in other Regions. Cannot be changed.'),
});

/** The account that keeps checkpoints. */
export const vault = z.strictObject({
  account,
  region,
  lockedDays: z.int().min(1).max(36_500).default(3_650).describe('Days that nobody can remove a checkpoint.'),
  lockMode: z
    .enum(['governance', 'compliance'])
    .default('compliance')
    .describe('Who may lift a lock: whoever has the permission to bypass it, or nobody.'),
});
