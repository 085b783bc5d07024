import { type AnswerBlock, type AnswerEvent, type StopReason, toAnswer, type Usage } from '../../core/index.ts';
import { toJsonValue } from './converse-request.ts';

/** `stopReason` of Converse. */
const stopReasons = {
  endTurn: 'end_turn',
  maxTokens: 'max_tokens',
  contextWindow: 'model_context_window_exceeded',
  stopSequence: 'stop_sequence',
  toolUse: 'tool_use',
  contentFilter: 'content_filtered',
  guardrail: 'guardrail_intervened',
} as const satisfies Record<StopReason, string>;

/** How an answer ended, as the response record has it. */
interface Ending {
  readonly stop?: StopReason | undefined;
  readonly usage?: Usage | undefined;
}

/**
 * The response of Converse that the released events make, for a streamed answer too, as Amazon Bedrock logs it; of
 * embeddings their vectors. The first choice alone, without proofs and citations.
 */
export function toConverseResponse(events: readonly AnswerEvent[], { stop, usage }: Ending): object {
  const { blocks, embeddings } = toAnswer(events);
  if (embeddings.length > 0) return { embeddings };
  return {
    output: { message: { role: 'assistant', content: blocks.map(toBlock) } },
    ...(stop === undefined ? {} : { stopReason: stopReasons[stop] }),
    ...(usage === undefined ? {} : { usage: toTokenUsage(usage) }),
  };
}

function toBlock(block: AnswerBlock): object {
  if (block.kind === 'toolUse') {
    return { toolUse: { toolUseId: block.id, name: block.name, input: toJsonValue(block.arguments) } };
  }
  const { kind, text } = block;
  return kind === 'reasoning' ? { reasoningContent: { reasoningText: { text } } } : { text };
}

function toTokenUsage(usage: Usage): object {
  const { inputTokens, outputTokens } = usage;
  return { inputTokens, outputTokens, totalTokens: promptTokens(usage) + outputTokens };
}

/** All tokens of a prompt, those from and to a cache too. */
export function promptTokens({ inputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 }: Usage): number {
  return inputTokens + cacheReadInputTokens + cacheWriteInputTokens;
}
