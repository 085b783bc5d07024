import { z } from 'zod';
import type { StopReason } from '../../../core/index.ts';
import { parseShape } from '../../shape.ts';
import type { Family } from './family.ts';
import { toCompletion } from './prompt.ts';
import { createTextForm } from './text-form.ts';

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

const completionReasons = {
  endTurn: 'FINISH',
  maxTokens: 'LENGTH',
  contextWindow: 'LENGTH',
  stopSequence: 'STOP_CRITERIA_MET',
  toolUse: 'FINISH',
  contentFilter: 'CONTENT_FILTERED',
  guardrail: 'CONTENT_FILTERED',
} as const satisfies Record<StopReason, string>;

const form = createTextForm({
  whole(outputText, { usage, stop }) {
    const result = { tokenCount: usage.outputTokens, outputText, completionReason: completionReasons[stop] };
    return JSON.stringify({ inputTextTokenCount: usage.inputTokens, results: [result] });
  },
  delta: (text) =>
    `{"outputText":${JSON.stringify(text)},"index":0,"totalOutputTextTokenCount":null,` +
    '"completionReason":null,"inputTextTokenCount":null}',
  last: ({ reason, usage }) =>
    `{"outputText":"","index":0,"totalOutputTextTokenCount":${usage.outputTokens},` +
    `"completionReason":"${completionReasons[reason]}","inputTextTokenCount":${usage.inputTokens}}`,
});

/**
 * Amazon Titan Text: one prompt, one text
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html).
 */
export const titanText: Family = {
  read(document) {
    const { inputText, textGenerationConfig = {} } = parseShape(textRequest, document.value);
    const { maxTokenCount, temperature, topP, stopSequences: texts } = textGenerationConfig;
    const stopSequences = texts === undefined ? undefined : { path: '/textGenerationConfig/stopSequences', texts };
    const prompt = { path: '/inputText', text: inputText };
    return { ...toCompletion(prompt, { maxTokens: maxTokenCount, temperature, topP, stopSequences }), form };
  },
};
