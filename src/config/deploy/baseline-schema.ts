import { z } from 'zod';

const PEOPLE = /^arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)\/[A-Za-z0-9/_.+=,@-]{1,512}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const mode = z.enum(['create', 'adopt', 'off']).default('create');
const file = z.string().min(1).describe('JSON of a `CreateGuardrail` request, from the directory of this file.');

/** Bedrock's own log of every model call of the account. */
export const invocationLogging = z.strictObject({
  mode: z
    .enum(['create', 'adopt'])
    .default('create')
    .describe(
      "Whether it is ours, in S3 unmasked and in CloudWatch masked, gone before `audit.backupDays`; or the account's own, with what it leaves out switched on.",
    ),
});

/** Guardrails of Bedrock that are made of files. */
export const guardrails = z.array(
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, { error: 'expected lower-case words with dashes' })
      .describe('What `/sallyport/ENVIRONMENT/guardrails/NAME/arn` and `…/version` are published by.'),
    file,
  }),
);

/** What an account has once in a Region. */
export const baseline = z.strictObject({
  guardDuty: mode.describe('GuardDuty with protection of S3, Lambda and AI.'),
  securityHub: mode.describe(
    'Security Hub with the standards for AI and for foundations. AWS Config must be recording.',
  ),
  macie: mode.describe('Macie with automated discovery and a weekly job for each group of buckets.'),
  documents: z
    .array(z.string().regex(BUCKET, { error: 'expected the name of a bucket' }))
    .default([])
    .describe('Buckets with documents that Macie looks through, beside invocation logs.'),
  dataRetention: z
    .array(z.enum(['none', 'default', 'inherit', 'aws_review']))
    .min(1)
    .default(['none'])
    .describe(
      'How long Bedrock may keep what it gets, by its own names. Looked at with each deployment, never changed.',
    ),
  enforcedGuardrail: z
    .strictObject({
      file,
      stage: z
        .enum(['grant', 'observe', 'enforce'])
        .default('grant')
        .describe('Deployed one after the other: callers may apply it; one that stops nothing applies; it applies.'),
    })
    .optional()
    .describe('A guardrail that Bedrock applies to every call of the account. Default: none.'),
  trail: z.boolean().default(true).describe('Whether the account gets a trail of CloudTrail.'),
  analyzers: z
    .enum(['all', 'external', 'none'])
    .default('all')
    .describe('What Access Analyzer looks for; unused access costs by role and user.'),
  conformancePack: z.boolean().default(true).describe('Whether AWS Config looks at the account. It must be recording.'),
  breakGlass: z
    .strictObject({
      principals: z.array(z.string().regex(PEOPLE, { error: 'expected the ARN of a role or a user' })).min(1),
      email: z.email().optional().describe('Who is told of each use.'),
    })
    .optional()
    .describe('A role for emergencies. Default: none.'),
});

/** What deploying takes in an account, in the place of the CDK's own bootstrap. */
export const bootstrap = z.strictObject({
  deployers: z
    .array(z.string().regex(PEOPLE, { error: 'expected the ARN of a role or a user' }))
    .min(1)
    .describe('Who deploys: they may take the roles that a deployment takes.'),
});

/** Policies of the organization, made with credentials of its management account. */
export const organization = z.strictObject({
  id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'expected an id such as `o-a1b2c3d4e5`' }),
  account: z.string().regex(/^[0-9]{12}$/, { error: 'expected the 12 digits of an AWS account, in quotes' }),
  targets: z
    .array(z.string().regex(/^(?:r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$/))
    .default([])
    .describe('Units and accounts that they bind. Default: none, until somebody attaches them.'),
  sageMakerEndpoints: z.array(z.string().min(1)).default([]).describe('Endpoints that may be called nevertheless.'),
  lexBots: z.array(z.string().min(1)).default([]).describe('ARNs of bot aliases that may be called nevertheless.'),
});
