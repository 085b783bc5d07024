import type { Ranges, RegexProgram, Step } from './regex-program.ts';

/**
 * Several patterns as one machine that reads text once, however many there are: a deterministic automaton, made as text
 * asks for it. It takes every assertion for true, so that what it does not find is not there, and what it finds has to
 * be looked at closely.
 *
 * A state is what has begun and not ended; 0 is nothing. A match may begin anywhere.
 */
export interface RegexAutomaton {
  /** The class of a code point, for `next`. */
  classOf(code: number): number;
  next(state: number, symbol: number): number;
  /** The patterns that have ended just here, by their place in the list. */
  ended(state: number): readonly number[];
  /** Reads a text from `from` on, beginning with nothing. */
  read(text: string, from: number): ReadText;
}

/** Patterns by their place in the list. */
export interface ReadText {
  /** Those that have ended anywhere. */
  readonly ended: ReadonlySet<number>;
  /** Those that have begun and may go on behind the text. */
  readonly begun: readonly number[];
}

interface State {
  readonly reads: readonly number[];
  readonly ended: readonly number[];
  readonly begun: readonly number[];
}

/** A machine that has more states than this begins to make them anew: no text takes more memory. */
const MOST_STATES = 2_000;
const UNKNOWN = -1;
const BMP = 0x10000;
const FIRST_OF_PAIR = 0xd800;
const NOTHING: State = { reads: [], ended: [], begun: [] };

export function createRegexAutomaton(programs: readonly RegexProgram[]): RegexAutomaton {
  const joined = join(programs);
  const { classOf, plane, size, members } = createClasses(joined.steps);
  const fresh = closure(joined.steps, joined.starts);
  let states: State[] = [];
  let known = new Map<string, number>();
  let table = new Int32Array(0);
  /** Of each state, whether a pattern ends in it. */
  const isEnd = new Uint8Array(MOST_STATES);
  let generation = 0;
  begin();

  function begin(): void {
    states = [];
    known = new Map();
    generation += 1;
    numberOf(NOTHING, '');
  }

  function numberOf(state: State, key: string): number {
    const number = states.push(state) - 1;
    known.set(key, number);
    isEnd[number] = Number(state.ended.length > 0);
    if (table.length < states.length * size) {
      const larger = new Int32Array(Math.max(64 * size, 2 * table.length));
      larger.set(table);
      table = larger;
    }
    table.fill(UNKNOWN, number * size, (number + 1) * size);
    return number;
  }

  function make(from: State, symbol: number): number {
    const outs: number[] = [];
    for (const read of [...from.reads, ...fresh]) {
      const step = joined.steps[read];
      if (step?.kind === 'read' && members[symbol]?.has(read) === true) outs.push(step.out);
    }
    const after = closure(joined.steps, outs);
    const key = after.join();
    const number = known.get(key);
    if (number !== undefined) return number;
    if (states.length >= MOST_STATES) begin();
    const again = known.get(key);
    return again ?? numberOf(toState(after, joined), key);
  }

  function next(state: number, symbol: number): number {
    const to = table[state * size + symbol] ?? UNKNOWN;
    if (to !== UNKNOWN) return to;
    const before = generation;
    const made = make(states[state] ?? NOTHING, symbol);
    if (generation === before) table[state * size + symbol] = made;
    return made;
  }

  return {
    classOf,
    next,
    ended: (state) => states[state]?.ended ?? NOTHING.ended,
    read(text, from) {
      const ended = new Set<number>();
      let current = table;
      let state = 0;
      for (let at = from; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        const isPair = unit >= FIRST_OF_PAIR && (text.codePointAt(at) ?? 0) >= BMP;
        const symbol = isPair ? classOf(text.codePointAt(at) ?? 0) : (plane[unit] ?? 0);
        if (isPair) at += 1;
        let to = current[state * size + symbol] ?? UNKNOWN;
        if (to === UNKNOWN) {
          to = next(state, symbol);
          current = table;
        }
        state = to;
        if (isEnd[state] === 1) for (const pattern of states[state]?.ended ?? []) ended.add(pattern);
      }
      return { ended, begun: states[state]?.begun ?? NOTHING.begun };
    },
  };
}

