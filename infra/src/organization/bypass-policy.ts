import { invocations } from './invocations.data.ts';
import type { OrganizationPolicy } from './policy.ts';

/**
 * Closes roads to a model that Bedrock's invocation log does not see, or that no guardrail can be asked of.
 *
 * Source: Amazon Bedrock User Guide, "Monitor model invocation" (`bedrock-mantle` is not captured) and "API keys" (two
 * endpoints, each with an action of its own).
 */
export function createBypassPolicy(): OrganizationPolicy {
  return {
    name: 'sallyport-no-bypass',
    description: 'No model calls by mantle, API keys, batches, agents or tools of the provider.',
    kind: 'SERVICE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Mantle', Effect: 'Deny', Action: ['bedrock-mantle:*'], Resource: '*' },
        {
          Sid: 'BearerTokens',
          Effect: 'Deny',
          // The second stands above too. It stays where somebody opens mantle: both prefixes, or neither helps.
          Action: ['bedrock:CallWithBearerToken', 'bedrock-mantle:CallWithBearerToken'],
          Resource: '*',
        },
        {
          Sid: 'LongTermKeys',
          Effect: 'Deny',
          Action: ['iam:CreateServiceSpecificCredential', 'iam:ResetServiceSpecificCredential'],
          Resource: '*',
          Condition: { StringLike: { 'iam:ServiceSpecificCredentialServiceName': 'bedrock*' } },
        },
        {
          Sid: 'WithoutGuardrail',
          Effect: 'Deny',
          Action: [
            'bedrock:CreateModelInvocationJob',
            'bedrock:InvokeAgent',
            'bedrock:InvokeInlineAgent',
            'bedrock:InvokeFlow',
            'bedrock:InvokeTool',
            'bedrock-agentcore:Invoke*',
            'bedrock-websearch:*',
          ],
          Resource: '*',
        },
        { Sid: 'SystemTools', Effect: 'Deny', Action: invocations, Resource: ['arn:*:bedrock:*:*:system-tool/*'] },
      ],
    },
  };
}
