import { z } from 'zod';
import { account } from './aws-schema.ts';
import { keys, record, vault } from './deploy/record-schema.ts';
import { tenants, vectors } from './deploy/tenants-schema.ts';

const CIDR = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}\/(?:[0-9]|[12][0-9]|3[0-2])$/;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:[A-Za-z0-9:/_.+=,@-]{1,1024}$/;
const TAG = /^[A-Za-z0-9 _.:/=+@-]{1,256}$/;

const cidr = z.string().regex(CIDR, { error: 'expected a range such as `10.40.0.0/16`' });
const arn = z.string().regex(ARN, { error: 'expected an ARN' });
const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), { error: `expected an id such as \`${kind}-0a1b2c3d\`` });

/** The network that the gateway runs in. */
const network = z.strictObject({
  cidr: cidr.default('10.40.0.0/20').describe('Addresses of the network that is made.'),
  zones: z.int().min(2).max(6).default(3).describe('Availability Zones.'),
  callers: z
    .array(cidr)
    .default([])
    .describe('Ranges that applications call from, over peering or a transit gateway; others reach no front door.'),
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
});

/** The container behind an internal load balancer. */
const service = z.strictObject({
  certificate: arn.describe("ARN of the load balancer's certificate in ACM."),
  domainName: z.string().min(1).describe('Name that applications call, which the certificate is for.'),
  trustStore: arn.optional().describe('ARN of a trust store of the load balancer: callers show a certificate of it.'),
  cpu: z.union([z.literal(512), z.literal(1024), z.literal(2048), z.literal(4096)]).default(1024),
  memoryMiB: z.int().min(1024).max(30_720).default(2048),
  tasks: z.strictObject({ min: z.int().min(2).default(2), max: z.int().min(2).default(10) }).prefault({}),
});

/** The function behind a private REST API. */
const lambda = z.strictObject({
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  memoryMiB: z.int().min(512).max(10_240).default(1769),
  iamApi: z.boolean().default(false).describe('Whether callers who sign `execute-api` have an API of their own.'),
});

/** What is made in AWS of this configuration, and where. */
export const deploy = z.strictObject({
  account: account.optional().describe('The account it is made in. Default: whichever the credentials are of.'),
  tags: z
    .record(z.string().regex(TAG), z.string().regex(TAG))
    .default({})
    .describe('On everything that takes tags, beside `sallyport:environment`.'),
  network: network.prefault({}),
  service: service.optional().describe('The container, for the whole surface. Default: none.'),
  function: lambda.optional().describe('The function, over HTTP/1.1. Default: none.'),
  keys: keys.prefault({}).describe('Keys by class of data.'),
  record: record.prefault({}).describe("The record's bucket and tables, and who gets at them."),
  tenants: tenants.prefault({}).describe("The roles that tenants' calls are made under."),
  vectors: vectors.optional().describe('Vector collections in OpenSearch Serverless. Default: none.'),
  vault: vault
    .optional()
    .describe('The account that keeps checkpoints of the log, in the bucket of the first sink of `s3`.'),
});
