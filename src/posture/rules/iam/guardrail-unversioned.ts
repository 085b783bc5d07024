import { eachPolicy, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { hasParameter } from '../../values.ts';

export const guardrailUnversioned: Rule = {
  id: 'iam-guardrail-unversioned',
  title: 'A policy names the version of the guardrail',
  severity: 'high',
  standards: ['GENSEC02-BP01', 'GENSEC01-BP01'],
  rationale:
    'A condition with the bare ARN takes the draft: whoever may edit that, or save an old version, loosens the ' +
    'guardrail without a change to a policy. A wildcard takes every version that ever was.',
  remediation: 'End the ARN with `:VERSION`, a number.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html',
  examine: eachPolicy(['identity', 'organization', 'endpoint'], ({ statements, path }, { template }) =>
    statements
      .flatMap(({ conditions }) => conditions)
      .filter(
        ({ key, operator }) => key.toLowerCase() === 'bedrock:guardrailidentifier' && !operator.startsWith('Null'),
      )
      .flatMap(({ values }) =>
        values.flatMap((value): readonly Problem[] => {
          if (/:(?:[1-9][0-9]*|\$\{[^}?]+\})$/.test(value)) return [];
          const isOpen = hasParameter(value, template.parameters) || value.includes('{{resolve:');
          return isOpen
            ? [unassessed(path, 'the guardrail is only known at deployment')]
            : [fail(path, 'the condition takes the draft, or any version')];
        }),
      ),
  ),
};
