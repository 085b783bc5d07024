import { createBypassPolicy } from './bypass-policy.ts';
import { createModelPolicy } from './model-policy.ts';
import type { OrganizationRules } from './organization-rules.ts';
import { createOtherInferencePolicy } from './other-inference-policy.ts';
import { createPerimeterPolicy } from './perimeter-policy.ts';
import type { OrganizationPolicy } from './policy.ts';
import { createProtectionPolicy } from './protection-policy.ts';
import { createTagPolicy } from './tag-policy.ts';

/**
 * The policies that hold in an account whoever administers it. They take away and give nothing, so they are attached
 * beside AWS's own `FullAWSAccess`; five policies are the most that a place of an organization takes of a kind.
 */
export function createOrganizationPolicies(rules: OrganizationRules): readonly OrganizationPolicy[] {
  return [
    createBypassPolicy(),
    createProtectionPolicy(rules),
    createModelPolicy(rules),
    createTagPolicy(rules),
    createOtherInferencePolicy(rules),
    createPerimeterPolicy(rules),
  ];
}
