import { type Block, type Exchange, type Message, textOf } from '../../core/index.ts';

/** The turns as the Converse API takes them: roles alternate, no text is blank, and no turn is without content. */
export function toTurns(exchange: Exchange, messages: readonly Message[]): readonly Message[] {
  const turns: { readonly role: Message['role']; readonly content: Block[] }[] = [];
  for (const { role, content } of messages) {
    const said = withoutBlanks(exchange, content);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...said);
    else if (said.length > 0) turns.push({ role, content: [...said] });
  }
  return turns;
}

/**
 * The blocks without texts of white space alone, which the API refuses; none if only cache points are left. One that has
 * citations is kept: they would be lost with it.
 */
export function withoutBlanks<Kept extends Block>(exchange: Exchange, blocks: readonly Kept[]): readonly Kept[] {
  const said = blocks.filter(
    (block) => block.kind !== 'text' || block.citations !== undefined || textOf(exchange, block.text).trim() !== '',
  );
  return said.some(({ kind }) => kind !== 'cachePoint') ? said : [];
}
