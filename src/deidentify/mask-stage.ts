import type { ContentPolicy, Finding, FindingType, Part, Stage } from '../core/index.ts';
import { maskText } from './mask-text.ts';

const TIMEOUT_MS = 1_000;

/**
 * Masks what the input policy masks, by the findings of the detect stage. Parts without such a finding stay the very
 * same objects. Blocks where a finding cannot be masked: what cannot be taken out does not go out.
 */
export function maskStage(policy: ContentPolicy): Stage {
  return {
    name: 'mask',
    timeoutMs: TIMEOUT_MS,
    run({ parts, findings }) {
      const toMask = findings.filter(({ type }) => policy.input[type] === 'mask');
      if (toMask.length === 0) return { kind: 'pass' };
      const byPart = Map.groupBy(toMask, ({ part }) => part as number);
      const stuck = new Set<FindingType>();
      const rewritten = parts.map((part, index) => maskPart(part, byPart.get(index), stuck));
      if (stuck.size > 0) {
        return { kind: 'block', blocked: { types: [...stuck], message: policy.blockedInputMessage } };
      }
      return { kind: 'rewrite', parts: rewritten };
    },
  };
}

function maskPart(part: Part, findings: readonly Finding[] | undefined, stuck: Set<FindingType>): Part {
  if (findings === undefined) return part;
  const text = maskText(part.text, findings, part.kind);
  if (text !== undefined) return { ...part, text };
  for (const { type } of findings) stuck.add(type);
  return part;
}
