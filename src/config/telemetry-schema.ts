import { z } from 'zod';

/** As CloudWatch takes it; what begins with `AWS/` is its own. */
const NAMESPACE = /^(?!AWS\/)[A-Za-z0-9._/#:-]{1,255}$/;

/** What is told of the gateway beside its log and `/metrics`. */
export const telemetry = z.strictObject({
  emf: z
    .strictObject({
      namespace: z
        .string()
        .regex(NAMESPACE, { error: 'expected a namespace of CloudWatch such as `Sallyport`' })
        .describe('The namespace of CloudWatch that the metrics go to.'),
      intervalSeconds: z.int().min(10).max(60).default(60).describe('Seconds between two tellings.'),
    })
    .optional()
    .describe(
      "Metrics by tenant as lines of CloudWatch's embedded metric format on standard output. Default: there are none.",
    ),
});
