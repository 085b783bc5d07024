import type { AnswerEvent, Part, RequestRecord } from '../../core/index.ts';
import { toMaskedText } from './masked-text.ts';

/** A part of a request as an export has it. */
export type ExportedPart = Omit<Part, 'edits'>;

/** The request's parts, masked. */
export function toMaskedParts({ original, rewritten, findings }: RequestRecord): readonly ExportedPart[] {
  const found = Map.groupBy(findings, ({ part }) => part as number);
  return original.map(({ kind, origin, path, text }, index) => {
    const sent = rewritten?.[index];
    const masked = toMaskedText({
      original: text,
      rewritten: sent?.text ?? text,
      edits: sent?.edits ?? [],
      findings: found.get(index) ?? [],
    });
    return { kind, origin, path: origin === 'metadata' ? withoutKey(path) : path, text: masked };
  });
}

/**
 * The path of metadata without its key, which the caller made up: it can hold what was found in it. Other parts have
 * paths of positions and the protocol's own names.
 */
function withoutKey(path: string): string {
  return path.replace(/(?<=.)\/[^/]*$/, '/…');
}

/**
 * Events of an answer without what nobody can mask: proofs of reasoning and vectors. The rest was masked before it was
 * released.
 */
export function toMaskedEvents(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  return events.filter(({ kind }) => kind !== 'proof' && kind !== 'embedding');
}
