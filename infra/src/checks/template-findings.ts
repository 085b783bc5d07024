import { controlTowerFindings } from './control-tower.ts';
import type { Finding, Tool } from './finding.ts';
import { checkovFindings, findChecker, lintFindings } from './python-checkers.ts';
import { rulePackFindings } from './rule-pack.ts';

export interface TemplateFindings {
  readonly findings: readonly Finding[];
  readonly ran: readonly Tool[];
  /** Why a tool did not run. */
  readonly skipped: readonly string[];
}

/** What everything that reads templates says of some; cdk-nag reads constructs. Rejects with a `CheckError`. */
export async function templateFindings(files: readonly string[]): Promise<TemplateFindings> {
  const findings = [...(await rulePackFindings(files)), ...controlTowerFindings(files)];
  const ran: Tool[] = ['sallyport', 'control-tower'];
  const skipped: string[] = [];
  for (const [name, find] of [['cfn-lint', lintFindings] as const, ['checkov', checkovFindings] as const]) {
    const place = await findChecker(name);
    if ('reason' in place) skipped.push(place.reason);
    else {
      findings.push(...find(files, place.directory));
      ran.push(name);
    }
  }
  return { findings, ran, skipped };
}
