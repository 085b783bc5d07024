import { z } from 'zod';

/** What people are woken by. */
export const alarms = z.strictObject({
  tenants: z
    .array(z.string())
    .max(50)
    .optional()
    .describe('Tenants that are watched for what is unusual. Default: all; above 50 they have to be named.'),
  monthlyUsd: z.number().positive().optional().describe('A budget of the whole account. Default: none.'),
});
