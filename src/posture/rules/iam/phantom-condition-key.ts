import { eachPolicy, fail, type Rule, unassessed } from '../../rule.ts';
import { NOT_INSTALLED } from './services.ts';

/** Keys of identity providers begin with the provider's name; those of web identities and SAML are their own. */
const FOREIGN = /^(?:.*\.[a-z]{2,}(?:\/.*)?:|saml:|cognito-identity)/i;

export const phantomConditionKey: Rule = {
  id: 'iam-phantom-condition-key',
  title: 'A policy names condition keys that exist',
  severity: 'high',
  standards: ['GENSEC01-BP01'],
  rationale:
    'A key that does not exist (`bedrock:ModelId`) is never there. An allow with it never holds; a deny with it never ' +
    'holds either, or with a negated operator always: the policy says something else than it reads.',
  remediation: 'Take the keys of the service authorization reference.',
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html',
  examine: eachPolicy(
    ['identity', 'trust', 'resource', 'endpoint', 'organization'],
    ({ statements, path }, { actions }) => {
      if (actions === undefined) return [unassessed(path, NOT_INSTALLED)];
      const keys = new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
      return [...keys]
        .filter((key) => !actions.hasKey(key) && !FOREIGN.test(key))
        .map((key) => fail(path, `there is no condition key \`${key}\``));
    },
  ),
};
