import { z } from 'zod';
import { arn } from './names.ts';

/** The container behind an internal load balancer. */
export const service = z
  .strictObject({
    certificate: arn.describe("ARN of the load balancer's certificate in ACM."),
    domainName: z.string().min(1).describe('Name that applications call, which the certificate is for.'),
    trustStore: arn.optional().describe('ARN of a trust store of the load balancer: callers show a certificate of it.'),
    imageDigest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected `sha256:` and 64 hexadecimal digits' })
      .optional()
      .describe('The image, in the repository that is made for it. Default: a parameter of the stack.'),
    architecture: z.enum(['x86_64', 'arm64']).default('x86_64').describe('What the image was made for.'),
    cpu: z.literal([512, 1024, 2048, 4096]).default(1024),
    memoryMiB: z.int().min(1024).max(30_720).default(2048),
    tasks: z.strictObject({ min: z.int().min(2).default(2), max: z.int().min(2).default(10) }).prefault({}),
    logRetentionDays: z
      .literal([30, 90, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
      .default(365)
      .describe("Days that the gateway's log, and the load balancer's, are kept."),
  })
  .refine(({ tasks }) => tasks.min <= tasks.max, { error: 'expected at least `min`', path: ['tasks', 'max'] });
