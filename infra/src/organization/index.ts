export { BootstrapStack, type BootstrapStackProps, QUALIFIER } from './bootstrap-stack.ts';
export { BreakGlass, type BreakGlassProps } from './break-glass.ts';
export { ConformancePack, type ConformancePackProps } from './conformance-pack.ts';
export { OrganizationGuards, type OrganizationGuardsProps } from './organization-guards.ts';
export { createOrganizationPolicies } from './organization-policies.ts';
export type { OrganizationRules } from './organization-rules.ts';
export { type OrganizationPolicy, toPolicyText } from './policy.ts';
