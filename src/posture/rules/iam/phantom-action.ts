import { eachPolicy, fail, type Rule, unassessed } from '../../rule.ts';
import { actionsOf, isKnownAction, NOT_INSTALLED, serviceOf } from './services.ts';

export const phantomAction: Rule = {
  id: 'iam-phantom-action',
  title: 'A policy names actions that exist',
  severity: 'high',
  standards: ['GENSEC01-BP01'],
  rationale:
    'IAM takes any text for an action. One that does not exist (`bedrock:Converse`) allows nothing and, worse, denies ' +
    'nothing: the door that it was to shut stands open.',
  remediation: 'Name the action that authorises the call: Converse is `bedrock:InvokeModel`.',
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html',
  examine: eachPolicy(
    ['identity', 'trust', 'resource', 'endpoint', 'organization'],
    ({ statements, path }, { actions }) => {
      if (actions === undefined) return [unassessed(path, NOT_INSTALLED)];
      return [...new Set(statements.flatMap(actionsOf))].flatMap((action) => {
        if (isKnownAction(action, actions)) return [];
        const isService = actions.hasService(serviceOf(action));
        return [
          fail(path, isService ? `there is no action \`${action}\`` : `there is no service \`${serviceOf(action)}\``),
        ];
      });
    },
  ),
};
