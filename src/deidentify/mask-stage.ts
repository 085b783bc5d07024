import {
  type ContentPolicy,
  composeEdits,
  type Edit,
  type FindingType,
  type Part,
  type Span,
  type Stage,
} from '../core/index.ts';
import { type Detector, scanPart } from '../detectors/index.ts';
import { maskEdits, maskText } from './mask-text.ts';

const TIMEOUT_MS = 5_000;
/** A tag is no finding, so each round leaves less that could become one. */
const MAX_ROUNDS = 4;

/**
 * Masks what the input policy masks, by the findings of the detect stage. Parts without such a finding stay the very
 * same objects. Blocks where a finding cannot be masked: what cannot be taken out does not go out.
 *
 * What was masked is looked at again, and masked again, until nothing is found in it: a number that stood against a
 * letter of the e-mail address behind it was no number of its own before, and is one next to a tag.
 */
export function maskStage(detectors: readonly Detector[], policy: ContentPolicy): Stage {
  const masking = detectors.filter(({ type }) => policy.input[type] === 'mask');
  return {
    name: 'mask',
    timeoutMs: TIMEOUT_MS,
    run({ parts, findings }) {
      const toMask = findings.filter(({ type }) => policy.input[type] === 'mask');
      if (toMask.length === 0) return { kind: 'pass' };
      const stuck = new Set<FindingType>();
      const rewritten = [...parts];
      for (const [index, ofPart] of Map.groupBy(toMask, ({ part }) => part)) {
        const part = parts[index];
        // The model's own words, under a signature, on their way back to it and to nobody else.
        if (part?.kind === 'sealed') continue;
        const masked = part === undefined ? undefined : maskUntilClean(part, ofPart, masking);
        if (part === undefined || masked === undefined) for (const { type } of ofPart) stuck.add(type);
        else rewritten[index] = { ...part, ...masked };
      }
      if (stuck.size > 0) {
        return { kind: 'block', blocked: { types: [...stuck], message: policy.blockedInputMessage } };
      }
      return { kind: 'rewrite', parts: rewritten };
    },
  };
}

function maskUntilClean(
  part: Part,
  found: readonly Span[],
  detectors: readonly Detector[],
): Pick<Part, 'text' | 'edits'> | undefined {
  let { text } = part;
  let edits: readonly Edit[] = [];
  let spans = found;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const masked = maskText(text, spans, part.kind);
    if (masked === undefined) return undefined;
    edits = composeEdits(edits, maskEdits(spans));
    spans = scanPart(detectors, { kind: part.kind, text: masked });
    if (spans.length === 0) return { text: masked, edits };
    text = masked;
  }
  return undefined;
}
