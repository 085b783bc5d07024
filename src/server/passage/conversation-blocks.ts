import type {
  Block,
  Conversation,
  DocumentBlock,
  ModelRequest,
  ReasoningBlock,
  ToolResultBlock,
} from '../../core/index.ts';

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

/** What becomes of blocks of a kind, in turns and within tool results. */
export interface BlockChanges {
  readonly document?: (block: DocumentBlock) => DocumentBlock;
  readonly reasoning?: (block: ReasoningBlock) => ReasoningBlock;
}

/** The request with those blocks changed. */
export function withBlocks(request: ModelRequest, changes: BlockChanges): ModelRequest {
  const conversation = conversationOf(request);
  if (conversation === undefined) return request;
  const { document = same, reasoning = same } = changes;
  const change = (block: Block): Block => {
    switch (block.kind) {
      case 'document':
        return document(block);
      case 'reasoning':
        return reasoning(block);
      case 'toolResult':
        return { ...block, content: block.content.map((item) => (isDocument(item) ? document(item) : item)) };
      default:
        return block;
    }
  };
  const messages = conversation.messages.map(({ role, content }) => ({ role, content: content.map(change) }));
  const changed = { ...conversation, messages };
  return request.kind === 'tokenCount' ? { ...request, of: changed } : changed;
}

function same<Kept>(block: Kept): Kept {
  return block;
}

function isDocument(item: ToolResultBlock['content'][number]): item is DocumentBlock {
  return typeof item !== 'number' && item.kind === 'document';
}
