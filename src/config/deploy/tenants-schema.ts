import { z } from 'zod';
import { parameterRef } from '../secret-ref.ts';

const GUARDRAIL = /^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:guardrail\/[a-z0-9]+:[1-9][0-9]{0,7}$/;

/** The roles that tenants' calls are made under. */
export const tenants = z.strictObject({
  guardrail: z
    .union(
      [z.string().regex(GUARDRAIL, { error: 'expected the ARN of a guardrail, `:` and a version' }), parameterRef],
      {
        error: 'expected the ARN of a guardrail, `:` and a version, or `{ ssm: NAME }`',
      },
    )
    .optional()
    .describe(
      'The version of a guardrail that each call of a model that takes one has to name. Calls that name none are denied then. Default: none has to.',
    ),
  readsState: z
    .boolean()
    .default(false)
    .describe("Whether a tenant's role may read the tenant's own items of the state."),
  exchanges: z
    .boolean()
    .default(false)
    .describe("Whether a tenant's role may put down the tenant's requests of workflows, and read the replies."),
  maxRoles: z
    .int()
    .min(1)
    .max(5_000)
    .default(1_000)
    .describe("Roles that an account may have, as AWS's quota is there: more than are left for tenants are refused."),
});

/** Vector collections in OpenSearch Serverless. */
export const vectors = z.strictObject({
  mode: z
    .enum(['role', 'pool'])
    .default('role')
    .describe(
      'Whether each tenant has a collection that its own role alone gets at, or all have one, in which only applications tell them apart.',
    ),
  tenants: z.array(z.string()).optional().describe('Tenants that have vectors. Default: all.'),
  maxUnits: z
    .int()
    .min(2)
    .max(1_000)
    .default(8)
    .describe(
      'OpenSearch Compute Units that all collections together take at most, for indexing and for searching each.',
    ),
  endpoint: z
    .string()
    .regex(/^vpce-[0-9a-f]{8,17}$/, { error: 'expected an id such as `vpce-0a1b2c3d`' })
    .optional()
    .describe('The endpoint of OpenSearch Serverless in the network. Default: as the network publishes it.'),
});
