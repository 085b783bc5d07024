import type { Block, Conversation, Exchange, Part, PartIndex } from '../core/index.ts';

/** Told to the model in the place of what was taken out. */
const NOTICE = '[This content was removed by a content policy.]';

type Asked = Pick<Exchange, 'request' | 'parts'>;

/**
 * What a part becomes where something in it is blocked; undefined where that blocks the request.
 *
 * Blocked is what was said last, and what the application itself says. What was said before, what a tool gave and what
 * a document holds is replaced instead: one bad page would otherwise end every later turn of its conversation, and a
 * third party could end it at will.
 */
export function quarantined(exchange: Asked, index: PartIndex): Part | undefined {
  const part = exchange.parts[index];
  if (part === undefined || !isReplaceable(part, exchange, index)) return undefined;
  const text = part.kind === 'json' ? JSON.stringify({ notice: NOTICE }) : NOTICE;
  return { ...part, text, edits: [{ start: 0, end: part.text.length, length: text.length }], isQuarantined: true };
}

function isReplaceable({ kind, origin }: Part, { request }: Asked, index: PartIndex): boolean {
  switch (origin) {
    case 'document':
      return kind === 'text';
    case 'toolResult':
      return kind === 'text' || kind === 'json';
    case 'user':
    case 'assistant': {
      const conversation = request.kind === 'tokenCount' ? request.of : request;
      return kind === 'text' && conversation.kind === 'conversation' && !lastTexts(conversation).has(index);
    }
    default:
      return false;
  }
}

/** The texts of the turns behind the last answer. */
function lastTexts({ messages }: Conversation): ReadonlySet<PartIndex> {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  // An answer that the model is to go on with stands last, and nothing behind it: it is what is said now.
  const turns = messages.slice(last === messages.length - 1 ? last : last + 1);
  return new Set(turns.flatMap(({ content }) => content.flatMap(textsOf)));
}

function textsOf(block: Block): readonly PartIndex[] {
  return block.kind === 'text' ? [block.text] : [];
}
