import { z } from 'zod';
import { type InspectedType, inspectedTypes, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { audit } from './audit-schema.ts';
import { account, aws, endpoint, kms, region, roles, state } from './aws-schema.ts';
import { deploy } from './deploy-schema.ts';
import { isPrivateEndpoint } from './endpoint.ts';
import { frontDoor } from './front-door-schema.ts';
import { appliedGuardrails, guardrails, remoteGuardrail } from './guardrails-schema.ts';
import { limits, listen } from './ports-schema.ts';
import { secretRef } from './secret-ref.ts';
import { telemetry } from './telemetry-schema.ts';
import { workflow } from './workflow-schema.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,2047}$/;
const FILE_NAME = /^[A-Za-z0-9._][A-Za-z0-9._ /-]{0,254}$/;

const name = z.string().regex(NAME, { error: 'expected a letter, then up to 62 letters, digits, `_` or `-`' });
const modelId = z.string().regex(MODEL, { error: 'expected a model id such as `amazon.nova-lite-v1:0`' });

const credentials = z.strictObject({
  accessKeyId: secretRef,
  secretAccessKey: secretRef,
  sessionToken: secretRef.optional(),
});

const ADDRESSES = 'Whether its name may lead to private addresses. Link-local ones are refused in any case.';

const terms = z
  .strictObject({
    uninspectedContent: z
      .boolean()
      .default(false)
      .describe('Whether the agreement allows images, sound, films and files that the gateway cannot inspect.'),
  })
  .prefault({})
  .describe('What the agreement with this provider says about data.');

const provider = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ name, kind: z.literal('simulator'), terms }),
    z.strictObject({
      name,
      terms,
      kind: z.literal('bedrock'),
      region,
      endpoint: endpoint
        .optional()
        .describe('URL of the Bedrock Runtime endpoint, such as that of a VPC endpoint. Default: that of the region.'),
      allowPrivate: z.boolean().default(true).describe(`${ADDRESSES} VPC endpoints have private ones.`),
      credentials: credentials.optional().describe('Default: the credential chain of the AWS SDK.'),
      roles: roles
        .optional()
        .describe(
          'Has each tenant called for under a role, assumed with `credentials`. Default: these sign all calls.',
        ),
      guardrail: remoteGuardrail.optional(),
      maxAttempts: z.int().min(1).max(10).default(2).describe('How often a call is tried before it fails.'),
      retryBudget: z
        .int()
        .min(0)
        .max(10_000)
        .default(100)
        .describe('How many retries all calls together may take within 10 seconds.'),
    }),
    z.strictObject({
      name,
      terms,
      kind: z.literal('openai-compatible'),
      baseUrl: endpoint.describe('What stands before `/chat/completions`, such as `http://127.0.0.1:8000/v1`.'),
      apiKey: secretRef.optional().describe('Sent as bearer token.'),
      allowPrivate: z.boolean().default(false).describe(ADDRESSES),
    }),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? 'expected `simulator`, `bedrock` or `openai-compatible`' : undefined,
  },
);

const placedProvider = provider.superRefine((entry, context) => {
  if (entry.kind === 'simulator' || entry.allowPrivate) return;
  const [key, url = ''] = entry.kind === 'bedrock' ? ['endpoint', entry.endpoint] : ['baseUrl', entry.baseUrl];
  if (!isPrivateEndpoint(url)) return;
  context.addIssue({ code: 'custom', path: [key], message: 'a private address, which needs `allowPrivate: true`' });
});

const model = z.strictObject({
  id: modelId.transform(parseModelId).describe('The id that callers name and policies decide on.'),
  provider: name.describe('Name of the provider that serves it.'),
  providerModelId: modelId.optional().describe('The id, or the ARN, that the provider knows it by. Default: `id`.'),
  family: name.optional().describe('What policies know as `resource.family`.'),
});

const tenant = z.strictObject({
  name: name.transform(parseTenantId),
  retentionDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('Days after which records of this tenant are removed. Default: never.'),
  role: secretRef.optional().describe("Where the ARN of the tenant's role is, for providers with `roles`."),
  account: account.optional().describe('The AWS account that the role must be of.'),
  region: region.optional().describe("Where models are called for it; the provider's region unless given."),
  guardrails: appliedGuardrails,
  principals: z.array(
    z.strictObject({
      name: name.transform(parsePrincipalId),
      roles: z.array(name).default([]).describe('What policies know as `principal.roles`.'),
      guardrails: appliedGuardrails,
    }),
  ),
});

const policy = z.union(
  [
    z.strictObject({
      file: z.string().min(1).describe('Path of a file of Cedar policies, from the directory of this file.'),
    }),
    z.strictObject({
      name: z.string().regex(FILE_NAME, { error: 'expected a name such as `main.cedar`' }),
      cedar: z.string().describe('Cedar policies.'),
    }),
  ],
  { error: 'expected `{ file: PATH }` or `{ name: NAME, cedar: TEXT }`' },
);

