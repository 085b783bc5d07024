import { z } from 'zod';
import { cidr, idOf } from './names.ts';

const SUBNET_BITS = { least: 16, most: 24 };
const NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z0-9-]{2,63}$/;

const ownRange = cidr.refine(
  (range) => {
    const bits = Number(range.split('/')[1]);
    return bits >= SUBNET_BITS.least && bits <= SUBNET_BITS.most;
  },
  { error: `expected a prefix of ${SUBNET_BITS.least} to ${SUBNET_BITS.most} bits` },
);

/** The network that the gateway runs in. */
export const network = z.strictObject({
  cidr: ownRange.default('10.40.0.0/20').describe('Addresses of the network that is made.'),
  zones: z.int().min(2).max(6).default(3).describe('Availability Zones.'),
  callers: z
    .array(cidr)
    .max(10)
    .default([])
    .describe('Ranges that applications call from, over peering or a transit gateway; others reach no front door.'),
  destinations: z
    .array(
      z.strictObject({
        cidr,
        port: z.int().min(1).max(65_535),
        name: z.string().regex(NAME, { error: 'expected a name such as `models.internal.example`' }).optional(),
      }),
    )
    .max(8)
    .default([])
    .describe('What the gateway itself calls beside AWS: model servers, witnesses, webhooks.'),
  prefixLists: z
    .strictObject({ s3: idOf('pl'), dynamodb: idOf('pl') })
    .optional()
    .describe(
      "AWS's prefix lists of S3 and DynamoDB in the region, which alone are then reached past the endpoints' group. Default: 443 anywhere, where no route leads.",
    ),
  adopt: z
    .strictObject({
      vpc: idOf('vpc'),
      cidr: cidr.describe("The network's own range."),
      subnets: z.array(z.strictObject({ id: idOf('subnet'), zone: z.string(), routeTable: idOf('rtb') })).min(2),
      endpoints: z
        .array(z.string())
        .default([])
        .describe('Services whose endpoint is there already, with private DNS: of each a network can have one.'),
    })
    .optional()
    .describe('A network that is there already, in the place of a new one.'),
  logRetentionDays: z
    .literal([30, 90, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
    .default(365)
    .describe('Days that logs of flows and of names asked for are kept.'),
});
