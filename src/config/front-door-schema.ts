import { z } from 'zod';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { secretRef } from './secret-ref.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const BASE_PATH = /^\/[A-Za-z0-9$_.+!*'(),-]{1,128}$/;

const name = z.string().regex(NAME, { error: 'expected a letter, then up to 62 letters, digits, `_` or `-`' });

const basePath = z
  .string()
  .regex(BASE_PATH, { error: 'expected a slash and one segment, such as `/models`' })
  .optional()
  .describe("Base path of the API's custom domain, which stands before the paths of the protocols. Default: none.");

const transfer = z
  .enum(['stream', 'buffered'])
  .default('stream')
  .describe("The integration's `responseTransferMode`: of a buffered one the client gets every answer at its end.");

const principals = z.array(
  z.strictObject({
    role: secretRef.describe("A reference to the ARN of the IAM role whose sessions call. ARNs don't stand here."),
    tenant: name.transform(parseTenantId),
    principal: name.transform(parsePrincipalId),
  }),
);

/** By which road requests come. */
export const frontDoor = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('port') }),
    z.strictObject({ kind: z.literal('rest'), transfer, basePath }),
    z.strictObject({
      kind: z.literal('rest-iam'),
      transfer,
      basePath,
      principals: principals.min(1).describe('Whom the sessions of which IAM role are. All others are refused.'),
    }),
    z.strictObject({ kind: z.literal('http-api'), basePath }),
    z.strictObject({ kind: z.literal('alb') }),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? 'expected `port`, `rest`, `rest-iam`, `http-api` or `alb`' : undefined,
  },
);

/** Those of AWS Lambda. */
export const frontDoorKinds = ['rest', 'rest-iam', 'http-api', 'alb'] as const satisfies readonly z.output<
  typeof frontDoor
>['kind'][];

/** What one front door of Lambda carries. */
export interface DoorLimits {
  /** Bytes of a request body that is sure to reach the function. */
  readonly requestBytes: number;
  /** Bytes of what the function returns where its answer is buffered: of the JSON, not of the body in it. */
  readonly replyBytes: number;
  /** Milliseconds from the request to the end of its answer. */
  readonly durationMs: number;
}

const MIB = 1_048_576;
/** An event holds the body in base64, four bytes for three, beside the headers, twice, and the context. */
const EVENT_BODY_BYTES = ((6 * MIB - 131_072) / 4) * 3;

/**
 * Lambda takes events, and returns, of 6 MB; a load balancer hands on and takes back 1 MB. A streamed answer of API Gateway may
 * take 15 minutes, as a function may in any case; one that is not streamed 29 seconds, and of an HTTP API 30.
 */
export const doorLimits = {
  rest: { requestBytes: EVENT_BODY_BYTES, replyBytes: 6 * MIB, durationMs: 900_000 },
  'rest-iam': { requestBytes: EVENT_BODY_BYTES, replyBytes: 6 * MIB, durationMs: 900_000 },
  'http-api': { requestBytes: EVENT_BODY_BYTES, replyBytes: 6 * MIB, durationMs: 30_000 },
  alb: { requestBytes: MIB, replyBytes: MIB, durationMs: 900_000 },
} as const satisfies Record<(typeof frontDoorKinds)[number], DoorLimits>;
