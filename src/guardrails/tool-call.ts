import { type AnswerBlockStart, isJson, type SidePolicy, type Span } from '../core/index.ts';
import { type Detector, scanPart } from '../detectors/index.ts';
import type { Mask } from './held-text.ts';

export interface ToolCallOptions {
  readonly detectors: readonly Detector[];
  readonly policy: SidePolicy;
  readonly mask: Mask;
}

/** What a piece of a tool call turned out to be. `findings` are in the offsets of the piece. */
export type Inspected =
  | { readonly kind: 'clean'; readonly text: string; readonly findings: readonly Span[] }
  | { readonly kind: 'blocked'; readonly by: readonly Span[]; readonly findings: readonly Span[] };

/** The id and name of a tool call. They cannot be rewritten, so anything found in them blocks. */
export function inspectToolName(
  { id, name }: Extract<AnswerBlockStart, { kind: 'toolUse' }>,
  { detectors }: Pick<ToolCallOptions, 'detectors'>,
): Inspected {
  const findings = [id, name].flatMap((text) => scanPart(detectors, { kind: 'identifier', text }));
  return findings.length === 0 ? { kind: 'clean', text: name, findings } : { kind: 'blocked', by: findings, findings };
}

/** The whole arguments of a tool call as raw JSON; empty where the model gave none. Undefined where it is no JSON. */
export function inspectArguments(json: string, options: ToolCallOptions): Inspected | undefined {
  if (json === '') return { kind: 'clean', text: json, findings: [] };
  if (!isJson(json)) return undefined;
  return inspectPiece(json, 'json', options);
}

/** A text or JSON that is inspected whole. Blocks on blocked types, and on what cannot be masked. */
export function inspectPiece(text: string, kind: 'text' | 'json', options: ToolCallOptions): Inspected {
  const findings = scanPart(options.detectors, { kind, text });
  const blocking = findings.filter((span) => options.policy.actionOf(span) === 'block');
  if (blocking.length > 0) return { kind: 'blocked', by: blocking, findings };
  const masked = findings.length === 0 ? text : options.mask(text, findings, kind);
  return masked === undefined ? { kind: 'blocked', by: findings, findings } : { kind: 'clean', text: masked, findings };
}
