import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { at, listAt, toBoolean, UNKNOWN } from '../../values.ts';

export const sampledRequests: Rule = {
  id: 'wafv2-sampled-requests',
  title: 'The web firewall keeps no samples of requests',
  severity: 'medium',
  standards: ['GENSEC01-BP03', 'LLM02'],
  rationale: 'Sampled requests show headers, credentials and names among them, to who may look at the firewall.',
  remediation: 'Set `SampledRequestsEnabled` to `false`, of the web ACL and of each rule.',
  source: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing-view-sample.html',
  examine: eachResource(['AWS::WAFv2::WebACL', 'AWS::WAFv2::RuleGroup'], ({ properties }) => {
    const rules = listAt(properties, 'Rules');
    if (rules === UNKNOWN) return [unassessed('Rules', 'the rules are computed')];
    return [properties, ...rules].flatMap((place, index) => {
      const path = `${index === 0 ? '' : `Rules.${index - 1}.`}VisibilityConfig.SampledRequestsEnabled`;
      const value = toBoolean(at(place, 'VisibilityConfig', 'SampledRequestsEnabled'));
      if (value === UNKNOWN) return [unassessed(path, 'it is only known at deployment')];
      return value === false ? [] : [fail(path, 'requests are sampled')];
    });
  }),
  guard: `let firewalls = Resources.*[ Type in ['AWS::WAFv2::WebACL', 'AWS::WAFv2::RuleGroup'] ]

rule wafv2_sampled_requests when %firewalls !empty {
  %firewalls.Properties {
    VisibilityConfig.SampledRequestsEnabled == false <<requests are sampled>>
    when Rules exists {
      Rules[*].VisibilityConfig.SampledRequestsEnabled == false <<requests of a rule are sampled>>
    }
  }
}
`,
};
