import {
  type ContentPolicy,
  type Finding,
  GatewayError,
  type Part,
  type PartIndex,
  type Stage,
  type Verdict,
} from '../core/index.ts';
import { type Detector, scanPart } from '../detectors/index.ts';

const TIMEOUT_MS = 5_000;
/** UTF-16 units scanned before other requests get their turn: a few milliseconds of work. */
const UNITS_PER_TURN = 131_072;

/** Detectors whose overlapping findings become one finding. */
type Group = readonly Detector[];

/**
 * Finds, once, in every part as the caller sent it. Later stages read the findings and scan nothing again.
 *
 * Findings come part by part. Those of one part ascend; the ones the policy allows follow the others, since they may
 * overlap them.
 */
export function detectStage(detectors: readonly Detector[], policy: ContentPolicy): Stage {
  const all = toGroups(detectors, policy);
  // The system prompt is the application's own word: it gives the very orders that `PROMPT_ATTACK` looks for, and a
  // finding there would block every request of that application. All else is looked for in it as in any part.
  const withoutAttack = toGroups(
    detectors.filter(({ type }) => type !== 'PROMPT_ATTACK'),
    policy,
  );
  const scan: ScanInto = (findings, part, index) => {
    for (const group of part.origin === 'system' ? withoutAttack : all) {
      for (const span of scanPart(group, part)) findings.push({ ...span, part: index as PartIndex });
    }
  };
  return {
    name: 'detect',
    timeoutMs: TIMEOUT_MS,
    run({ parts }, signal) {
      const units = parts.reduce((sum, { text }) => sum + text.length, 0);
      return units > UNITS_PER_TURN ? detectInTurns(scan, parts, signal) : detectAtOnce(scan, parts);
    },
  };
}

/** Adds the findings of the part at `index`. */
type ScanInto = (findings: Finding[], part: Part, index: number) => void;

/**
 * Allowed types are looked for, because access policies decide on what was found, but apart from the rest: of two
 * overlapping findings one gives its type to both, and an allowed type must not stand for one that is masked.
 */
function toGroups(detectors: readonly Detector[], policy: ContentPolicy): readonly Group[] {
  const acting = detectors.filter(({ type }) => policy.input[type] !== 'allow');
  const allowed = detectors.filter(({ type }) => policy.input[type] === 'allow');
  return [acting, allowed].filter((group) => group.length > 0);
}

function detectAtOnce(scan: ScanInto, parts: readonly Part[]): Verdict {
  const findings: Finding[] = [];
  for (const [index, part] of parts.entries()) scan(findings, part, index);
  return { kind: 'found', findings };
}

/** A long request must not keep the thread to itself, nor keep its own timeout from firing. */
async function detectInTurns(scan: ScanInto, parts: readonly Part[], signal: AbortSignal): Promise<Verdict> {
  const findings: Finding[] = [];
  let units = 0;
  for (const [index, part] of parts.entries()) {
    scan(findings, part, index);
    units += part.text.length;
    if (units < UNITS_PER_TURN) continue;
    units = 0;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new GatewayError('inspectionFailed');
  }
  return { kind: 'found', findings };
}
