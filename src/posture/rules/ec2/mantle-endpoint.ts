import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { ENDPOINT, endpointServiceOf } from './endpoint-service.ts';

export const mantleEndpoint: Rule = {
  id: 'ec2-mantle-endpoint',
  title: "Bedrock's second front door is shut",
  severity: 'high',
  standards: ['GENSEC01-BP02', 'GENSEC02-BP01', 'GENSEC03-BP01'],
  rationale:
    '`bedrock-mantle` calls the same models past guardrails and past the invocation log, under an IAM prefix of its ' +
    'own. No switch changes that.',
  remediation: 'Have no endpoint of `bedrock-mantle`, and deny `bedrock-mantle:*`.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: eachResource([ENDPOINT], (resource) => {
    const service = endpointServiceOf(resource);
    if (service === undefined) return [unassessed('ServiceName', 'the service is computed')];
    return service === 'bedrock-mantle' ? [fail('ServiceName', 'models can be called past guardrails and log')] : [];
  }),
};
