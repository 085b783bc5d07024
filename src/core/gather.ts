import type { Answer, AnswerBlock, AnswerBlockStart, AnswerEvent, Usage } from './answer.ts';
import type { Citation } from './citation.ts';
import type { ReasoningProof } from './conversation.ts';

interface GatheredBlock {
  readonly start: AnswerBlockStart;
  text: string;
  proof?: ReasoningProof;
  citations?: Citation[];
}

interface Choice {
  readonly blocks: Map<number, GatheredBlock>;
  stop: Extract<AnswerEvent, { kind: 'stop' }>;
}

/** Gathers events into an answer. Blocks keep the order in which they started. */
export function toAnswer(events: readonly AnswerEvent[]): Answer {
  const choices: Choice[] = [createChoice()];
  const embeddings: (readonly number[])[] = [];
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let number = 0;
  for (const event of events) {
    switch (event.kind) {
      case 'choice':
        number = event.choice;
        break;
      case 'embedding':
        embeddings[event.index] = event.vector;
        break;
      case 'usage':
        usage = event.usage;
        break;
      default: {
        const choice = choices[number] ?? createChoice();
        choices[number] = choice;
        gather(choice, event);
      }
    }
  }
  const [first = { blocks: [], stop: 'endTurn' as const }, ...alternatives] = choices.map(toChoice);
  return { ...first, embeddings, usage, ...(alternatives.length === 0 ? {} : { alternatives }) };
}

type OfChoice = Exclude<AnswerEvent, { kind: 'choice' | 'embedding' | 'usage' }>;

function createChoice(): Choice {
  return { blocks: new Map(), stop: { kind: 'stop', reason: 'endTurn' } };
}

function gather(choice: Choice, event: OfChoice): void {
  switch (event.kind) {
    case 'start':
    case 'blockStop':
      return;
    case 'blockStart':
      choice.blocks.set(event.index, { start: event.block, text: '' });
      return;
    case 'stop':
      choice.stop = event;
      return;
    default: {
      const block = choice.blocks.get(event.index);
      if (block !== undefined) addTo(block, event);
    }
  }
}

function addTo(block: GatheredBlock, event: Extract<OfChoice, { kind: 'delta' | 'proof' | 'citation' }>): void {
  switch (event.kind) {
    case 'delta':
      block.text += event.text;
      return;
    case 'proof':
      block.proof = event.proof;
      return;
    case 'citation':
      block.citations ??= [];
      block.citations.push(event.citation);
      return;
    default:
      event satisfies never;
  }
}

function toChoice({ blocks, stop: { reason, stopSequence } }: Choice) {
  return {
    blocks: [...blocks.values()].map(toBlock),
    stop: reason,
    ...(stopSequence === undefined ? {} : { stopSequence }),
  };
}

function toBlock({ start, text, proof, citations }: GatheredBlock): AnswerBlock {
  switch (start.kind) {
    case 'text':
      return { kind: 'text', text, ...(citations === undefined ? {} : { citations }) };
    case 'reasoning':
      return { kind: 'reasoning', text, ...(proof === undefined ? {} : { proof }) };
    case 'toolUse':
      return { ...start, arguments: text === '' ? '{}' : text };
    default:
      return start satisfies never;
  }
}
