import {
  type ContentPolicy,
  type Finding,
  GatewayError,
  type Part,
  type Span,
  type Stage,
  type TextRun,
  textOf,
  textRuns,
  type Verdict,
} from '../core/index.ts';
import { createRunScanner, type Detector, scanPart } from '../detectors/index.ts';

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
  const all = toGroups(detectors, policy);
  // The system prompt is the application's own word: it gives the very orders that `PROMPT_ATTACK` looks for, and a
  // finding there would block every request of that application. All else is looked for in it as in any part.
  const withoutAttack = toGroups(
    detectors.filter(({ type }) => type !== 'PROMPT_ATTACK'),
    policy,
  );
  return {
    name: 'detect',
    timeoutMs: TIMEOUT_MS,
    run(exchange, signal) {
      const { parts } = exchange;
      const search: Search = {
        parts,
        groupsOf: ({ origin }) => (origin === 'system' ? withoutAttack : all),
        found: parts.map(() => []),
      };
      const steps = searchRuns(search, textRuns(exchange));
      const units = parts.reduce((sum, { text }) => sum + text.length, 0);
      return units > UNITS_PER_TURN ? searchInTurns(search, steps, signal) : searchAtOnce(search, steps);
    },
  };
}

interface Search {
  readonly parts: readonly Part[];
  readonly groupsOf: (part: Part) => readonly Group[];
  /** What has been found in each part. */
  readonly found: readonly Finding[][];
}

/**
 * Allowed types are looked for, because access policies decide on what was found, but apart from the rest: of two
 * overlapping findings one gives its type to both, and an allowed type must not stand for one that is masked.
 */
function toGroups(detectors: readonly Detector[], policy: ContentPolicy): readonly Group[] {
  const acting = detectors.filter(({ type }) => policy.input[type] !== 'allow');
  const allowed = detectors.filter(({ type }) => policy.input[type] === 'allow');
  return [acting, allowed].filter((group) => group.length > 0);
}

/** Searches run by run, and yields the units of each text that was looked at. */
function* searchRuns(search: Search, runs: readonly TextRun[]): Generator<number, void> {
  for (const run of runs) {
    const parts = run.flatMap((index) => search.parts[index] ?? []);
    const [first] = parts;
    if (first === undefined) continue;
    for (const group of search.groupsOf(first)) {
      if (run.length > 1) yield* searchRun(search, run, group);
      else {
        add(search, run, [scanPart(group, first)]);
        yield first.text.length;
      }
    }
  }
}

function* searchRun(search: Search, run: TextRun, group: Group): Generator<number, void> {
  const scanner = createRunScanner(group);
  for (const index of run) {
    const text = textOf(search, index);
    scanner.push(text);
    yield text.length;
  }
  add(search, run, scanner.end());
}

function add({ found }: Search, run: TextRun, spans: readonly (readonly Span[])[]): void {
  for (const [place, part] of run.entries()) {
    for (const span of spans[place] ?? []) found[part]?.push({ ...span, part });
  }
}

function toVerdict({ found }: Search): Verdict {
  return { kind: 'found', findings: found.flat() };
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
