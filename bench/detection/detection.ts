import { progress } from '../bed.ts';
import type { BenchOptions } from '../options.ts';
import { writeJson, writePart } from '../report.ts';
import { measureAttacks, toAttackReport } from './attacks.ts';
import { measureContent, toContentReport } from './content.ts';
import { measureCost, toCostReport } from './cost.ts';
import { measureOwnCases, toOwnCaseReport } from './own-cases.ts';
import { hasPublicData } from './public-data.ts';

const RUNS = 20;
const QUICK_RUNS = 3;

/** Measures what the classifiers find, on public data that was kept from training, and what they cost. */
export async function benchDetection(options: BenchOptions): Promise<number> {
  const isPublic = hasPublicData();
  if (!isPublic) progress('the public data is not at hand: only cases of our own are measured');
  const attacks = isPublic ? measureAttacks() : [];
  const content = isPublic ? measureContent() : [];
  const own = measureOwnCases();
  const cost = measureCost(options.quick ? QUICK_RUNS : RUNS);
  const report = [
    ...(isPublic ? [toAttackReport(attacks), toContentReport(content)] : []),
    toOwnCaseReport(own),
    toCostReport(cost),
    'To repeat it: `npm run bench -- detection`.',
  ].join('\n\n');
  process.stdout.write(`${report}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, [...attacks, ...content, ...own, ...cost]);
  if (!options.quick && isPublic) progress(`written to ${writePart('detection', report, 'detection.md')}`);
  return 0;
}
