export { OrganizationGuards, type OrganizationGuardsProps } from './organization-guards.ts';
export { createOrganizationPolicies } from './organization-policies.ts';
export type { OrganizationRules } from './organization-rules.ts';
export { type OrganizationPolicy, toPolicyText } from './policy.ts';
