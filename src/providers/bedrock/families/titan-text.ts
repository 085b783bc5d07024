import type { CompletionFamily } from './family.ts';
import { membersOf, onlyOne, toSaid } from './said.ts';

/** `FINISH` is what the service sends, `FINISHED` what its guide says. */
const reasons = {
  FINISH: 'endTurn',
  FINISHED: 'endTurn',
  LENGTH: 'maxTokens',
  STOP_CRITERIA_MET: 'stopSequence',
  CONTENT_FILTERED: 'contentFilter',
} as const;

const members = membersOf(
  'inputTextTokenCount',
  'results',
  'outputText',
  'index',
  'totalOutputTextTokenCount',
  'tokenCount',
  'completionReason',
);

/** Amazon Titan Text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html). */
export const titanText: CompletionFamily = {
  settings: ['maxTokens', 'temperature', 'topP', 'stopSequences'],
  body(prompt, { maxTokens, temperature, topP, stopSequences }) {
    const config = { maxTokenCount: maxTokens, temperature, topP, stopSequences };
    const isEmpty = Object.values(config).every((value) => value === undefined);
    return { inputText: prompt, ...(isEmpty ? {} : { textGenerationConfig: config }) };
  },
  read(answer, dropped) {
    dropped.besides(answer, members);
    const isWhole = answer.results !== undefined;
    const { outputText, completionReason, tokenCount } = isWhole
      ? onlyOne(answer.results, { members, dropped })
      : answer;
    return {
      ...toSaid(outputText, completionReason, reasons),
      inputTokens: answer.inputTextTokenCount,
      outputTokens: isWhole ? tokenCount : answer.totalOutputTextTokenCount,
    };
  },
};
