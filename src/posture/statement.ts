import { type Fields, isFields } from './template.ts';
import { toText, UNKNOWN } from './values.ts';

/** One test of a statement: `StringEquals`, `aws:SourceVpce`, the values it is held against. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement of a policy. What is not known yet is `${Name}`, or `${?}` where it can be one of several. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** As `AWS:arn…`, `Service:bedrock.amazonaws.com`, `*`; none in the policy of an identity. */
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
}

/** A policy cannot be judged: what it allows is only known when the stack is made. The message names no value. */
export class UnreadPolicyError extends Error {
  override readonly name = 'UnreadPolicyError';
}

/** The statements of a policy document, also one that is written as text. Throws an `UnreadPolicyError`. */
export function parseStatements(document: unknown): readonly Statement[] {
  // A policy as text may have names of the template in its strings: they stay names.
  const text = isStated(document) ? undefined : toText(document);
  const fields = text === undefined ? document : parseText(text);
  if (!isFields(fields) || !('Statement' in fields)) throw new UnreadPolicyError('the policy is computed');
  const statements = Array.isArray(fields.Statement) ? fields.Statement : [fields.Statement];
  return statements.map(parseStatement);
}

const isStated = (document: unknown) => isFields(document) && 'Statement' in document;

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadPolicyError('the policy is no JSON', { cause });
  }
}

function parseStatement(value: unknown): Statement {
  if (!isFields(value) || (value.Effect !== 'Allow' && value.Effect !== 'Deny')) {
    throw new UnreadPolicyError('a statement is computed');
  }
  if (value.NotPrincipal !== undefined) throw new UnreadPolicyError('a statement has `NotPrincipal`');
  return {
    effect: value.Effect,
    actions: toActions(value.Action),
    notActions: toActions(value.NotAction),
    resources: toList(value.Resource),
    notResources: toList(value.NotResource),
    principals: toPrincipals(value.Principal),
    conditions: toConditions(value.Condition),
  };
}

function toActions(value: unknown): readonly string[] {
  const actions = toList(value);
  if (actions.some((action) => action.includes('${'))) throw new UnreadPolicyError('an action is computed');
  return actions;
}

function toList(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => toText(item) ?? '${?}');
}

function toPrincipals(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!isFields(value) || 'Ref' in value) return toList(value);
  return Object.entries(value).flatMap(([kind, names]) => {
    if (kind.startsWith('Fn::')) throw new UnreadPolicyError('a principal is computed');
    return toList(names).map((name) => (name === '*' ? '*' : `${kind}:${name}`));
  });
}

function toConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(toKnown(value)).flatMap(([operator, tests]) =>
    Object.entries(toKnown(tests)).map(([key, values]) => ({ operator, key, values: toList(values) })),
  );
}

function toKnown(value: unknown): Fields {
  const isComputed = !isFields(value) || Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (isComputed) throw new UnreadPolicyError(`a condition is ${String(UNKNOWN.description)}`);
  return value;
}
