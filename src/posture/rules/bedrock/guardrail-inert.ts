import { eachResource, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { at, listAt, toBoolean, UNKNOWN, type Unknown } from '../../values.ts';

const FILTERS = [
  ['ContentPolicyConfig', 'FiltersConfig'],
  ['TopicPolicyConfig', 'TopicsConfig'],
  ['WordPolicyConfig', 'WordsConfig'],
  ['WordPolicyConfig', 'ManagedWordListsConfig'],
  ['SensitiveInformationPolicyConfig', 'PiiEntitiesConfig'],
  ['SensitiveInformationPolicyConfig', 'RegexesConfig'],
  ['ContextualGroundingPolicyConfig', 'FiltersConfig'],
] as const;

const SWITCHES = ['InputEnabled', 'OutputEnabled', 'Enabled'];
/** Strengths that are zero. A prompt attack has no output: there `NONE` is what the service asks for. */
const WEAK = ['Action', 'InputAction', 'OutputAction', 'InputStrength', 'OutputStrength'];

interface Filters {
  readonly path: string;
  readonly items: readonly unknown[] | Unknown;
}

export const guardrailInert: Rule = {
  id: 'bedrock-guardrail-inert',
  title: 'A guardrail stops what it names',
  severity: 'high',
  standards: ['GENSEC02-BP01', 'LLM02', 'LLM05'],
  rationale:
    'A filter with the action or strength `NONE`, switched off, or with a threshold of 0 is listed and stops nothing: ' +
    'whoever looks whether there is a guardrail is satisfied.',
  remediation: 'Give each filter an action that blocks or masks, a strength and a threshold above zero, in both ways.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrail.html',
  examine: eachResource(['AWS::Bedrock::Guardrail'], ({ properties }) => {
    const lists: readonly Filters[] = FILTERS.map(([policy, name]) => ({
      path: `${policy}.${name}`,
      items: listAt(properties, policy, name),
    }));
    const found = lists.flatMap(({ path, items }) =>
      items === UNKNOWN
        ? [unassessed(path, 'the filters are computed')]
        : items.flatMap((item, index) => problemsOf(item, `${path}.${index}`)),
    );
    const isEmpty = lists.every(({ items }) => items !== UNKNOWN && items.length === 0);
    const reasoning = at(properties, 'AutomatedReasoningPolicyConfig');
    return isEmpty && reasoning === undefined ? [fail('', 'the guardrail has no filter')] : found;
  }),
  guard: `let guardrails = Resources.*[ Type == 'AWS::Bedrock::Guardrail' ]

rule bedrock_guardrail_inert when %guardrails !empty {
  %guardrails.Properties {
    when SensitiveInformationPolicyConfig.PiiEntitiesConfig exists {
      SensitiveInformationPolicyConfig.PiiEntitiesConfig[*].Action != 'NONE' <<a PII entity has the action NONE>>
    }
    when SensitiveInformationPolicyConfig.RegexesConfig exists {
      SensitiveInformationPolicyConfig.RegexesConfig[*].Action != 'NONE' <<a pattern has the action NONE>>
    }
    when ContentPolicyConfig.FiltersConfig exists {
      ContentPolicyConfig.FiltersConfig[*].InputStrength != 'NONE' <<a content filter has the input strength NONE>>
    }
    when ContextualGroundingPolicyConfig.FiltersConfig exists {
      ContextualGroundingPolicyConfig.FiltersConfig[*].Threshold > 0.0 <<a grounding filter has the threshold 0>>
    }
  }
}
`,
};

function problemsOf(filter: unknown, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (const name of SWITCHES) {
    const value = toBoolean(at(filter, name));
    if (value === UNKNOWN) problems.push(unassessed(`${path}.${name}`, 'the switch is only known at deployment'));
    else if (value === false) problems.push(fail(`${path}.${name}`, 'the filter is switched off'));
  }
  const isAttack = at(filter, 'Type') === 'PROMPT_ATTACK';
  for (const name of WEAK) {
    const value = at(filter, name);
    if (value === UNKNOWN) problems.push(unassessed(`${path}.${name}`, 'its value is only known at deployment'));
    else if (value === 'NONE' && !(isAttack && name === 'OutputStrength')) {
      problems.push(fail(`${path}.${name}`, `\`${name}\` is NONE: the filter only reports`));
    }
  }
  const threshold = at(filter, 'Threshold');
  if (threshold === UNKNOWN) problems.push(unassessed(`${path}.Threshold`, 'its value is only known at deployment'));
  else if (threshold !== undefined && !(Number(threshold) > 0)) {
    problems.push(fail(`${path}.Threshold`, 'the threshold is 0: every answer passes'));
  }
  return problems;
}
