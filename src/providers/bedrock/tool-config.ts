import {
  type Conversation,
  type Exchange,
  type PartIndex,
  type Tool,
  type ToolChoice,
  textOf,
} from '../../core/index.ts';

/**
 * The member `toolConfig` of a Converse body as JSON text; empty where it must not be there.
 *
 * The API demands it once the history holds tool use: where the caller gave no tools, it is made of the names in the
 * history. The API has no choice `none` either: then the tools are left out if the history allows it, and stay without
 * a choice if not, when the model may still call one.
 */
export function toolConfigText(exchange: Exchange, { tools, toolChoice, messages }: Conversation): string {
  const used = messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.kind === 'toolUse' ? [textOf(exchange, block.name)] : [])),
  );
  const isUnwanted = toolChoice?.kind === 'none' && used.length === 0;
  const specs =
    tools.length > 0
      ? tools.map((tool) => specText(exchange, tool))
      : [...new Set(used)].map((name) => bareSpecText(name));
  if (specs.length === 0 || isUnwanted) return '';
  const choice = toolChoice === undefined || tools.length === 0 ? '' : choiceText(exchange, toolChoice);
  return `"toolConfig":{"tools":[${specs.join()}]${choice}}`;
}

function specText(exchange: Exchange, { name, description, schema }: Tool): string {
  const text = description === undefined ? '' : textOf(exchange, description);
  return (
    `{"toolSpec":{"name":${quoted(exchange, name)}` +
    (text === '' ? '' : `,"description":${JSON.stringify(text)}`) +
    `,"inputSchema":{"json":${textOf(exchange, schema)}}}}`
  );
}

function bareSpecText(name: string): string {
  return `{"toolSpec":{"name":${JSON.stringify(name)},"inputSchema":{"json":{"type":"object"}}}}`;
}

function choiceText(exchange: Exchange, choice: ToolChoice): string {
  switch (choice.kind) {
    case 'auto':
    case 'any':
      return `,"toolChoice":{"${choice.kind}":{}}`;
    case 'tool':
      return `,"toolChoice":{"tool":{"name":${quoted(exchange, choice.name)}}}`;
    case 'none':
      return '';
    default:
      return choice satisfies never;
  }
}

function quoted(exchange: Exchange, index: PartIndex): string {
  return JSON.stringify(textOf(exchange, index));
}
