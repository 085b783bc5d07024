import {
  type ContentPolicy,
  type Finding,
  GatewayError,
  type Part,
  type PartIndex,
  type SidePolicy,
  type Stage,
  type TextRun,
  textRuns,
  type Verdict,
} from '../core/index.ts';
import { createRunScanner, type Detector, type FoundIn, scanPartInSteps } from '../detectors/index.ts';
import { actionOn, isActedOn } from './detector-action.ts';

const TIMEOUT_MS = 5_000;
/** UTF-16 units scanned before other requests get their turn: a few milliseconds of work. */
const UNITS_PER_TURN = 131_072;

/** Detectors whose overlapping findings become one finding. */
type Group = readonly Detector[];

/**
 * Finds, once, in every part as the caller sent it. Later stages read the findings and scan nothing again. A value that
 * is divided over parts which may be read as one is a finding in each.
 *
 * Findings come part by part. Those of one part ascend; the ones the policy allows follow the others, since they may
 * overlap them.
 */
export function detectStage(detectors: readonly Detector[], policy: ContentPolicy): Stage {
  const all = toGroups(detectors, policy.input);
  // The system prompt is the application's own word: it gives the very orders that `PROMPT_ATTACK` looks for, and a
  // finding there would block every request of that application. All else is looked for in it as in any part.
  const withoutAttack = toGroups(
    detectors.filter(({ type }) => type !== 'PROMPT_ATTACK'),
    policy.input,
  );
  return {
    name: 'detect',
    timeoutMs: TIMEOUT_MS,
    run(exchange, signal) {
      const search: Search = { groupsOf: ({ origin }) => (origin === 'system' ? withoutAttack : all), findings: [] };
      const steps = searchRuns(search, textRuns(exchange));
      const units = exchange.parts.reduce((sum, { text }) => sum + text.length, 0);
      return units > UNITS_PER_TURN ? searchInTurns(search, steps, signal) : searchAtOnce(search, steps);
    },
  };
}

interface Search {
  readonly groupsOf: (part: Part) => readonly Group[];
  /** What has been found so far. */
  readonly findings: Finding[];
}

/**
 * Allowed types are looked for, because access policies decide on what was found, but apart from the rest: of two
 * overlapping findings one gives its type to both, and an allowed type must not stand for one that is masked.
 */
function toGroups(detectors: readonly Detector[], policy: SidePolicy): readonly Group[] {
  const acting = detectors.filter((detector) => isActedOn(policy, detector));
  const allowed = detectors.filter((detector) => actionOn(policy, detector) === 'allow');
  return [acting, allowed].filter((group) => group.length > 0);
}

/** Searches run by run, and yields the units of text that each step looked at. */
function* searchRuns(search: Search, runs: readonly TextRun[]): Generator<number, void> {
  for (const run of runs) {
    const [{ index, part }, ...more] = run;
    for (const group of search.groupsOf(part)) {
      if (more.length > 0) yield* searchRun(search, run, group);
      else {
        add(search, [index, yield* scanPartInSteps(group, part)]);
      }
    }
  }
}

function* searchRun(search: Search, run: TextRun, group: Group): Generator<number, void> {
  const scanner = createRunScanner<PartIndex>(group);
  for (const { index, part } of run) {
    const { text } = part;
    scanner.push(index, text.slice(0, UNITS_PER_TURN));
    yield Math.min(text.length, UNITS_PER_TURN);
    for (let at = UNITS_PER_TURN; at < text.length; at += UNITS_PER_TURN) {
      scanner.more(text.slice(at, at + UNITS_PER_TURN));
      yield Math.min(text.length - at, UNITS_PER_TURN);
    }
  }
  for (const found of scanner.end()) add(search, found);
}

function add({ findings }: Search, [part, spans]: FoundIn<PartIndex>): void {
  for (const span of spans) findings.push({ ...span, part });
}

function toVerdict({ findings }: Search): Verdict {
  if (findings.length === 0) return { kind: 'pass' };
  return { kind: 'found', findings: findings.toSorted((one, other) => one.part - other.part) };
}

function searchAtOnce(search: Search, steps: Generator<number, void>): Verdict {
  while (steps.next().done !== true);
  return toVerdict(search);
}

/** A long request must not keep the thread to itself, nor keep its own timeout from firing. */
async function searchInTurns(search: Search, steps: Generator<number, void>, signal: AbortSignal): Promise<Verdict> {
  let units = 0;
  for (const length of steps) {
    units += length;
    if (units < UNITS_PER_TURN) continue;
    units = 0;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new GatewayError('inspectionFailed');
  }
  return toVerdict(search);
}
