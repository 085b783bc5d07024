import { takesAction } from './patterns.ts';
import type { Policy } from './policies.ts';
import type { Statement } from './statement.ts';
import type { Resource, Template } from './template.ts';
import { at, listAt, toText, UNKNOWN } from './values.ts';

/** A role or user of the template, with all that says what it may do. */
export interface Principal {
  readonly resource: Resource;
  readonly trust: readonly Policy[];
  readonly policies: readonly Policy[];
  /** ARNs of managed policies that AWS keeps. */
  readonly managed: readonly string[];
  /** Its boundary; `undefined` where it has none. */
  readonly boundary: Policy | undefined;
  /** Why it cannot be said what it may do: policies that lie elsewhere, or are computed. */
  readonly unread: readonly string[];
}

/** What a principal may do: the statements that let it, or why that is not known. */
export type Permission =
  | { readonly kind: 'no' }
  | { readonly kind: 'yes'; readonly statements: readonly Statement[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const OF_AWS = /^arn:[^:]*:iam::aws:policy\//;

/** Every role and user, joined with the policies of the template that are attached to it. */
export function principalsOf(template: Template, policies: readonly Policy[]): readonly Principal[] {
  return template.resources
    .filter(({ type }) => type === 'AWS::IAM::Role' || type === 'AWS::IAM::User')
    .map((resource) => toPrincipal(resource, policies));
}

function toPrincipal(resource: Resource, policies: readonly Policy[]): Principal {
  const own = policies.filter((policy) => policy.resource === resource);
  const arns = listAt(resource.properties, 'ManagedPolicyArns');
  const names = arns === UNKNOWN ? [] : arns.map((arn) => toText(arn) ?? '${?}');
  const named = names.map((name) => ({
    name,
    policy: policies.find((policy) => name === `\${${policy.resource.id}}`),
  }));
  const attached = policies.filter((policy) => isAttached(policy, resource));
  const boundaryName = toText(resource.properties.PermissionsBoundary);
  const boundary = policies.find((policy) => boundaryName === `\${${policy.resource.id}}`);
  const all = [
    ...own.filter(({ kind }) => kind === 'identity'),
    ...attached,
    ...named.flatMap(({ policy }) => policy ?? []),
  ];
  const unread = all.flatMap(({ unread: reason, path }) => (reason === undefined ? [] : [`${path}: ${reason}`]));
  if (arns === UNKNOWN) unread.push('its managed policies are computed');
  for (const { name, policy } of named) {
    if (policy === undefined && !OF_AWS.test(name)) unread.push('a managed policy of it lies elsewhere');
  }
  return {
    resource,
    trust: own.filter(({ kind }) => kind === 'trust'),
    policies: all,
    managed: names.filter((name) => OF_AWS.test(name)).map((name) => name.replace(OF_AWS, '')),
    boundary,
    unread,
  };
}

const ATTACHED = [
  ['Roles', 'RoleName'],
  ['Users', 'UserName'],
] as const;

/** Whether a policy names the principal, by reference or by its name. */
function isAttached({ resource, kind }: Policy, to: Resource): boolean {
  if (kind !== 'identity' || resource === to) return false;
  const single = toText(resource.properties.RoleName ?? resource.properties.UserName);
  const lists = ATTACHED.flatMap(([list, name]) => {
    const names = listAt(resource.properties, list);
    return names === UNKNOWN ? [] : names.map((one) => ({ text: toText(one), name }));
  });
  const isNamed = (text: string | undefined, name: string) =>
    text !== undefined && (text === `\${${to.id}}` || text === toText(at(to.properties, name)));
  return lists.some(({ text, name }) => isNamed(text, name)) || isNamed(single, 'RoleName');
}

/** Policies of AWS that let call models; the rest of its policies say nothing of Bedrock. */
const BROAD =
  /(?:^|\/)(?:AdministratorAccess|PowerUserAccess|Amazon\w*Bedrock\w*|AWSBedrock\w*|AmazonSageMaker\w*FullAccess)$/;

/** The broad policies of AWS that a principal has. */
export const broadPolicies = ({ managed }: Principal): readonly string[] => managed.filter((name) => BROAD.test(name));

/** Whether a statement speaks of an action. */
export function speaksOf(statement: Statement, action: string): boolean {
  if (statement.actions.length > 0) return statement.actions.some((pattern) => takesAction(pattern, action));
  return statement.notActions.length > 0 && !statement.notActions.some((pattern) => takesAction(pattern, action));
}

/** Whether a statement denies an action whatever the circumstances. */
function deniesAlways(statement: Statement, action: string): boolean {
  const { effect, conditions, resources } = statement;
  return effect === 'Deny' && conditions.length === 0 && resources.includes('*') && speaksOf(statement, action);
}

/** What the policies of a principal, and its boundary, say of an action. Policies of organizations are not asked. */
export function permissionOf(principal: Principal, action: string): Permission {
  const statements = principal.policies.flatMap((policy) => policy.statements);
  const { boundary } = principal;
  if ([...statements, ...(boundary?.statements ?? [])].some((one) => deniesAlways(one, action))) return { kind: 'no' };
  if (boundary !== undefined && boundary.unread === undefined && !boundary.statements.some(allows(action))) {
    return { kind: 'no' };
  }
  const allowing = statements.filter(allows(action));
  if (allowing.length > 0) return { kind: 'yes', statements: allowing };
  const [reason] = principal.unread;
  return reason === undefined ? { kind: 'no' } : { kind: 'unknown', reason };
}

const allows = (action: string) => (statement: Statement) =>
  statement.effect === 'Allow' && speaksOf(statement, action);
