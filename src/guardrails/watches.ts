import type { Exchange, SidePolicy } from '../core/index.ts';
import type { StreamScanner } from '../detectors/index.ts';
import { createGroundingScanner, hasSomethingToMeasure } from './grounding-scanner.ts';
import type { Classifiers } from './policy/classifiers.ts';
import type { Guardrail } from './policy/guardrail.ts';
import { createWindowFinder } from './window-findings.ts';
import { createWindowScanner } from './window-scanner.ts';

interface WatchesOptions {
  readonly guardrails: readonly Guardrail[];
  readonly classifiers: Classifiers;
  readonly policy: SidePolicy;
}

/** What looks at one answer beside the detectors. */
export type CreateWatches = (exchange: Pick<Exchange, 'parts'>) => readonly StreamScanner[];

/** Makes what guardrails look for in answers beside what detectors find. */
export function toWatches({ guardrails, classifiers, policy }: WatchesOptions): CreateWatches {
  const sides = guardrails.map(({ output }) => output);
  const finder = createWindowFinder(sides, classifiers);
  const rules = sides.flatMap(({ grounding }) => grounding);
  return (exchange) => [
    ...(finder.isNeeded ? [createWindowScanner({ classifiers, finder, policy })] : []),
    ...(hasSomethingToMeasure(exchange, rules) ? [createGroundingScanner(exchange, { rules, classifiers })] : []),
  ];
}
