import { z } from 'zod';
import { GatewayError, type ReasoningEffort } from '../../core/index.ts';
import { parseShape } from '../shape.ts';

const switched = [z.strictObject({ type: z.literal('disabled') }), z.strictObject({ type: z.literal('adaptive') })];

/** `thinking` of Claude (docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html). */
const budgeted = z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int32().min(1) });

const levelled = z.strictObject({
  type: z.literal('enabled'),
  maxReasoningEffort: z.enum(['low', 'medium', 'high']),
});

/** `reasoningConfig` of Nova (docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html). */
export const novaReasoning = z.union([z.strictObject({ type: z.literal('disabled') }), levelled]);

const anyReasoning = z.union([...switched, budgeted, levelled]);

/** The names under which models take their reasoning among the additional fields. */
const names = ['thinking', 'reasoning_config', 'reasoningConfig'] as const;

const schema = z.strictObject({
  thinking: z.union([...switched, budgeted]).optional(),
  reasoning_config: anyReasoning.optional(),
  reasoningConfig: anyReasoning.optional(),
});

type WireReasoningConfig = z.output<typeof anyReasoning>;

/** What additional fields ask for of reasoning, and the fields without it. */
export interface SplitFields {
  readonly reasoning?: ReasoningEffort;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Takes the reasoning out of additional fields. Throws `invalidRequest`, or `unsupported` where it is asked twice. */
export function splitReasoning(fields: Readonly<Record<string, unknown>>): SplitFields {
  const given = names.filter((name) => Object.hasOwn(fields, name));
  const [name, other] = given;
  if (name === undefined) return { rest: fields };
  if (other !== undefined) throw twice();
  const { [name]: value, ...rest } = fields;
  const config = parseShape(schema, { [name]: value })[name];
  return { rest, ...(config === undefined ? {} : { reasoning: toEffort(config) }) };
}

/** What a model's own setting asks for. */
export function toEffort(config: WireReasoningConfig): ReasoningEffort {
  if ('budget_tokens' in config) return { kind: 'budget', tokens: config.budget_tokens };
  if ('maxReasoningEffort' in config) return { kind: 'effort', effort: config.maxReasoningEffort };
  return { kind: config.type === 'disabled' ? 'off' : 'adaptive' };
}

type Effort = NonNullable<ReasoningEffort['effort']>;

/** A model's own setting with the effort beside it. Throws `unsupported` where the setting is an effort itself. */
export function withEffort(own: ReasoningEffort | undefined, effort: Exclude<Effort, 'none'> | undefined) {
  if (effort === undefined) return own;
  if (own === undefined) return { kind: 'effort', effort } as const;
  if (own.kind === 'effort') throw twice();
  return { ...own, effort };
}

/** The inner form holds one setting: of two, one would be dropped. */
function twice(): GatewayError {
  return new GatewayError('unsupported', { detail: 'reasoning that is set in two ways' });
}
