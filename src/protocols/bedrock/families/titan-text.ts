import { z } from 'zod';
import {
  type Answer,
  type Conversation,
  createPartList,
  GatewayError,
  type Inference,
  type JsonDocument,
  type PartList,
  type StopReason,
} from '../../../core/index.ts';
import { createAnswerStream } from '../../answer-stream.ts';
import { parseShape } from '../../shape.ts';
import type { Family } from './family.ts';

const textRequest = z.strictObject({
  inputText: z.string().min(1),
  textGenerationConfig: z
    .strictObject({
      maxTokenCount: z.int32().min(0).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string()).optional(),
    })
    .optional(),
});

type GenerationConfig = NonNullable<z.output<typeof textRequest>['textGenerationConfig']>;

const completionReasons = {
  endTurn: 'FINISH',
  maxTokens: 'LENGTH',
  stopSequence: 'STOP_CRITERIA_MET',
  toolUse: 'FINISH',
  contentFilter: 'CONTENT_FILTERED',
  guardrail: 'CONTENT_FILTERED',
} as const satisfies Record<StopReason, string>;

/**
 * Amazon Titan Text: one prompt, one text
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html).
 */
export const titanText: Family = {
  read: readText,
  writeAnswer(answer) {
    const { inputTokens, outputTokens } = answer.usage;
    const reason = completionReasons[answer.stop];
    const result = { tokenCount: outputTokens, outputText: joinedText(answer), completionReason: reason };
    return JSON.stringify({ inputTextTokenCount: inputTokens, results: [result] });
  },
  createChunks() {
    const nothing = (): readonly string[] => [];
    return createAnswerStream<string>({
      start: nothing,
      blockStart: ({ start }) => (start.kind === 'text' ? [] : refuseToolUse()),
      delta: (_block, text) => [
        `{"outputText":${JSON.stringify(text)},"index":0,"totalOutputTextTokenCount":null,` +
          '"completionReason":null,"inputTextTokenCount":null}',
      ],
      blockStop: nothing,
      stop: ({ reason, usage }) => [
        `{"outputText":"","index":0,"totalOutputTextTokenCount":${usage.outputTokens},` +
          `"completionReason":"${completionReasons[reason]}","inputTextTokenCount":${usage.inputTokens}}`,
      ],
    });
  },
};

function readText(document: JsonDocument): ReturnType<Family['read']> {
  const { inputText, textGenerationConfig } = parseShape(textRequest, document.value);
  const parts = createPartList();
  const text = parts.add({ kind: 'text', origin: 'user', path: '/inputText', text: inputText });
  const request: Conversation = {
    kind: 'conversation',
    system: [],
    messages: [{ role: 'user', content: [{ kind: 'text', text }] }],
    tools: [],
    inference: toInference(parts, textGenerationConfig ?? {}),
    metadata: [],
  };
  return { request, parts: parts.parts };
}

function toInference(parts: PartList, { maxTokenCount, temperature, topP, ...config }: GenerationConfig): Inference {
  const stopSequences = config.stopSequences?.map((text, index) =>
    parts.add({ kind: 'text', origin: 'parameter', path: `/textGenerationConfig/stopSequences/${index}`, text }),
  );
  return {
    ...(maxTokenCount === undefined ? {} : { maxTokens: maxTokenCount }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
  };
}

function joinedText({ blocks }: Answer): string {
  return blocks.map((block) => (block.kind === 'text' ? block.text : refuseToolUse())).join('');
}

/** The format has no place for a tool call, and to leave it out would give the caller another answer. */
function refuseToolUse(): never {
  throw new GatewayError('upstreamFailed', { detail: 'a tool call in a format that has none' });
}
