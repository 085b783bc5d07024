import type { AnswerBlockStart } from '../../core/index.ts';
import { notCarried, parseObject, parseText } from './wire-value.ts';

/**
 * Who is called, from `ToolUseBlock` or `ToolUseBlockStart`. Throws `upstreamFailed` for a tool of the provider's own,
 * which runs where the gateway sees neither call nor result.
 */
export function parseToolUse(value: unknown): Extract<AnswerBlockStart, { kind: 'toolUse' }> {
  const { toolUseId, name, type } = parseObject(value);
  if (type !== undefined && type !== null) throw notCarried('a tool of the provider');
  return { kind: 'toolUse', id: parseText(toolUseId), name: parseText(name) };
}
