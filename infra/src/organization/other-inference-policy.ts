import { lexInvocations, sageMakerInvocations } from './invocations.data.ts';
import type { OrganizationRules } from './organization-rules.ts';
import type { OrganizationPolicy, Statement } from './policy.ts';

/** Models beside Bedrock's: endpoints of SageMaker and bots of Lex, denied unless they are listed. */
export function createOtherInferencePolicy(rules: OrganizationRules): OrganizationPolicy {
  const { partition, sageMakerEndpoints = [], lexBots = [] } = rules;
  const endpoints = sageMakerEndpoints.map((name) => `arn:${partition}:sagemaker:*:*:endpoint/${name}`);
  return {
    name: 'sallyport-other-inference',
    description: 'Endpoints of SageMaker and bots of Lex that are listed, and no others.',
    kind: 'SERVICE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'SageMaker', Effect: 'Deny', Action: sageMakerInvocations, ...allBut(endpoints) },
        { Sid: 'Lex', Effect: 'Deny', Action: lexInvocations, ...allBut(lexBots) },
      ],
    },
  };
}

function allBut(listed: readonly string[]): Pick<Statement, 'Resource' | 'NotResource'> {
  return listed.length === 0 ? { Resource: '*' } : { NotResource: listed };
}
