import type { OrganizationRules } from './organization-rules.ts';
import type { OrganizationPolicy, Statement } from './policy.ts';

/** What costs are told by, and conditions of policies ask for, is there from the start. */
export function createTagPolicy(rules: OrganizationRules): OrganizationPolicy {
  const { partition, tags = ['sallyport:environment'] } = rules;
  return {
    name: 'sallyport-tags',
    description: "Guardrails, profiles and tenants' roles are made with their tags.",
    kind: 'SERVICE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: tags.flatMap((tag, index): readonly Statement[] => {
        const Condition = { Null: { [`aws:RequestTag/${tag}`]: 'true' } };
        return [
          {
            Sid: `Guardrails${index}`,
            Effect: 'Deny',
            Action: ['bedrock:CreateGuardrail'],
            // It is asked about what the guardrail is made of, not about the guardrail.
            Resource: '*',
            Condition,
          },
          {
            Sid: `Profiles${index}`,
            Effect: 'Deny',
            Action: ['bedrock:CreateInferenceProfile'],
            // What is made, not what it is made of.
            Resource: [`arn:${partition}:bedrock:*:*:application-inference-profile/*`],
            Condition,
          },
          {
            Sid: `Tenants${index}`,
            Effect: 'Deny',
            Action: ['iam:CreateRole'],
            Resource: ['tenant', 'embeds'].map((of) => `arn:${partition}:iam::*:role/sallyport-*-${of}-*`),
            Condition,
          },
        ];
      }),
    },
  };
}
