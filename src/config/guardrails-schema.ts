import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9]{1,64}$/, { error: 'expected up to 64 lower-case letters and digits' });

const version = z
  .union([z.int().min(1).max(99_999_999), z.literal('DRAFT')], { error: 'expected a number from 1 on, or `DRAFT`' })
  .transform(String);

const definition = {
  id: id.describe('What callers name it by.'),
  version: version
    .default('DRAFT')
    .describe('A number that always means this policy, or `DRAFT`, which production refuses.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' })
    .optional()
    .describe('Of the policy, as `sallyport guardrail hash` tells it. Needed of numbered versions in production.'),
};

/** Guardrails that there are: each the JSON of Amazon Bedrock's `CreateGuardrail`, in a file or in place. */
export const guardrails = z.array(
  z.union(
    [
      z.strictObject({
        ...definition,
        file: z.string().min(1).describe('Path of a JSON or YAML file, from the directory of this file.'),
      }),
      z.strictObject({ ...definition, policy: z.record(z.string(), z.unknown()).describe('The policy itself.') }),
    ],
    { error: 'expected `{ id, version, file }` or `{ id, version, policy }`' },
  ),
);

/** Guardrails that apply to whatever passes here. */
export const appliedGuardrails = z
  .array(z.strictObject({ id, version: version.default('DRAFT') }))
  .default([])
  .describe('Guardrails that always apply. All that apply to a request apply together, and the strictest counts.');

/** One that Amazon Bedrock keeps. */
export const remoteGuardrail = z
  .strictObject({
    identifier: z
      .string()
      .max(2_048)
      .regex(/^(?:[a-z0-9]+|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/, {
        error: 'expected the id or ARN of a guardrail of Amazon Bedrock',
      }),
    version: z.int().min(1).max(99_999_999).transform(String),
  })
  .describe(
    'A guardrail of Amazon Bedrock that is named with every call that generates text: both it and those here count.',
  );
