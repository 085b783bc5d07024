import {
  type Block,
  type Conversation,
  type Exchange,
  GatewayError,
  type Message,
  type PartIndex,
  type Tool,
  type ToolChoice,
  textOf,
} from '../../core/index.ts';

type Texts = Pick<Exchange, 'parts'>;

/**
 * The body of `POST /chat/completions` (platform.openai.com/docs/api-reference/chat), printed in one pass: raw JSON of
 * tools goes out as it came in, integers beyond 2^53 and the order of keys included.
 *
 * Metadata stays here, and cache points, which are hints, have no counterpart. Throws `unsupported` for what the API
 * has no field for: top-k, and fields of one model alone.
 */
export function printChatBody(exchange: Exchange, conversation: Conversation): string {
  const { inference, tools, toolChoice } = conversation;
  if (inference.topK !== undefined) throw unsupported('top-k sampling');
  if (conversation.additionalFields !== undefined) throw unsupported('additional model request fields');
  let body = `{"model":${JSON.stringify(exchange.model.providerModelId)},"messages":[`;
  body += printMessages(exchange, conversation).join(',');
  body += ']';
  if (tools.length > 0) body += `,"tools":[${tools.map((tool) => printTool(exchange, tool)).join(',')}]`;
  if (toolChoice !== undefined) body += `,"tool_choice":${printToolChoice(exchange, toolChoice)}`;
  if (inference.maxTokens !== undefined) body += `,"max_tokens":${inference.maxTokens}`;
  if (inference.temperature !== undefined) body += `,"temperature":${inference.temperature}`;
  if (inference.topP !== undefined) body += `,"top_p":${inference.topP}`;
  const stops = inference.stopSequences ?? [];
  if (stops.length > 0) body += `,"stop":[${stops.map((stop) => quote(exchange, stop)).join(',')}]`;
  if (exchange.action === 'InvokeModelWithResponseStream') {
    body += ',"stream":true,"stream_options":{"include_usage":true}';
  }
  return `${body}}`;
}

function printMessages(texts: Texts, { system, messages }: Conversation): readonly string[] {
  const instructions = system.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  const printed = instructions.length === 0 ? [] : [`{"role":"system","content":${quoteAll(texts, instructions)}}`];
  for (const message of messages) printed.push(...printTurn(texts, message));
  return printed;
}

/**
 * The messages of one turn. The API gives content and calls of a message no order among each other, and wants results
 * straight after the calls they answer: they come before what the user says beside them.
 */
function printTurn(texts: Texts, { role, content }: Message): readonly string[] {
  const said: PartIndex[] = [];
  const calls: string[] = [];
  const messages: string[] = [];
  for (const block of content) {
    switch (block.kind) {
      case 'text':
        said.push(block.text);
        break;
      case 'toolUse':
        if (role === 'user') throw unsupported('a tool call in a turn of the user');
        calls.push(printCall(texts, block));
        break;
      case 'toolResult':
        messages.push(printResult(texts, block));
        break;
      case 'cachePoint':
        break;
      default:
        block satisfies never;
    }
  }
  if (said.length > 0 || calls.length > 0) {
    const called = calls.length === 0 ? '' : `,"tool_calls":[${calls.join(',')}]`;
    messages.push(`{"role":"${role}","content":${said.length === 0 ? 'null' : quoteAll(texts, said)}${called}}`);
  }
  return messages;
}

function printCall(texts: Texts, call: Extract<Block, { kind: 'toolUse' }>): string {
  const called = `{"name":${quote(texts, call.name)},"arguments":${quote(texts, call.arguments)}}`;
  return `{"id":${quote(texts, call.id)},"type":"function","function":${called}}`;
}

/** The API has no mark for a call that failed: the result's own words say so. */
function printResult(texts: Texts, { id, content }: Extract<Block, { kind: 'toolResult' }>): string {
  return `{"role":"tool","tool_call_id":${quote(texts, id)},"content":${quoteAll(texts, content)}}`;
}

function printTool(texts: Texts, { name, description, schema }: Tool): string {
  const described = description === undefined ? '' : `,"description":${quote(texts, description)}`;
  return `{"type":"function","function":{"name":${quote(texts, name)}${described},"parameters":${textOf(texts, schema)}}}`;
}

function printToolChoice(texts: Texts, choice: ToolChoice): string {
  switch (choice.kind) {
    case 'auto':
      return '"auto"';
    case 'any':
      return '"required"';
    case 'none':
      return '"none"';
    case 'tool':
      return `{"type":"function","function":{"name":${quote(texts, choice.name)}}}`;
    default:
      return choice satisfies never;
  }
}

function quote(texts: Texts, index: PartIndex): string {
  return JSON.stringify(textOf(texts, index));
}

/** Several texts as one string: not every chat template takes a list. The line break keeps their words apart. */
function quoteAll(texts: Texts, indexes: readonly PartIndex[]): string {
  return JSON.stringify(indexes.map((index) => textOf(texts, index)).join('\n'));
}

function unsupported(detail: string): GatewayError {
  return new GatewayError('unsupported', { detail });
}
