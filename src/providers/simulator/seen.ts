import { type Block, type Conversation, type Exchange, type PartIndex, textOf } from '../../core/index.ts';

/**
 * Everything a model is shown of a conversation, a line for each piece: system texts, turns, tool definitions. Tool
 * calls and schemas stand as the raw JSON they are. One user message alone comes out as exactly its text.
 */
export function toSeen(exchange: Exchange, { system, messages, tools }: Conversation): string {
  const text = (index: PartIndex): string => textOf(exchange, index);
  const line = (...parts: readonly (PartIndex | undefined)[]): string =>
    parts.flatMap((index) => (index === undefined ? [] : [text(index)])).join(' ');

  function lines(block: Block): readonly string[] {
    switch (block.kind) {
      case 'text':
        return [text(block.text)];
      case 'toolUse':
        return [line(block.name, block.arguments)];
      case 'toolResult':
        return block.content.map(text);
      case 'cachePoint':
        return [];
      default:
        return block satisfies never;
    }
  }

  return [
    ...system.flatMap(lines),
    ...messages.flatMap(({ content }) => content.flatMap(lines)),
    ...tools.map(({ name, description, schema }) => line(name, description, schema)),
  ].join('\n');
}

/** The text of the last user turn, which directives are read from; empty where that turn only brings tool results. */
export function toLastUserText(exchange: Exchange, { messages }: Conversation): string {
  const turn = messages.findLast(({ role }) => role === 'user');
  return (turn?.content ?? [])
    .flatMap((block) => (block.kind === 'text' ? [textOf(exchange, block.text)] : []))
    .join('\n');
}
