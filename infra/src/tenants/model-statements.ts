import { createSessionPolicy } from '../../../src/providers/index.ts';
import type { Conditions, Statement } from '../policy/policy-document.ts';

/** A model as the configuration has it: its id, and the id or the ARN that Bedrock knows it by. */
export type TenantModel = Parameters<typeof createSessionPolicy>[0]['models'][number];

/** Models of one Region, which one tenant may use. */
export interface ModelScope {
  readonly region: string;
  /** The account that calls are made in; may be a token. */
  readonly account: string;
  readonly models: readonly TenantModel[];
  /** The guardrail that calls have to name. Default: none has to. */
  readonly guardrail?: GuardrailVersion;
}

export interface GuardrailVersion {
  readonly arn: string;
  /** A number, never `DRAFT`: that changes without a version. */
  readonly version: string;
}

const INVOKE: readonly string[] = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** Bedrock's guardrails are for text that a model generates: models that embed or rank take none (Guardrails, "Supported models"). */
export function isWithoutGuardrail({ providerModelId }: Pick<TenantModel, 'providerModelId'>): boolean {
  return /(?:^|[./-])(?:titan-embed|embed|rerank)/.test(providerModelId);
}

/**
 * What permits calls of these models and no others, by the very ARNs that the gateway's session policies name. `conditions`
 * hold for each call; a guardrail is asked for of every model that takes one.
 */
export function modelStatements(scope: ModelScope, conditions: Conditions = {}): readonly Statement[] {
  const plain = scope.models.filter(isWithoutGuardrail);
  const guarded = scope.models.filter((model) => !isWithoutGuardrail(model));
  const { guardrail } = scope;
  const pinned =
    guardrail === undefined ? undefined : { 'bedrock:GuardrailIdentifier': `${guardrail.arn}:${guardrail.version}` };
  return [
    ...statementsOf('Generate', { ...scope, models: guarded }, { conditions, pinned }),
    ...statementsOf('Embed', { ...scope, models: plain }, { conditions, pinned: undefined }),
    ...(guardrail === undefined || guarded.length === 0
      ? []
      : [
          {
            Sid: 'ApplyTheGuardrail',
            Effect: 'Allow',
            Action: ['bedrock:ApplyGuardrail'],
            Resource: guardrail.arn,
            ...withConditions(conditions),
          } as const,
        ]),
  ];
}

interface Terms {
  readonly conditions: Conditions;
  readonly pinned: Readonly<Record<string, string>> | undefined;
}

function statementsOf(sid: string, { region, account, models }: ModelScope, terms: Terms): readonly Statement[] {
  if (models.length === 0) return [];
  const policy: { readonly Statement: readonly Omit<Statement, 'Sid'>[] } = JSON.parse(
    createSessionPolicy({ region, account, models }),
  );
  // Counting knows no guardrail, so that a condition on one would deny it.
  return policy.Statement.flatMap((statement, at) => {
    const invoking = statement.Action.filter((action) => INVOKE.includes(action));
    const others = statement.Action.filter((action) => !INVOKE.includes(action));
    const named = (name: string, Action: readonly string[], Condition: Conditions): readonly Statement[] =>
      Action.length === 0 ? [] : [{ ...statement, Sid: `${sid}${name}${at}`, Action, ...withConditions(Condition) }];
    const own = merge(statement.Condition ?? {}, terms.conditions);
    const invoked = terms.pinned === undefined ? own : merge(own, { StringEquals: terms.pinned });
    return [...named('Invoke', invoking, invoked), ...named('Count', others, own)];
  });
}

/** Both hold: keys of one operator stand together. */
function merge(first: Conditions, second: Conditions): Conditions {
  const operators = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...operators].map((operator) => [operator, { ...first[operator], ...second[operator] }]));
}

function withConditions(conditions: Conditions): { readonly Condition?: Conditions } {
  return Object.keys(conditions).length === 0 ? {} : { Condition: conditions };
}
