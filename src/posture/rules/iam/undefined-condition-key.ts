import { overlap, takesAction } from '../../patterns.ts';
import { eachPolicy, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import type { ServiceAction, ServiceActions } from '../../service-actions.ts';
import type { Condition, Statement } from '../../statement.ts';
import { NOT_INSTALLED } from './services.ts';

export const undefinedConditionKey: Rule = {
  id: 'iam-undefined-condition-key',
  title: 'A condition key is one that the action has',
  severity: 'high',
  standards: ['GENSEC01-BP01', 'GENSEC01-BP03'],
  rationale:
    'A key that exists, but not for this action and this kind of resource, is absent from the request. `ForAllValues`, ' +
    '`…IfExists` and negated operators are then true: `dynamodb:*` with `ForAllValues` on the leading keys allows to ' +
    'delete the table. Foundation models have no tags, whatever a simulator says.',
  remediation: 'Name actions that define the key, in a statement of their own.',
  source:
    'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  examine: eachPolicy(['identity', 'organization'], ({ statements, path }, { actions }) => {
    if (actions === undefined) return [unassessed(path, NOT_INSTALLED)];
    return statements.flatMap((statement) =>
      statement.conditions
        .filter(({ key }) => isOfAction(key) && actions.hasKey(key))
        .flatMap((condition) => problemsOf(statement, condition, actions).map((message) => fail(path, message))),
    );
  }),
};

/**
 * Keys that come with every request, or with the credentials of a function or an instance, are defined for every action.
 * Tags are not, though their names say `aws:`.
 */
const isOfAction = (key: string) =>
  !/^(?:aws:|lambda:SourceFunctionArn$|ec2:SourceInstanceARN$|ec2:RoleDelivery$|ssm:SourceInstanceARN$)/i.test(key) ||
  /^aws:(?:ResourceTag\/|RequestTag\/|TagKeys$)/i.test(key);

/** Whether a test holds where its key is absent. */
const holdsWithout = ({ operator, values }: Condition) =>
  /^ForAllValues:|Not|IfExists$/.test(operator) || (operator === 'Null' && values.includes('true'));

function problemsOf(statement: Statement, condition: Condition, known: ServiceActions): readonly Problem['message'][] {
  if (condition.operator === 'Null' && condition.values.includes('false')) return [];
  const isLoose = statement.effect === 'Allow' && holdsWithout(condition) && !isTied(statement, condition);
  return statement.actions.flatMap((pattern) => {
    const matched = known.match(pattern);
    const lacking = matched.filter((action) => !defines(action, condition.key, statement.resources));
    const isNamed = !/[*?]/.test(pattern);
    if (matched.length === 0 || lacking.length === 0) return [];
    if (isLoose) return [`\`${condition.key}\` is absent from \`${lacking[0]?.name}\`, which is allowed without it`];
    if (lacking.length < matched.length && !isNamed) return [];
    return [`\`${condition.key}\` is not a key of \`${pattern}\` on these resources`];
  });
}

/** Whether the key must be there besides. */
const isTied = ({ conditions }: Statement, { key }: Condition) =>
  conditions.some(
    (one) => one.operator === 'Null' && one.key.toLowerCase() === key.toLowerCase() && one.values.includes('false'),
  );

function defines({ conditionKeys, resources }: ServiceAction, key: string, arns: readonly string[]): boolean {
  const isKey = (one: string) => takesAction(one.replace(/\$\{[^}]*\}/g, '*'), key);
  if (conditionKeys.some(isKey)) return true;
  return resources.some(
    (resource) => resource.conditionKeys.some(isKey) && arns.some((arn) => overlap(toPattern(resource.arn), arn)),
  );
}

const toPattern = (arn: string) => arn.replace(/\$\{[^}]*\}/g, '*');
