import type { Policy } from './policies.ts';
import type { Principal } from './principals.ts';
import type { ServiceActions } from './service-actions.ts';
import type { Resource, Template } from './template.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What a rule says of one thing: a check that could not be made is never a pass. */
export interface Outcome {
  readonly kind: 'pass' | 'fail' | 'unassessed';
  readonly resource: Resource;
  /** Where in the resource's properties; empty for the resource itself. */
  readonly path: string;
  readonly message: string;
}

/** What is claimed of a deployment, which templates are held against. */
export interface Claims {
  /** Regions that prompts and answers stay in; without it nothing is claimed. */
  readonly regions?: readonly string[];
}

/** All that rules read. */
export interface Subject {
  readonly template: Template;
  readonly policies: readonly Policy[];
  readonly principals: readonly Principal[];
  /** Those of the templates that are assessed with it. */
  readonly neighbours: readonly Principal[];
  readonly claims: Claims;
  /** Actions and condition keys as AWS defines them; `undefined` where the data is not installed. */
  readonly actions: ServiceActions | undefined;
}

/** A control: why it is one, and how a template is held against it. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Practices of the Well-Architected Generative AI Lens, and risks of the OWASP Top 10 for LLM applications 2025. */
  readonly standards: readonly string[];
  readonly rationale: string;
  readonly remediation: string;
  readonly source: string;
  /** One outcome or more for everything that the rule is about; none where there is nothing such. */
  readonly examine: (subject: Subject) => readonly Outcome[];
  /** The same in the language of CloudFormation Guard, where that can say it. */
  readonly guard?: string;
}

export interface Problem {
  readonly kind: 'fail' | 'unassessed';
  readonly path: string;
  readonly message: string;
}

export const fail = (path: string, message: string): Problem => ({ kind: 'fail', path, message });
export const unassessed = (path: string, message: string): Problem => ({ kind: 'unassessed', path, message });

/** What is wrong with a resource as outcomes, or that it passes. */
export function toOutcomes(resource: Resource, problems: readonly Problem[]): readonly Outcome[] {
  if (problems.length === 0) return [{ kind: 'pass', resource, path: '', message: '' }];
  return problems.map((problem) => ({ ...problem, resource }));
}

/** Examines every resource of some types. */
export function eachResource(
  types: readonly string[],
  examine: (resource: Resource, subject: Subject) => readonly Problem[],
): Rule['examine'] {
  return (subject) =>
    subject.template.resources
      .filter(({ type }) => types.includes(type))
      .flatMap((resource) => toOutcomes(resource, examine(resource, subject)));
}

/** Examines every policy of some kinds; one that cannot be read is not assessed. */
export function eachPolicy(
  kinds: readonly Policy['kind'][],
  examine: (policy: Policy, subject: Subject) => readonly Problem[],
): Rule['examine'] {
  return (subject) =>
    subject.policies
      .filter(({ kind }) => kinds.includes(kind))
      .flatMap((policy) => {
        const { resource, unread, path } = policy;
        return toOutcomes(resource, unread === undefined ? examine(policy, subject) : [unassessed(path, unread)]);
      });
}

/** Examines every role and user. */
export function eachPrincipal(
  examine: (principal: Principal, subject: Subject) => readonly Problem[],
): Rule['examine'] {
  return (subject) =>
    subject.principals.flatMap((principal) => toOutcomes(principal.resource, examine(principal, subject)));
}
