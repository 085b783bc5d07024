/** What others say of the templates, and what of that stands. */
export { type Acknowledgement, judge } from './acknowledgement.ts';
export { acknowledgements } from './acknowledgements.data.ts';
export { controlTowerFindings, guardFindings } from './control-tower.ts';
export { CheckError, type Finding, toLine } from './finding.ts';
export { nagFindings } from './nag-packs.ts';
export { checkovFindings, findChecker, lintFindings } from './python-checkers.ts';
export { rulePackFindings } from './rule-pack.ts';
