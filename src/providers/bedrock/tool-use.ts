import type { AnswerBlockStart } from '../../core/index.ts';
import { notCarried, parseObject, parseText } from './wire-value.ts';

/** Who is called, from `ToolUseBlock` or `ToolUseBlockStart`. */
export function parseToolUse(value: unknown): Extract<AnswerBlockStart, { kind: 'toolUse' }> {
  const { toolUseId, name } = parseObject(value);
  return { kind: 'toolUse', id: parseText(toolUseId), name: parseText(name) };
}

/**
 * Whether a block of an answer, by its member's name, tells of a tool that ran at the provider. Throws `upstreamFailed`
 * where none was asked for: the gateway saw neither call nor result.
 */
export function isOfProviderTool(kind: string, value: unknown, hasProviderTools: boolean): boolean {
  const isCall = kind === 'toolUse' && (parseObject(value).type ?? null) !== null;
  if (!isCall && kind !== 'toolResult') return false;
  if (!hasProviderTools) throw notCarried('a tool of the provider');
  return true;
}
