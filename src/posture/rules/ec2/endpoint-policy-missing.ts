import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { at } from '../../values.ts';
import { ENDPOINT, endpointServiceOf, takesPolicy } from './endpoint-service.ts';

export const endpointPolicyMissing: Rule = {
  id: 'ec2-endpoint-policy-missing',
  title: 'An endpoint has a policy',
  severity: 'high',
  standards: ['GENSEC01-BP02', 'GENSEC01-BP01'],
  rationale: 'Without a policy an endpoint lets any credentials do anything in any account: a private way out.',
  remediation: 'Give it a policy that names actions, resources and who may call.',
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  examine: eachResource([ENDPOINT], (resource) => {
    const service = endpointServiceOf(resource);
    if (service === undefined) return [unassessed('ServiceName', 'the service is computed')];
    const isMissing = takesPolicy(service) && at(resource.properties, 'PolicyDocument') === undefined;
    return isMissing ? [fail('PolicyDocument', `the endpoint of \`${service}\` has no policy`)] : [];
  }),
  guard: `let endpoints = Resources.*[ Type == 'AWS::EC2::VPCEndpoint' ]

rule ec2_endpoint_policy_missing when %endpoints !empty {
  %endpoints.Properties.PolicyDocument exists <<the endpoint has no policy>>
}
`,
};