const contentAction = z.enum(['mask', 'block', 'allow', 'ignore']);

/** One setting for each type of finding. */
function perType<Setting>(setting: (type: InspectedType) => Setting): Readonly<Record<InspectedType, Setting>> {
  return Object.fromEntries(inspectedTypes.map((type) => [type, setting(type)])) as Record<InspectedType, Setting>;
}

/** What is everywhere in harmless text, or tells nothing without what stands beside it. */
const ignored: ReadonlySet<InspectedType> = new Set([
  'ADDRESS',
  'AGE',
  'LICENSE_PLATE',
  'MAC_ADDRESS',
  'NAME',
  'SWIFT_CODE',
  'URL',
  'USERNAME',
  'VEHICLE_IDENTIFICATION_NUMBER',
]);
const usual = (type: InspectedType) => (ignored.has(type) ? 'ignore' : 'mask');

const inputActions = z.strictObject(
  perType((type) => contentAction.default(type === 'PROMPT_ATTACK' ? 'block' : usual(type))),
);

// An answer attacks nobody's prompt: what reads like one there is the model quoting, and is left alone.
const outputActions = z.strictObject({
  ...perType((type) => contentAction.default(usual(type))),
  PROMPT_ATTACK: z.enum(['allow', 'ignore']).default('allow'),
});

const message = z.string().min(1).max(1_000);

const inspection = z.strictObject({
  guardrails: appliedGuardrails,
  input: inputActions.prefault({}).describe('What is done about each type of finding in a prompt.'),
  output: outputActions.prefault({}).describe('What is done about each type of finding in an answer.'),
  blockedInputMessage: message
    .default('This request was blocked by a content policy.')
    .describe('What the caller gets in place of an answer to a blocked prompt.'),
  blockedOutputMessage: message
    .default('The rest of this answer was blocked by a content policy.')
    .describe('What the caller gets in place of a blocked answer.'),
});

/** The form of `sallyport.yaml`, with every default. References between its parts are checked elsewhere. */
export const configShape = z.strictObject({
  version: z.literal(1).describe('Version of this form.'),
  environment: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, { error: 'expected up to 16 lower-case letters and digits' })
    .describe('Names this installation. It goes into API keys, so that one of another environment is told apart.'),
  production: z
    .boolean()
    .optional()
    .describe(
      'Whether this is for earnest: cleartext beyond loopback is refused, and a record whose checkpoints nobody else keeps. Default: where `environment` begins with `prod`.',
    ),
  region: region.describe('The AWS region that callers sign their requests for.'),
  data: z
    .string()
    .min(1)
    .default('.sallyport')
    .describe('Directory of keys, state and journal, from that of this file.'),
  keys: z
    .strictObject({
      passphrase: secretRef
        .optional()
        .describe('Encrypts the key file. Chosen before the first start; kept from then on.'),
      root: secretRef
        .optional()
        .describe(
          'What the root key is made from: at least 43 random characters, kept from then on. Default: a key file in the data directory.',
        ),
      kms: kms.optional().describe('Keys of AWS KMS that record keys are wrapped under. Default: the key ring alone.'),
    })
    .prefault({})
    .describe('The root of all local encryption.'),
  state: state
    .default({ kind: 'file' })
    .describe('Where what gateways share is, the journal with it: in the data directory, or in tables of DynamoDB.'),
  fips: z
    .boolean()
    .default(false)
    .describe('Whether AWS is called at its FIPS 140-3 endpoints alone, and only approved primitives are used.'),
  aws: aws.prefault({}).describe('How AWS is called for secrets and roles.'),
  frontDoor: frontDoor
    .default({ kind: 'port' })
    .describe('By which road requests come: the ports of `listen`, or a front door of AWS Lambda.'),
  listen: listen.prefault({}),
  limits: limits.prefault({}),
  audit: audit.prefault({}).describe('The record of what passed.'),
  workflow: workflow
    .optional()
    .describe('The passage in steps: where requests, replies and sealed states lie, and who may run them.'),
  telemetry: telemetry.prefault({}).describe('What is told of the gateway beside its log and `/metrics`.'),
  deploy: deploy.optional().describe('What `npm run deploy` makes in AWS. The gateway itself does not look at it.'),
  providers: z.array(placedProvider).min(1),
  models: z.array(model).min(1),
  tenants: z.array(tenant).min(1),
  policies: z.array(policy).describe('Cedar policies. What none of them permits is denied.'),
  guardrails: guardrails.default([]).describe('Guardrails that requests may name, and that may be applied to them.'),
  inspection: inspection.prefault({}),
});

export type ConfigShape = z.output<typeof configShape>;
