import { z } from 'zod';

const PEOPLE = /^arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)\/[A-Za-z0-9/_.+=,@-]{1,512}$/;

/** What the passage in steps runs on, where the configuration has a `workflow`. */
export const workflow = z.strictObject({
  applications: z
    .array(z.string().regex(PEOPLE, { error: 'expected the ARN of a role or a user' }))
    .default([])
    .describe(
      'Who may assume the role that puts requests down, starts executions and takes replies, of any tenant. Tenants have roles of their own with `tenants.exchanges`.',
    ),
  days: z.int().min(1).max(30).default(2).describe('Days that requests, states and replies are kept.'),
});
