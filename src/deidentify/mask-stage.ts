import {
  type ContentAction,
  type ContentPolicy,
  composeEdits,
  type Exchange,
  type Part,
  type PlacedPart,
  type Span,
  type Stage,
  type TextRun,
  textRuns,
  toBlocked,
} from '../core/index.ts';
import { type Detector, scanPart, scanRun } from '../detectors/index.ts';
import { maskEdits, maskText } from './mask-text.ts';

const TIMEOUT_MS = 5_000;
/** A tag is no finding, so each round leaves less that could become one. */
const MAX_ROUNDS = 4;
/** UTF-16 units around a changed text with which it is read, in whole texts. */
const AROUND = 1_024;

/**
 * Masks what the input policy masks, by the findings of the detect stage. Parts without such a finding stay the very
 * same objects. Blocks where a finding cannot be masked: what cannot be taken out does not go out.
 *
 * What was masked is looked at again, with the parts it may be read together with, and masked again, until nothing is
 * found in it: a number that stood against a letter of the e-mail address behind it was no number of its own before, and
 * is one next to a tag. What the policy blocks blocks then, too: words may become an order by what is taken out of them.
 */
export function maskStage(detectors: readonly Detector[], policy: ContentPolicy): Stage {
  const { actionOf } = policy.input;
  const acting = detectors.filter(({ name, type }) => isActing(actionOf({ type, detector: name })));
  const inSystem = acting.filter(({ type }) => type !== 'PROMPT_ATTACK');
  return {
    name: 'mask',
    timeoutMs: TIMEOUT_MS,
    run(exchange) {
      const toMask = exchange.findings.filter((finding) => actionOf(finding) === 'mask');
      if (toMask.length === 0) return { kind: 'pass' };
      const found = Map.groupBy(toMask, ({ part }) => part as number);
      const result = maskUntilClean(exchange, found, {
        detectorsOf: ({ origin }) => (origin === 'system' ? inSystem : acting),
        isBlocked: (span) => actionOf(span) === 'block',
      });
      if (result.stuck.length === 0) return { kind: 'rewrite', parts: result.parts };
      return { kind: 'block', blocked: toBlocked(policy.input, result.stuck) };
    },
  };
}

/** What was found in each part, by its position. */
type FoundByPart = ReadonlyMap<number, readonly Span[]>;

interface Result {
  readonly parts: readonly Part[];
  /** What could not be masked. */
  readonly stuck: readonly Span[];
}

interface Rules {
  readonly detectorsOf: (part: Part) => readonly Detector[];
  readonly isBlocked: (span: Span) => boolean;
}

function maskUntilClean(exchange: Exchange, first: FoundByPart, { detectorsOf, isBlocked }: Rules): Result {
  const parts = [...exchange.parts];
  const runs = textRuns(exchange);
  let found = first;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const stuck = maskFound(parts, found);
    if (stuck.length > 0) return { parts, stuck };
    const again = new Map<number, readonly Span[]>();
    for (const run of runs) lookAgain(again, { run, parts, changed: found, detectorsOf });
    if (again.size === 0) return { parts, stuck: [] };
    const blocked = [...again.values()].flatMap((spans) => spans.filter(isBlocked));
    if (blocked.length > 0) return { parts, stuck: blocked };
    found = again;
  }
  return { parts, stuck: [...found].flatMap(([index, spans]) => first.get(index) ?? spans) };
}

const isActing = (action: ContentAction) => action === 'mask' || action === 'block';

/** Masks in place. Returns what cannot be masked where it stands. */
function maskFound(parts: Part[], found: FoundByPart): readonly Span[] {
  const stuck: Span[] = [];
  for (const [index, spans] of found) {
    const part = parts[index];
    // The model's own words, under a signature, on their way back to it and to nobody else.
    if (part?.kind === 'sealed') continue;
    const text = part === undefined ? undefined : maskText(part.text, spans, part.kind);
    if (part === undefined || text === undefined) stuck.push(...spans);
    else parts[index] = { ...part, text, edits: composeEdits(part.edits ?? [], maskEdits(spans)) };
  }
  return stuck;
}

interface Look {
  readonly run: TextRun;
  readonly parts: readonly Part[];
  readonly changed: FoundByPart;
  readonly detectorsOf: (part: Part) => readonly Detector[];
}

/** Adds what is found in the changed parts of a run, each read together with what stands around it. */
function lookAgain(found: Map<number, readonly Span[]>, look: Look): void {
  const { run, parts, changed, detectorsOf } = look;
  const [{ part: first }, ...more] = run;
  if (first.kind === 'sealed' || !run.some(({ index }) => changed.has(index))) return;
  const detectors = detectorsOf(first);
  const texts = run.map(({ index, part }): PlacedPart => ({ index, part: parts[index] ?? part }));
  const seen =
    more.length === 0
      ? texts.map(({ index, part }) => [index, scanPart(detectors, part)] as const)
      : stretchesAround(texts, changed).flatMap((stretch) =>
          scanRun(
            detectors,
            stretch.map(({ index, part }) => [index, part.text] as const),
          ),
        );
  for (const [index, spans] of seen) if (spans.length > 0) found.set(index, spans);
}

/** The changed texts of a run with their neighbours, those that share neighbours together. */
function stretchesAround(texts: readonly PlacedPart[], changed: FoundByPart): readonly (readonly PlacedPart[])[] {
  const isNear = texts.map(({ index }) => changed.has(index));
  spread([...texts.keys()]);
  spread([...texts.keys()].reverse());

  /** Marks as near what follows a changed text within the bound, in the order of `places`. */
  function spread(places: readonly number[]): void {
    let units = AROUND;
    for (const place of places) {
      const text = texts[place];
      if (text === undefined) continue;
      if (changed.has(text.index)) units = 0;
      else if (units < AROUND) {
        isNear[place] = true;
        units += text.part.text.length;
      }
    }
  }

  const stretches: PlacedPart[][] = [];
  for (const [place, text] of texts.entries()) {
    if (isNear[place] !== true) continue;
    const last = place > 0 && isNear[place - 1] === true ? stretches.at(-1) : undefined;
    if (last === undefined) stretches.push([text]);
    else last.push(text);
  }
  return stretches;
}
