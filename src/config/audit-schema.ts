import { z } from 'zod';
import { bucketPlace, endpoint } from './aws-schema.ts';
import { secretRef } from './secret-ref.ts';

/** A key name as signed notes have it (C2SP signed-note), kept to what a host and a path are made of. */
const ORIGIN = /^[a-z0-9](?:[a-z0-9._/-]{0,126}[a-z0-9])?$/;
const SINK = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

const sinkName = z.string().regex(SINK, { error: 'expected a letter, then up to 62 letters, digits, `_` or `-`' });

const sink = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      name: sinkName,
      kind: z.literal('file'),
      directory: z.string().min(1).describe('Directory on other storage, from that of this file.'),
    }),
    z.strictObject({
      name: sinkName,
      kind: z.literal('webhook'),
      url: endpoint.describe('Gets each checkpoint as the body of a POST.'),
      token: secretRef.optional().describe('Sent as bearer token.'),
    }),
    z.strictObject({ name: sinkName, kind: z.literal('s3'), ...bucketPlace }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'expected `file`, `webhook` or `s3`' : undefined) },
);

const store = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('disk') }),
    z.strictObject({
      kind: z.literal('s3'),
      ...bucketPlace,
      objectLock: z
        .strictObject({
          mode: z
            .enum(['governance', 'compliance'])
            .describe('Who may remove what is locked: whoever has the permission to bypass it, or nobody.'),
          days: z.int().min(1).max(36_500).describe('From when the object is written.'),
        })
        .optional()
        .describe('Locks full tiles and segments, in a bucket with Object Lock. Default: nothing is locked.'),
    }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'expected `disk` or `s3`' : undefined) },
);

/** Name, id and key of a verifier key (C2SP signed-note). */
export const VERIFIER_KEY = /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/;

const verifierKey = z.string().regex(VERIFIER_KEY, { error: 'expected a verifier key, `name+id+key`' });

const GIBIBYTE = 2 ** 30;

export const audit = z.strictObject({
  origin: z
    .string()
    .regex(ORIGIN, { error: 'expected lower-case letters, digits, `.`, `_`, `-` and `/`' })
    .optional()
    .describe(
      "The log's name in its checkpoints. Never changed once there is a log. Default: `sallyport/` and `environment`.",
    ),
  store: store
    .default({ kind: 'disk' })
    .describe('Where the log is: in the data directory, or in a bucket of S3. The journal is where the state is.'),
  sinks: z
    .array(sink)
    .default([])
    .describe('Places in another trust domain that keep checkpoints of the log. In production there must be one.'),
  witnesses: z
    .array(
      z.strictObject({
        url: endpoint.describe('What `/add-checkpoint` is behind (C2SP tlog-witness).'),
        key: verifierKey.describe('Its verifier key.'),
      }),
    )
    .max(20)
    .default([])
    .describe('Others who sign only checkpoints that go on from the last one they saw.'),
  requiredWitnesses: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('How many of them have to sign a checkpoint before it is published. Until then the log does not go on.'),
  approvers: z
    .array(
      z.strictObject({
        key: verifierKey.describe(
          'Their verifier key, as `sallyport audit approver-key` prints it; begins with a name.',
        ),
      }),
    )
    .max(100)
    .default([])
    .describe('Who can approve that somebody reads what was said. Policies say when that is needed.'),
  backupDays: z
    .int()
    .min(0)
    .max(3_650)
    .default(35)
    .describe('Days after which no backup of the state is left: an erasure is complete that long after it was made.'),
  releaseIntervalMs: z
    .int()
    .min(0)
    .max(5_000)
    .default(0)
    .describe(
      'Milliseconds between two pieces of a streamed answer, each of which is recorded before it leaves; what the model says meanwhile leaves together. Default: 0, as it comes.',
    ),
  sequencer: z
    .enum(['gateway', 'elsewhere'])
    .default('gateway')
    .describe(
      'Who takes the journal into the log: each gateway, or a function of its own, with the state in DynamoDB.',
    ),
  maxJournalBytes: z
    .int()
    .min(GIBIBYTE / 16)
    .default(GIBIBYTE)
    .describe('Bytes of the journal that may wait for the log. Beyond it the gateway refuses requests.'),
});
