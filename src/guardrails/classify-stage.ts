import { type Finding, GatewayError, type Part, type PartIndex, type PartOrigin, type Stage } from '../core/index.ts';
import type { Classifiers } from './policy/classifiers.ts';
import type { Guardrail } from './policy/guardrail.ts';
import { windowsOf } from './policy/window-scores.ts';
import { createWindowFinder, type WindowReading } from './window-findings.ts';

const TIMEOUT_MS = 10_000;
/** UTF-16 units classified before other requests get their turn: a few milliseconds of work. */
const UNITS_PER_TURN = 16_384;

/**
 * What each part is read for. The system prompt is the application's own word. What tools are for is no speech, but
 * may hide an order; names and parameters are too short to say anything.
 */
const readings: Readonly<Record<PartOrigin, WindowReading | undefined>> = {
  system: undefined,
  user: { hasContent: true, hasAttack: true },
  assistant: { hasContent: true, hasAttack: true },
  toolDefinition: { hasContent: false, hasAttack: true },
  toolCall: { hasContent: true, hasAttack: true },
  toolResult: { hasContent: true, hasAttack: true },
  document: { hasContent: true, hasAttack: true },
  parameter: undefined,
  metadata: undefined,
};

/** Adds to what detectors have found what the guardrails' classifiers do, window by window. */
export function classifyStage(guardrails: readonly Guardrail[], classifiers: Classifiers): Stage {
  const finder = createWindowFinder(
    guardrails.map(({ input }) => input),
    classifiers,
  );

  function* findIn(part: Part, index: PartIndex): Generator<number, readonly Finding[]> {
    const reading = readings[part.origin];
    if (reading === undefined || part.kind === 'identifier') return [];
    const findings: Finding[] = [];
    let read = 0;
    for (const { start, end } of windowsOf(classifiers, part.text)) {
      for (const found of finder.find(part.text.slice(start, end), reading)) {
        findings.push({ ...found, start: read, end, part: index });
      }
      read = end;
      yield end - start;
    }
    return findings;
  }

  return {
    name: 'classify',
    timeoutMs: TIMEOUT_MS,
    async run({ parts, findings }, signal) {
      if (!finder.isNeeded) return { kind: 'pass' };
      const all: Finding[] = [];
      let units = 0;
      for (const [index, part] of parts.entries()) {
        const steps = findIn(part, index as PartIndex);
        for (let step = steps.next(); ; step = steps.next()) {
          if (step.done === true) {
            all.push(...step.value);
            break;
          }
          units += step.value;
          if (units < UNITS_PER_TURN) continue;
          units = 0;
          await new Promise((resolve) => setImmediate(resolve));
          if (signal.aborted) throw new GatewayError('inspectionFailed');
        }
      }
      return all.length === 0 ? { kind: 'pass' } : { kind: 'found', findings: [...findings, ...all] };
    },
  };
}