/** All patterns' steps in one list; `owners` says whose each is. */
interface Joined {
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
  readonly owners: readonly number[];
}

function join(programs: readonly RegexProgram[]): Joined {
  const steps: Step[] = [];
  const starts: number[] = [];
  const owners: number[] = [];
  for (const [owner, program] of programs.entries()) {
    const base = steps.length;
    starts.push(base + program.start);
    for (const step of program.steps) {
      steps.push(moved(step, base));
      owners.push(owner);
    }
  }
  return { steps, starts, owners };
}

function moved(step: Step, base: number): Step {
  switch (step.kind) {
    case 'split':
      return { ...step, out: step.out + base, other: step.other + base };
    case 'match':
    case 'fail':
      return step;
    default:
      return { ...step, out: step.out + base };
  }
}

/** The reading and matching steps that are reached from others without reading, in order of their numbers. */
export function closure(steps: readonly Step[], from: Iterable<number>): readonly number[] {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = steps[at];
    if (step === undefined || step.kind === 'read' || step.kind === 'match' || step.kind === 'fail') continue;
    open.push(step.out);
    if (step.kind === 'split') open.push(step.other);
  }
  return [...seen]
    .filter((at) => steps[at]?.kind === 'read' || steps[at]?.kind === 'match')
    .toSorted((one, other) => one - other);
}

function toState(after: readonly number[], { steps, owners }: Joined): State {
  const ended = new Set<number>();
  const begun = new Set<number>();
  for (const at of after) {
    const owner = owners[at] ?? 0;
    begun.add(owner);
    if (steps[at]?.kind === 'match') ended.add(owner);
  }
  return { reads: after, ended: [...ended], begun: [...begun] };
}

interface Classes {
  readonly classOf: (code: number) => number;
  /** As `classOf`, for code points of the basic plane. */
  readonly plane: Uint16Array;
  readonly size: number;
  /** For each class the steps that read its members. */
  readonly members: readonly ReadonlySet<number>[];
}

/** Code points that no step tells apart are one class. */
function createClasses(steps: readonly Step[]): Classes {
  const reads = [...steps.entries()].flatMap(([at, step]) =>
    step.kind === 'read' ? [{ at, ranges: step.ranges }] : [],
  );
  const groups = Map.groupBy(reads, ({ ranges }) => ranges.join());
  const sets = [...groups.values()].map((group) => ({
    ranges: group[0]?.ranges ?? [],
    steps: group.map(({ at }) => at),
  }));
  const bounds = [...new Set([0, ...sets.flatMap(({ ranges }) => boundsOf(ranges))])].toSorted((a, b) => a - b);
  const numbers = new Map<string, number>();
  const members: ReadonlySet<number>[] = [];
  const classes = bounds.map((first) => {
    const within = sets.filter(({ ranges }) => includes(ranges, first));
    const key = within.map(({ ranges }) => ranges.join()).join(';');
    const number = numbers.get(key) ?? members.push(new Set(within.flatMap((set) => set.steps))) - 1;
    numbers.set(key, number);
    return number;
  });
  const plane = new Uint16Array(BMP);
  for (const [at, first] of bounds.entries()) plane.fill(classes[at] ?? 0, first, bounds[at + 1] ?? BMP);
  const classOf = (code: number) => plane[code] ?? classes[lastAtMost(bounds, code)] ?? 0;
  return { classOf, plane, size: members.length, members };
}

function boundsOf(ranges: Ranges): readonly number[] {
  return ranges.map((code, at) => (at % 2 === 0 ? code : code + 1));
}

/** Whether ranges, which ascend, hold a code point. */
export function includes(ranges: Ranges, code: number): boolean {
  if (ranges.length === 2) return code >= (ranges[0] ?? 0) && code <= (ranges[1] ?? -1);
  let [low, high] = [0, ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return code >= (ranges[2 * low] ?? Number.POSITIVE_INFINITY);
}

function lastAtMost(bounds: readonly number[], code: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bounds[middle] ?? 0) <= code) low = middle;
    else high = middle - 1;
  }
  return low;
}
