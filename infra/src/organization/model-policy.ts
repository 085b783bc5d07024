import { invocations } from './invocations.data.ts';
import type { OrganizationRules } from './organization-rules.ts';
import type { OrganizationPolicy } from './policy.ts';

/**
 * Which models are called, and from where.
 *
 * A call by a cross-Region profile is asked about more than once: for the profile in the Region it is called in, and for
 * the model in the Region that it is taken to, which is not one of ours. So models are listed for every Region, profiles by
 * their geography, and a Region outside the list passes for what a listed profile takes there alone. The model of a
 * `global` profile is in no Region at all.
 *
 * Source: Amazon Bedrock User Guide, "Prerequisites for inference profiles".
 */
export function createModelPolicy(rules: OrganizationRules): OrganizationPolicy {
  const { partition, regions, models, geographies = [] } = rules;
  const foundation = models.map((model) => `arn:${partition}:bedrock:*::foundation-model/${model}`);
  const profiles = geographies.flatMap((geography) =>
    models.map((model) => `arn:${partition}:bedrock:*:*:inference-profile/${geography}.${model}`),
  );
  // An application's profile is made of a model or a profile: what it is made of is asked about when it is made.
  const applications = regions.map((region) => `arn:${partition}:bedrock:${region}:*:application-inference-profile/*`);
  const geographic = geographies.map((geography) => `arn:${partition}:bedrock:*:*:inference-profile/${geography}.*`);
  return {
    name: 'sallyport-models',
    description: 'Listed models, in listed Regions, and by profiles of listed geographies.',
    kind: 'SERVICE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Models',
          Effect: 'Deny',
          Action: [...invocations, 'bedrock:CreateInferenceProfile'],
          NotResource: [...foundation, ...profiles, ...applications],
        },
        {
          Sid: 'Regions',
          Effect: 'Deny',
          Action: invocations,
          Resource: '*',
          Condition: {
            StringNotEquals: { 'aws:RequestedRegion': regions },
            ArnNotLike: { 'bedrock:InferenceProfileArn': [...geographic, ...applications] },
          },
        },
      ],
    },
  };
}
