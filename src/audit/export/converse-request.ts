import { isJson } from '../../core/index.ts';
import type { ExportedPart } from './masked-parts.ts';

/** A block of a message, in the words of Converse. */
type Block = Readonly<Record<string, unknown>>;

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

interface ToolResult {
  readonly toolUseId: string;
  readonly content: Block[];
}

interface ToolSpec {
  readonly name: string;
  description?: string;
  inputSchema?: { readonly json: unknown };
}

/** A request of Converse. Members without content are absent. */
export interface ConverseRequest {
  readonly system?: readonly Block[];
  readonly messages: readonly Message[];
  readonly toolConfig?: { readonly tools: readonly { readonly toolSpec: ToolSpec }[] };
}

/** A request under way, with the tool call and the tool result whose parts come in. */
interface Draft {
  readonly system: Block[];
  readonly messages: Message[];
  readonly tools: { readonly toolSpec: ToolSpec }[];
  call: { readonly toolUseId?: string; readonly name?: string };
  result: ToolResult | undefined;
}

/** Ends the path of what ties a tool result to its call. Other identifiers name files elsewhere. */
const CALL_ID = /\/(?:toolUseId|tool_use_id|tool_call_id|call_id)$/;

/**
 * Puts parts together as a request of Converse, by who stands behind each and in their order: what one role says without
 * the other between is one message. The record has the texts of a request with their paths, not its body and no numbers:
 * the words are exact, the structure about them is as near as the parts tell. Parameters, metadata and names of files
 * elsewhere stay out.
 */
export function toConverseRequest(parts: readonly ExportedPart[]): ConverseRequest {
  const draft: Draft = { system: [], messages: [], tools: [], call: {}, result: undefined };
  for (const part of parts) additions[part.origin](draft, part);
  const { system, messages, tools } = draft;
  return {
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...(tools.length === 0 ? {} : { toolConfig: { tools } }),
  };
}

/** What becomes of a part, by who stands behind it. */
const additions: Readonly<Record<ExportedPart['origin'], (draft: Draft, part: ExportedPart) => void>> = {
  system: ({ system }, { text }) => system.push({ text }),
  user: (draft, part) => addText(draft, 'user', part),
  assistant: (draft, part) => addText(draft, 'assistant', part),
  document: (draft, { text }) => say(draft, 'user', { document: { source: { text } } }),
  toolCall: addToCall,
  toolResult: addToResult,
  toolDefinition: addToTool,
  parameter: () => undefined,
  metadata: () => undefined,
};

function say({ messages }: Draft, role: Message['role'], block: Block): void {
  const last = messages.at(-1);
  if (last?.role === role) last.content.push(block);
  else messages.push({ role, content: [block] });
}

function addText(draft: Draft, role: Message['role'], { kind, text }: ExportedPart): void {
  if (kind === 'identifier') return;
  say(draft, role, kind === 'sealed' ? { reasoningContent: { reasoningText: { text } } } : { text });
}

/** Every protocol reads a call's id, then its name, then its arguments. */
function addToCall(draft: Draft, { kind, text }: ExportedPart): void {
  if (kind !== 'identifier') {
    say(draft, 'assistant', { toolUse: { ...draft.call, input: toJsonValue(text) } });
    draft.call = {};
  } else if (draft.call.toolUseId === undefined) draft.call = { toolUseId: text };
  else draft.call = { ...draft.call, name: text };
}

function addToResult(draft: Draft, { kind, path, text }: ExportedPart): void {
  if (CALL_ID.test(path)) openResult(draft, text);
  else if (kind !== 'identifier') {
    const { content } = draft.result ?? openResult(draft, '');
    content.push(kind === 'json' ? { json: toJsonValue(text) } : { text });
  }
}

function openResult(draft: Draft, toolUseId: string): ToolResult {
  const result = { toolUseId, content: [] };
  say(draft, 'user', { toolResult: result });
  draft.result = result;
  return result;
}

/** Every protocol reads a tool's name, then its description, then its schema. */
function addToTool({ tools }: Draft, { kind, text }: ExportedPart): void {
  if (kind === 'identifier') tools.push({ toolSpec: { name: text } });
  const spec = tools.at(-1)?.toolSpec;
  if (spec === undefined || kind === 'identifier') return;
  if (kind === 'json') spec.inputSchema = { json: toJsonValue(text) };
  else spec.description = text;
}

/** The value of a JSON text, its numbers as doubles; the text itself where masking has left no JSON. */
export function toJsonValue(text: string): unknown {
  return isJson(text) ? JSON.parse(text) : text;
}
