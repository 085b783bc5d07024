/** Rules for what is deployed around models on Amazon Bedrock, held against CloudFormation templates. */
export { assess, guardRules, type AssessOptions, type Result } from './assess.ts';
export type { Claims, Outcome, Rule, Severity } from './rule.ts';
export { rules } from './rules/rules.ts';
export { toSarif } from './sarif.ts';
export { readServiceActions, type ServiceActions } from './service-actions.ts';
export { parseTemplate, type Template, TemplateError } from './template.ts';
