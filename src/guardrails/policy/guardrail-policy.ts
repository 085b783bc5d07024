import { z } from 'zod';
import { piiEntityTypes } from '../../core/index.ts';

/**
 * The request of Amazon Bedrock's `CreateGuardrail`, with the bounds of its service model (API version 2023-04-20). What
 * the local engine cannot do is refused, not left out: a policy that is skipped would look like one that found nothing.
 */
const blockOrNone = z.enum(['BLOCK', 'NONE']);
const sensitiveAction = z.enum(['BLOCK', 'ANONYMIZE', 'NONE']);
const strength = z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH']);
const enabled = { inputEnabled: z.boolean().optional(), outputEnabled: z.boolean().optional() };
const blocking = { inputAction: blockOrNone.optional(), outputAction: blockOrNone.optional(), ...enabled };
const sensitive = {
  action: sensitiveAction,
  inputAction: sensitiveAction.optional(),
  outputAction: sensitiveAction.optional(),
  ...enabled,
};
const modalities = z
  .array(z.enum(['TEXT', 'IMAGE']))
  .min(1)
  .max(2)
  .refine((all) => !all.includes('IMAGE'), {
    error: 'images cannot be inspected here: leave `IMAGE` to a remote guardrail',
  })
  .optional();
const tierConfig = z.strictObject({ tierName: z.enum(['CLASSIC', 'STANDARD']) }).optional();

const contentFilter = z
  .strictObject({
    type: z.enum(['SEXUAL', 'VIOLENCE', 'HATE', 'INSULTS', 'MISCONDUCT', 'PROMPT_ATTACK']),
    inputStrength: strength,
    outputStrength: strength,
    inputModalities: modalities,
    outputModalities: modalities,
    ...blocking,
  })
  .refine(({ type, outputStrength }) => type !== 'PROMPT_ATTACK' || outputStrength === 'NONE', {
    path: ['outputStrength'],
    error: 'expected `NONE`: an answer attacks nobody’s prompt',
  });

const CLASSIC_DEFINITION = 200;
const topicPolicy = z
  .strictObject({
    topicsConfig: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          definition: z.string().min(1).max(1_000),
          examples: z.array(z.string().min(1).max(100)).max(5).optional(),
          type: z.literal('DENY'),
          ...blocking,
        }),
      )
      .min(1)
      .max(30),
    tierConfig,
  })
  .superRefine(({ topicsConfig, tierConfig: tier }, context) => {
    if (tier?.tierName === 'STANDARD') return;
    for (const [index, { definition }] of topicsConfig.entries()) {
      if (definition.length <= CLASSIC_DEFINITION) continue;
      const message = `longer than ${CLASSIC_DEFINITION} characters, which needs the tier \`STANDARD\``;
      context.addIssue({ code: 'custom', path: ['topicsConfig', index, 'definition'], message });
    }
  });

const regex = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().min(1).max(1_000).optional(),
  pattern: z.string().min(1).max(500),
  ...sensitive,
});

const groundingFilter = z.strictObject({
  type: z.enum(['GROUNDING', 'RELEVANCE']),
  threshold: z.number().min(0).max(0.99),
  action: blockOrNone.optional(),
  enabled: z.boolean().optional(),
});

const message = z.string().min(1).max(500);

const guardrailPolicy = z
  .strictObject({
    name: z
      .string()
      .max(50)
      .regex(/^[0-9a-zA-Z-_]+$/, { error: 'expected up to 50 letters, digits, `-` or `_`' }),
    description: z.string().min(1).max(200).optional(),
    topicPolicyConfig: topicPolicy.optional(),
    contentPolicyConfig: z.strictObject({ filtersConfig: z.array(contentFilter).min(1).max(6), tierConfig }).optional(),
    wordPolicyConfig: z
      .strictObject({
        wordsConfig: z
          .array(z.strictObject({ text: z.string().min(1).max(100), ...blocking }))
          .min(1)
          .max(10_000)
          .optional(),
        managedWordListsConfig: z.array(z.strictObject({ type: z.literal('PROFANITY'), ...blocking })).optional(),
      })
      .optional(),
    sensitiveInformationPolicyConfig: z
      .strictObject({
        piiEntitiesConfig: z
          .array(z.strictObject({ type: z.enum(piiEntityTypes), ...sensitive }))
          .min(1)
          .optional(),
        regexesConfig: z.array(regex).min(1).optional(),
      })
      .optional(),
    contextualGroundingPolicyConfig: z
      .strictObject({ filtersConfig: z.array(groundingFilter).min(1), tierConfig })
      .optional(),
    automatedReasoningPolicyConfig: z
      .unknown()
      .refine((given) => given === undefined, {
        error: 'cannot be checked here: leave automated reasoning to a remote guardrail',
      })
      .optional(),
    blockedInputMessaging: message,
    blockedOutputsMessaging: message,
    // How Amazon Bedrock keeps and serves it. Nothing here depends on them.
    crossRegionConfig: z.strictObject({ guardrailProfileIdentifier: z.string().min(15).max(2_048) }).optional(),
    kmsKeyId: z.string().min(1).max(2_048).optional(),
    tags: z.array(z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256) })).optional(),
    clientRequestToken: z.string().min(1).max(256).optional(),
  })
  .superRefine((policy, context) => {
    const hasPolicy = Object.entries(policy).some(
      ([key, value]) => key.endsWith('PolicyConfig') && value !== undefined,
    );
    if (hasPolicy) return;
    context.addIssue({ code: 'custom', message: 'it has no policy, such as `contentPolicyConfig`' });
  });

export type GuardrailPolicy = z.output<typeof guardrailPolicy>;

/** A guardrail that cannot be made of its policy: a line for each thing that is wrong, with its place. */
export class GuardrailError extends Error {
  override readonly name = 'GuardrailError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/** Reads a policy from parsed JSON or YAML. Throws a `GuardrailError`. */
export function parseGuardrailPolicy(value: unknown): GuardrailPolicy {
  const parsed = guardrailPolicy.safeParse(value);
  if (parsed.success) return withoutTwins(parsed.data);
  throw new GuardrailError(parsed.error.issues.map(({ path, message: said }) => withPlace(path, said)));
}

/** Two rules of one name would leave it open whose action counts. */
function withoutTwins(policy: GuardrailPolicy): GuardrailPolicy {
  const { contentPolicyConfig, topicPolicyConfig, sensitiveInformationPolicyConfig: sensitiveConfig } = policy;
  const named: readonly (readonly [place: string, names: readonly string[]])[] = [
    ['contentPolicyConfig.filtersConfig', (contentPolicyConfig?.filtersConfig ?? []).map(({ type }) => type)],
    ['topicPolicyConfig.topicsConfig', (topicPolicyConfig?.topicsConfig ?? []).map(({ name }) => name)],
    [
      'sensitiveInformationPolicyConfig.piiEntitiesConfig',
      (sensitiveConfig?.piiEntitiesConfig ?? []).map(({ type }) => type),
    ],
    ['sensitiveInformationPolicyConfig.regexesConfig', (sensitiveConfig?.regexesConfig ?? []).map(({ name }) => name)],
  ];
  const problems = named.flatMap(([place, names]) => {
    const twins = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return [...twins].map((name) => `\`${place}\`: \`${name}\` stands there twice`);
  });
  if (problems.length > 0) throw new GuardrailError(problems);
  return policy;
}

function withPlace(path: readonly PropertyKey[], said: string): string {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return place === '' ? said : `\`${place.slice(1)}\`: ${said}`;
}
