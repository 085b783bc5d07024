import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { at, listAt, UNKNOWN } from '../../values.ts';

export const enforcedGuardrailSelective: Rule = {
  id: 'bedrock-enforced-guardrail-selective',
  title: 'What an account enforces, no caller can step around',
  severity: 'high',
  standards: ['GENSEC02-BP01', 'GENSEC04-BP02', 'LLM01'],
  rationale:
    'With selective guarding a caller tags what the guardrail looks at: a prompt that is not tagged passes unseen. ' +
    'A model that is excluded has no guardrail at all.',
  remediation: 'Guard messages and system text comprehensively, and exclude no model.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html',
  examine: eachResource(['AWS::Bedrock::EnforcedGuardrailConfiguration'], ({ properties }) => {
    const selective = ['Messages', 'System'].flatMap((name) => {
      const mode = at(properties, 'SelectiveContentGuarding', name);
      const path = `SelectiveContentGuarding.${name}`;
      if (mode === UNKNOWN) return [unassessed(path, 'the mode is computed')];
      return mode === 'SELECTIVE' ? [fail(path, 'the caller chooses what is looked at')] : [];
    });
    const excluded = listAt(properties, 'ModelEnforcement', 'ExcludedModels');
    const path = 'ModelEnforcement.ExcludedModels';
    if (excluded === UNKNOWN) return [...selective, unassessed(path, 'the models are computed')];
    return excluded.length === 0 ? selective : [...selective, fail(path, 'models are exempt')];
  }),
};
