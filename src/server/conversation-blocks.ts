import type { Block, Conversation, ModelRequest, ToolResultBlock } from '../core/index.ts';

/** A block of a conversation, or a file within a tool result. */
export type AnyBlock = Block | Exclude<ToolResultBlock['content'][number], number>;

/** The conversation that a request holds, if it holds one. */
export function conversationOf(request: ModelRequest): Conversation | undefined {
  const inner = request.kind === 'tokenCount' ? request.of : request;
  return inner.kind === 'conversation' ? inner : undefined;
}

/** Every block of the turns in reading order, those within tool results too. */
export function* blocksOf({ messages }: Conversation): Generator<AnyBlock> {
  for (const { content } of messages) {
    for (const block of content) {
      yield block;
      if (block.kind !== 'toolResult') continue;
      for (const item of block.content) if (typeof item !== 'number') yield item;
    }
  }
}

/** The request with other blocks: `change` gives the same kind back, changed or as it was. */
export function withBlocks(request: ModelRequest, change: <Kept extends AnyBlock>(block: Kept) => Kept): ModelRequest {
  const conversation = conversationOf(request);
  if (conversation === undefined) return request;
  const messages = conversation.messages.map(({ role, content }) => ({
    role,
    content: content.map((block) => {
      const changed = change(block);
      if (changed.kind !== 'toolResult') return changed;
      return { ...changed, content: changed.content.map((item) => (typeof item === 'number' ? item : change(item))) };
    }),
  }));
  const changed = { ...conversation, messages };
  return request.kind === 'tokenCount' ? { ...request, of: changed } : changed;
}
