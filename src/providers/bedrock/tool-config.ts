import {
  type Conversation,
  type Exchange,
  type PartIndex,
  type Tool,
  type ToolChoice,
  textOf,
} from '../../core/index.ts';
import { cachePointText } from './content-text.ts';
import { choosesByFamily } from './family-fields.ts';
import { notSent } from './not-sent.ts';

/**
 * The member `toolConfig` of a Converse body as JSON text; empty where it must not be there.
 *
 * The API demands it once the history holds tool use: where the caller gave no tools, it is made of the names in the
 * history. The API has no choice `none` either: then the tools are left out if the history allows it, and stay without
 * a choice if not, when the model may still call one.
 */
export function toolConfigText(exchange: Exchange, request: Conversation): string {
  const { tools, toolChoice, messages, providerTools = [] } = request;
  const used = messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.kind === 'toolUse' ? [textOf(exchange, block.name)] : [])),
  );
  const isUnwanted = toolChoice?.kind === 'none' && used.length === 0;
  const given = [
    ...tools.map((tool) => toolText(exchange, tool)),
    ...providerTools.map((name) => `{"systemTool":{"name":${quoted(exchange, name)}}}`),
  ];
  // A call is demanded and there is nothing to call: to leave the demand out would give the caller another answer.
  if (given.length === 0 && (toolChoice?.kind === 'any' || toolChoice?.kind === 'tool')) {
    throw notSent('a `toolChoice` without tools');
  }
  const specs = given.length > 0 ? given : [...new Set(used)].map((name) => bareSpecText(name));
  if (specs.length === 0 || isUnwanted) return '';
  const isSaid = toolChoice === undefined || given.length === 0 || choosesByFamily(exchange, request);
  return `"toolConfig":{"tools":[${specs.join()}]${isSaid ? '' : choiceText(exchange, toolChoice)}}`;
}

function toolText(exchange: Exchange, { name, description, schema, strict, cachePoint }: Tool): string {
  const text = description === undefined ? '' : textOf(exchange, description);
  return (
    `{"toolSpec":{"name":${quoted(exchange, name)}` +
    (text === '' ? '' : `,"description":${JSON.stringify(text)}`) +
    `,"inputSchema":{"json":${textOf(exchange, schema)}}` +
    (strict === true ? ',"strict":true' : '') +
    `}}${cachePoint === undefined ? '' : `,${cachePointText(cachePoint)}`}`
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
