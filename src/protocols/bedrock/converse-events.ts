import type { AnswerBlockStart, ReasoningProof } from '../../core/index.ts';
import { type AnswerStream, createAnswerStream, type Ending, type StreamedBlock } from '../answer-stream.ts';
import { citationText } from './citation-text.ts';
import { stopReasons, toolUseText } from './converse-message.ts';
import { redactedText, signatureText } from './reasoning-text.ts';

/** The members of `ConverseStreamOutput` that are no exceptions. */
export type ConverseEventType =
  | 'messageStart'
  | 'contentBlockStart'
  | 'contentBlockDelta'
  | 'contentBlockStop'
  | 'messageStop'
  | 'metadata';

/** One event of a conversation's stream; `json` is its whole payload. */
export interface ConverseEvent {
  readonly type: ConverseEventType;
  readonly json: string;
}

/**
 * Makes the writer of one streamed conversation, in the order
 * docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html gives: only tool calls have a start.
 * `metadataText` is the payload of the last event, asked for when it is due; `stopFields` what `messageStop` has besides.
 */
export function createConverseEvents(
  metadataText: (ending: Ending) => string,
  stopFields: (ending: Ending) => string = () => '',
): AnswerStream<ConverseEvent> {
  /** Blocks of reasoning that told any of it; a proof without is of reasoning that is not told. */
  const told = new Set<number>();
  return createAnswerStream<ConverseEvent>({
    start: () => [{ type: 'messageStart', json: '{"role":"assistant"}' }],
    blockStart: ({ index, start }) => {
      if (start.kind !== 'toolUse') return [];
      const json = `{"contentBlockIndex":${index},"start":{"toolUse":{${toolUseText(start)}}}}`;
      return [{ type: 'contentBlockStart', json }];
    },
    delta: (block, text) => {
      if (block.start.kind === 'reasoning') told.add(block.index);
      return [toDelta(block, deltaText(block.start.kind, JSON.stringify(text)))];
    },
    proof: (block, proof) => [toDelta(block, `{"reasoningContent":${proofText(proof, told.has(block.index))}}`)],
    citation: (block, citation) => [toDelta(block, `{"citation":${citationText(citation)}}`)],
    blockStop: ({ index }) => [{ type: 'contentBlockStop', json: `{"contentBlockIndex":${index}}` }],
    stop: (ending) => [
      { type: 'messageStop', json: `{"stopReason":"${stopReasons[ending.reason]}"${stopFields(ending)}}` },
      { type: 'metadata', json: metadataText(ending) },
    ],
  });
}

function toDelta({ index }: StreamedBlock, delta: string): ConverseEvent {
  return { type: 'contentBlockDelta', json: `{"contentBlockIndex":${index},"delta":${delta}}` };
}

function deltaText(kind: AnswerBlockStart['kind'], quoted: string): string {
  switch (kind) {
    case 'text':
      return `{"text":${quoted}}`;
    case 'reasoning':
      return `{"reasoningContent":{"text":${quoted}}}`;
    case 'toolUse':
      return `{"toolUse":{"input":${quoted}}}`;
    default:
      return kind satisfies never;
  }
}

function proofText(proof: ReasoningProof, isTold: boolean): string {
  return isTold ? `{${signatureText(proof)}}` : redactedText(proof);
}
