import {
  type Conversation,
  type Exchange,
  type Inference,
  type OutputFormat,
  type Tool,
  type ToolChoice,
  textOf,
} from '../../core/index.ts';
import { printMessages } from './chat-messages.ts';
import { printSampling, STREAM_FIELDS } from './sampling-fields.ts';
import { quote, type Texts, unsupported } from './wire-text.ts';

/**
 * The body of `POST /chat/completions` (platform.openai.com/docs/api-reference/chat), printed in one pass: raw JSON of
 * tools goes out as it came in, integers beyond 2^53 and the order of keys included.
 *
 * Metadata stays here, and cache points, which are hints, have no counterpart. Throws `unsupported` for what the API
 * has no field for.
 */
export function printChatBody(exchange: Exchange, conversation: Conversation): string {
  const { inference, tools, toolChoice, parallelToolCalls } = conversation;
  let body = `{${printPrompt(exchange, conversation)}`;
  if (toolChoice !== undefined) body += `,"tool_choice":${printToolChoice(exchange, toolChoice)}`;
  // Without tools it asks for nothing, and the API refuses it.
  if (parallelToolCalls !== undefined && tools.length > 0) body += `,"parallel_tool_calls":${parallelToolCalls}`;
  body += printSampling(exchange, inference);
  body += printReasoningEffort(inference);
  if (inference.outputFormat !== undefined) body += printOutputFormat(exchange, inference.outputFormat);
  if (exchange.action === 'InvokeModelWithResponseStream') body += STREAM_FIELDS;
  return `${body}}`;
}

/** The fields of a chat that are the model's input. */
export function printPrompt(exchange: Exchange, conversation: Conversation): string {
  const { tools, providerTools = [], additionalFields } = conversation;
  if (additionalFields !== undefined) throw unsupported('additional model request fields');
  if (providerTools.length > 0) throw unsupported('tools that run at the provider');
  const messages = printMessages(exchange, conversation).join(',');
  const prompt = `"model":${JSON.stringify(exchange.model.providerModelId)},"messages":[${messages}]`;
  if (tools.length === 0) return prompt;
  return `${prompt},"tools":[${tools.map((tool) => printTool(exchange, tool)).join(',')}]`;
}

function printTool(texts: Texts, { name, description, schema, strict }: Tool): string {
  const described = description === undefined ? '' : `,"description":${quote(texts, description)}`;
  const exact = strict === undefined ? '' : `,"strict":${strict}`;
  const parameters = textOf(texts, schema);
  return `{"type":"function","function":{"name":${quote(texts, name)}${described},"parameters":${parameters}${exact}}}`;
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

function printReasoningEffort({ reasoning }: Inference): string {
  switch (reasoning?.kind) {
    case undefined:
      return '';
    case 'off':
      // The API's one field is told either.
      if (reasoning.effort !== undefined) throw unsupported('an effort beside reasoning that is off');
      return ',"reasoning_effort":"none"';
    case 'effort':
      return `,"reasoning_effort":"${reasoning.effort}"`;
    case 'adaptive':
      // To think as it sees fit at an effort is what a model does that is told the effort.
      if (reasoning.effort !== undefined) return `,"reasoning_effort":"${reasoning.effort}"`;
      throw unsupported('reasoning as the model sees fit, without an effort');
    case 'budget':
      throw unsupported('reasoning within a budget');
    default:
      return reasoning satisfies never;
  }
}

function printOutputFormat(texts: Texts, format: OutputFormat): string {
  if (format.kind === 'json') return ',"response_format":{"type":"json_object"}';
  const { name, description, schema, strict } = format;
  // The API wants a name; a model may be shown it.
  const named = name === undefined ? '"answer"' : quote(texts, name);
  const described = description === undefined ? '' : `,"description":${quote(texts, description)}`;
  const exact = strict === undefined ? '' : `,"strict":${strict}`;
  const form = `{"name":${named}${described},"schema":${textOf(texts, schema)}${exact}}`;
  return `,"response_format":{"type":"json_schema","json_schema":${form}}`;
}
