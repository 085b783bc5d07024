import { z } from 'zod';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { bucketPlace } from './aws-schema.ts';

const STATE_MACHINE = /^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$/;

/** The passage as steps of AWS Step Functions. */
export const workflow = z.strictObject({
  ...bucketPlace,
  stateMachines: z
    .array(
      z.strictObject({
        arn: z.string().regex(STATE_MACHINE, { error: 'expected the ARN of a state machine' }),
        tenant: z.string().transform(parseTenantId),
        principal: z.string().transform(parsePrincipalId).describe('Who its executions stand for.'),
      }),
    )
    .min(1)
    .describe('Which state machines there are, and for whom each speaks.'),
});
