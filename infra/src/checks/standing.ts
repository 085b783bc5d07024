import type { Acknowledgement } from './acknowledgement.ts';
import { type Tool, tools } from './finding.ts';

/** Findings that stand for one reason: each of the rules on each of the resources. */
export interface Standing extends Pick<Acknowledgement, 'tool' | 'reason' | 'test'> {
  readonly rules: readonly string[];
  /** Logical ids, each in full, by stack. */
  readonly on: Readonly<Record<string, readonly string[]>>;
}

export function standing({ rules, on, ...rest }: Standing): readonly Acknowledgement[] {
  return Object.entries(on).flatMap(([stack, resources]) => rules.map((rule) => ({ ...rest, rule, stack, resources })));
}

/** The same, where several tools say one thing by rules of their own. */
export interface Agreed extends Omit<Standing, 'tool' | 'rules'> {
  readonly said: Readonly<Partial<Record<Tool, readonly string[]>>>;
}

export function agreed({ said, ...rest }: Agreed): readonly Acknowledgement[] {
  return tools.flatMap((tool) => standing({ ...rest, tool, rules: said[tool] ?? [] }));
}

/** One rule of cdk-nag as each of these packs calls it. */
export function inPacks(rule: string, packs: readonly string[]): readonly string[] {
  return packs.map((pack) => `${pack}-${rule}`);
}

export const HEALTH_AND_FEDERAL = ['HIPAA.Security', 'NIST.800.53.R5'];
export const THREE = [...HEALTH_AND_FEDERAL, 'PCI.DSS.321'];

export interface Wildcards extends Pick<Acknowledgement, 'stack' | 'reason' | 'test'> {
  /** By logical id of the role or policy, each resource with a wildcard that it permits, as cdk-nag writes it. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** Roles that permit actions on more than one resource. cdk-nag finds each wildcard by itself, and another is found. */
export function wildcards({ roles, ...rest }: Wildcards): readonly Acknowledgement[] {
  return Object.entries(roles).flatMap(([role, resources]) =>
    resources.map((resource) => ({
      ...rest,
      tool: 'cdk-nag' as const,
      rule: `AwsSolutions-IAM5[Resource::${resource}]`,
      resources: [role],
    })),
  );
}
