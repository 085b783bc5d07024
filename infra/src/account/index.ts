export { AccessAnalyzers, type AccessAnalyzersProps } from './access-analyzers.ts';
export { AccountBaseline, type AccountBaselineProps, type Mode } from './account-baseline.ts';
export type { AccountPlace } from './account-setting.ts';
export { AccountTrail, type AccountTrailProps } from './account-trail.ts';
export { EnforcedGuardrail, type EnforcedGuardrailProps } from './enforced-guardrail.ts';
