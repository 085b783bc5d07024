import { eachResource, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { at, toText } from '../../values.ts';

export const publicNetwork: Rule = {
  id: 'aoss-public-network',
  title: 'A vector store is reached over an endpoint alone',
  severity: 'critical',
  standards: ['GENSEC01-BP02', 'GENSEC01-BP03', 'LLM08'],
  rationale:
    'A collection that is open to the internet is guarded by credentials alone, with all that was retrieved from.',
  remediation: 'Set `AllowFromPublic` to `false`, and name the endpoint in `SourceVPCEs`.',
  source: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html',
  examine: eachResource(['AWS::OpenSearchServerless::SecurityPolicy'], ({ properties }) => {
    if (at(properties, 'Type') !== 'network') return [];
    const rules = parse(toText(properties.Policy));
    if (rules === undefined) return [unassessed('Policy', 'the policy is computed')];
    return rules.flatMap((rule): readonly Problem[] =>
      at(rule, 'AllowFromPublic') === false ? [] : [fail('Policy', 'the collection is open to the internet')],
    );
  }),
};

function parse(text: string | undefined): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}
