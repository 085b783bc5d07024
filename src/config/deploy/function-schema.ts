import { z } from 'zod';

/** The function behind a private REST API. */
export const lambda = z
  .strictObject({
    architecture: z.enum(['arm64', 'x86_64']).default('arm64').describe("What the function's bundle was made for."),
    memoryMiB: z.int().min(512).max(10_240).default(1769).describe('1,769 is one processor.'),
    iamApi: z
      .boolean()
      .default(false)
      .describe(
        'Whether callers who sign for `execute-api` have an API of their own: those of `frontDoor.principals`.',
      ),
    reservedConcurrency: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Instances at once, set aside for it and not exceeded. Default: what the account has left.'),
    provisionedConcurrency: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Instances that are kept started. Default: none.'),
    throttle: z
      .strictObject({ rate: z.int().min(1).default(200), burst: z.int().min(1).default(400) })
      .prefault({})
      .describe('Requests a second and at once, of all callers; beyond them API Gateway answers 429.'),
    requestsPerMinute: z
      .int()
      .min(10)
      .max(2_000_000_000)
      .default(3_000)
      .describe('Requests a minute of one address, beyond which AWS WAF answers 429.'),
    apiLogsRole: z
      .enum(['adopt', 'create'])
      .default('adopt')
      .describe("API Gateway's role for logs, of which an account has one in a Region: that there is, or one of ours."),
    logRetentionDays: z
      .literal([30, 90, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
      .default(365)
      .describe("Days that the function's log, and the API's, are kept."),
  })
  .refine(
    ({ reservedConcurrency: most, provisionedConcurrency: kept }) =>
      most === undefined || kept === undefined || kept <= most,
    { error: 'expected at most `reservedConcurrency`', path: ['provisionedConcurrency'] },
  );
