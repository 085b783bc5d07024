import {
  type Conversation,
  GatewayError,
  type Message,
  type PartIndex,
  type ReasoningBlock,
  type ToolResultBlock,
  type ToolUseBlock,
} from '../../core/index.ts';
import { type ContentBlock, printContent, printTextContent } from './chat-content.ts';
import { joinTexts, quote, type Texts, unsupported } from './wire-text.ts';

/** The messages of a conversation, each as JSON. Throws `unsupported` for what the API has no place for. */
export function printMessages(texts: Texts, { system, messages }: Conversation): readonly string[] {
  const instructions = system.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  const said = JSON.stringify(joinTexts(texts, instructions));
  const printed = instructions.length === 0 ? [] : [`{"role":"system","content":${said}}`];
  for (const message of messages) printed.push(...printTurn(texts, message));
  return printed;
}

/** What one turn holds, by where the API puts it: content, reasoning and calls have no order among each other there. */
interface Turn {
  readonly said: ContentBlock[];
  readonly thought: PartIndex[];
  readonly calls: string[];
  readonly results: string[];
}

/** The messages of one turn. Results belong straight after the calls they answer, before what is said beside them. */
function printTurn(texts: Texts, message: Message): readonly string[] {
  const { said, thought, calls, results } = sort(texts, message);
  if (said.length === 0 && thought.length === 0 && calls.length === 0) return results;
  const content = message.role === 'user' ? printContent(texts, said) : printTextContent(texts, said);
  const body = said.length === 0 ? 'null' : content;
  const called = calls.length === 0 ? '' : `,"tool_calls":[${calls.join(',')}]`;
  return [...results, `{"role":"${message.role}","content":${body}${printReasoning(texts, thought)}${called}}`];
}

function sort(texts: Texts, { role, content }: Message): Turn {
  const turn: Turn = { said: [], thought: [], calls: [], results: [] };
  for (const block of content) {
    switch (block.kind) {
      case 'text':
      case 'document':
      case 'media':
      case 'reference':
        turn.said.push(block);
        break;
      case 'reasoning':
        if (role === 'user') throw unsupported('reasoning in a turn of the user');
        turn.thought.push(toThought(block));
        break;
      case 'toolUse':
        if (role === 'user') throw unsupported('a tool call in a turn of the user');
        turn.calls.push(printCall(texts, block));
        break;
      case 'toolResult':
        turn.results.push(printResult(texts, block));
        break;
      case 'cachePoint':
        break;
      default:
        block satisfies never;
    }
  }
  return turn;
}

/** The text of reasoning. A proof is of another provider's making, and nobody here could check it. */
function toThought({ text, proof }: ReasoningBlock): PartIndex {
  if (proof?.kind === 'sealed') throw new GatewayError('internal', { detail: 'reasoning that is still sealed' });
  if (proof !== undefined || text === undefined) throw unsupported('reasoning that is signed or encrypted');
  return text;
}

/** Under both of its names: vLLM and Ollama read the first, llama.cpp and the vLLM of old the second. */
function printReasoning(texts: Texts, thought: readonly PartIndex[]): string {
  if (thought.length === 0) return '';
  const text = JSON.stringify(joinTexts(texts, thought));
  return `,"reasoning":${text},"reasoning_content":${text}`;
}

function printCall(texts: Texts, call: ToolUseBlock): string {
  const called = `{"name":${quote(texts, call.name)},"arguments":${quote(texts, call.arguments)}}`;
  return `{"id":${quote(texts, call.id)},"type":"function","function":${called}}`;
}

/** The API has no mark for a call that failed: the result's own words say so. */
function printResult(texts: Texts, { id, content, failed }: ToolResultBlock): string {
  if (failed && content.length === 0) throw unsupported('a failed call without a word of why');
  const blocks = content.map((entry) => (typeof entry === 'number' ? ({ kind: 'text', text: entry } as const) : entry));
  return `{"role":"tool","tool_call_id":${quote(texts, id)},"content":${printTextContent(texts, blocks)}}`;
}
