import { cueRule } from './cue-rule.ts';
import type { Detector, Rule } from './detector.ts';
import { encodedRule } from './encoded-rule.ts';
import { hiddenText, tagRule } from './hidden-text.ts';

/** A rule, and whose it is. */
export interface Entry {
  readonly rule: Rule;
  readonly detector: Detector;
}

/** The rules that a list of detectors comes to, by the form of the text they read. */
export interface Plan {
  readonly view: readonly Entry[];
  readonly raw: readonly Entry[];
}

/** Names the detector that something written in another form is a finding of, if it is one. */
export type Inspect = (detectors: readonly Detector[], text: string) => Detector | undefined;

/** Encodings within encodings that are looked into. */
export const MOST_LAYERS = 2;

/** What follows from a list of detectors, kept as long as the list: many short texts are scanned with the same one. */
const PLANS = Array.from({ length: MOST_LAYERS + 1 }, () => new WeakMap<readonly Detector[], Plan>());

/** The plan for text that stood in `layers` encodings, one within the other; `inspect` takes what one more held. */
export function planOf(detectors: readonly Detector[], layers: number, inspect: Inspect): Plan {
  const known = PLANS[layers]?.get(detectors);
  if (known !== undefined) return known;
  const entries = entriesOf(detectors);
  const view = [...entries.filter(({ rule }) => rule.reads === 'view'), ...cueEntries(detectors)];
  const raw = entries.filter(({ rule }) => rule.reads === 'raw');
  const plan =
    view.length === 0 || layers >= MOST_LAYERS
      ? { view, raw }
      : withEncodings({ view, raw }, (text) => inspect(detectors, text));
  PLANS[layers]?.set(detectors, plan);
  return plan;
}

function entriesOf(detectors: readonly Detector[]): readonly Entry[] {
  const wanted = new Set(detectors);
  const shared = new Set<Rule>();
  return detectors.flatMap((detector) =>
    detector.rules.flatMap((rule) => {
      if (rule.isShared !== true) return [{ rule, detector }];
      if (shared.has(rule)) return [];
      shared.add(rule);
      return [{ rule: ofWanted(rule, wanted), detector }];
    }),
  );
}

/** A shared rule, of which only the wanted detectors' matches are reported. */
function ofWanted(rule: Rule, wanted: ReadonlySet<Detector>): Rule {
  return {
    reads: rule.reads,
    scan: (reading, from, report) =>
      rule.scan(reading, from, (start, end, as) => {
        if (as !== undefined && wanted.has(as)) report(start, end, as);
      }),
  };
}

/** The cues of all detectors as one rule, which names the detector of each finding. */
function cueEntries(detectors: readonly Detector[]): readonly Entry[] {
  const [first, ...others] = detectors.filter(({ cues = [] }) => cues.length > 0);
  return first === undefined ? [] : [{ rule: cueRule([first, ...others]), detector: first }];
}

function withEncodings({ view, raw }: Plan, inspect: (text: string) => Detector | undefined): Plan {
  return {
    view: [...view, { rule: encodedRule(inspect), detector: hiddenText }],
    raw: [...raw, { rule: tagRule(inspect), detector: hiddenText }],
  };
}
