import type { Block, Conversation, DocumentBlock } from './conversation.ts';
import type { Exchange } from './exchange.ts';
import type { Part, PartIndex } from './part.ts';

/** A part of a request, and its position there. */
export interface PlacedPart {
  readonly index: PartIndex;
  readonly part: Part;
}

/** Parts that whoever gets the request may read as one text, in that order. */
export type TextRun = readonly [PlacedPart, ...PlacedPart[]];

/**
 * All parts of a request, each in one run. The texts of the system prompt are one run, and so are the texts of all turns
 * with their documents and tool results: providers join the blocks of a turn and turns of one role, and a model reads on
 * from one to the next. A part that is no text, or stands elsewhere, is a run of its own.
 */
export function textRuns({ request, parts }: Pick<Exchange, 'request' | 'parts'>): readonly TextRun[] {
  const inner = request.kind === 'tokenCount' ? request.of : request;
  const runs: TextRun[] = [];
  const left = new Map(parts.entries());
  if (inner.kind === 'conversation') {
    for (const texts of [systemTexts(inner), turnTexts(inner)]) {
      const [first, ...rest] = takeTexts(left, texts);
      if (first !== undefined) runs.push([first, ...rest]);
    }
  }
  for (const [index, part] of left) runs.push([{ index: index as PartIndex, part }]);
  return runs;
}

function takeTexts(left: Map<number, Part>, texts: readonly PartIndex[]): readonly PlacedPart[] {
  return texts.flatMap((index) => {
    const part = left.get(index);
    if (part?.kind !== 'text') return [];
    left.delete(index);
    return [{ index, part }];
  });
}

function systemTexts({ system }: Conversation): readonly PartIndex[] {
  return system.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
}

function turnTexts({ messages }: Conversation): readonly PartIndex[] {
  const texts: PartIndex[] = [];
  for (const { content } of messages) for (const block of content) addTexts(texts, block);
  return texts;
}

function addTexts(texts: PartIndex[], block: Block): void {
  switch (block.kind) {
    case 'text':
      texts.push(block.text);
      return;
    case 'reasoning':
      if (block.text !== undefined) texts.push(block.text);
      return;
    case 'document':
      addDocument(texts, block);
      return;
    case 'toolResult':
      for (const item of block.content) {
        if (typeof item === 'number') texts.push(item);
        else if (item.kind === 'document') addDocument(texts, item);
      }
      return;
    default:
      return;
  }
}

function addDocument(texts: PartIndex[], { name, context, text }: DocumentBlock): void {
  if (name !== undefined) texts.push(name);
  if (context !== undefined) texts.push(context);
  texts.push(...text);
}
