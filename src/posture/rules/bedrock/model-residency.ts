import { speaksOf } from '../../principals.ts';
import { eachPolicy, fail, type Problem, type Rule } from '../../rule.ts';
import { INVOKE } from '../invoking.ts';

export const modelResidency: Rule = {
  id: 'bedrock-model-residency',
  title: 'Models are called in the Regions that are claimed',
  severity: 'high',
  standards: ['GENSEC01-BP01', 'GENREL05-BP01'],
  rationale:
    'A cross-Region profile takes the prompt to another Region, a global one anywhere. Who may call a model in a ' +
    'Region can be routed there.',
  remediation: 'Name model ARNs with the Regions that are claimed, and no global profile.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html',
  examine: (subject) => {
    const { regions } = subject.claims;
    if (regions === undefined) return [];
    // A boundary allows nothing by itself.
    const boundaries = subject.principals.map(({ boundary }) => boundary);
    return eachPolicy(['identity', 'endpoint'], (policy) => {
      const { statements, path } = policy;
      if (boundaries.includes(policy)) return [];
      return statements
        .filter((one) => one.effect === 'Allow' && INVOKE.some((action) => speaksOf(one, action)))
        .flatMap(({ resources }) => resources.flatMap((arn) => problemsOf(arn, path, regions)));
    })(subject);
  },
};

function problemsOf(arn: string, path: string, regions: readonly string[]): readonly Problem[] {
  if (/^\$\{[^}]+\}$/.test(arn)) return [];
  const [, , service = '*', region = '*', , resource = '*'] = arn.replace(/\$\{AWS::[^}]*\}/g, 'own').split(':');
  if (service !== '*' && service !== 'bedrock') return [];
  if (resource.includes('inference-profile/global.')) return [fail(path, 'a global profile goes to any Region')];
  if (region === 'own' || regions.includes(region)) return [];
  if (region === '') return [fail(path, 'a model without a Region is that of a global profile')];
  return [fail(path, `models may be called in \`${region}\`, which is not claimed`)];
}
