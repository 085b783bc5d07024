import { fail, type Problem, type Rule, toOutcomes, unassessed } from '../../rule.ts';
import { at, UNKNOWN } from '../../values.ts';

export const guardrailResidency: Rule = {
  id: 'bedrock-guardrail-residency',
  title: 'A guardrail keeps to the Regions that are claimed',
  severity: 'medium',
  standards: ['GENSEC02-BP01', 'GENREL05-BP01'],
  rationale:
    'The tier `STANDARD` looks at prompts and answers in other Regions of the geography. One Region is only true of the ' +
    'tier `CLASSIC`, which knows three languages.',
  remediation: 'Take `CLASSIC` and no cross-Region profile, or claim the Regions of the geography.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tiers.html',
  examine: ({ template, claims: { regions } }) => {
    if (regions === undefined) return [];
    const guardrails = template.resources.filter(({ type }) => type === 'AWS::Bedrock::Guardrail');
    return guardrails.flatMap((resource) => {
      const paths = [
        ['ContentPolicyConfig', 'ContentFiltersTierConfig', 'TierName'],
        ['TopicPolicyConfig', 'TopicsTierConfig', 'TierName'],
        ['CrossRegionConfig'],
      ];
      const problems = paths.flatMap((path): readonly Problem[] => {
        const value = at(resource.properties, ...path);
        if (value === undefined || value === 'CLASSIC') return [];
        const name = path.join('.');
        if (value === UNKNOWN) return [unassessed(name, 'it is only known at deployment')];
        if (regions.length > 1) return [unassessed(name, 'hold the Regions of the geography against those claimed')];
        return [fail(name, 'other Regions look at prompts and answers; one Region is claimed')];
      });
      return toOutcomes(resource, problems);
    });
  },
};
