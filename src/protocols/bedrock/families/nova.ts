import type { Usage } from '../../../core/index.ts';
import { type ConverseEvent, createConverseEvents } from '../converse-events.ts';
import { countsText, outputText } from '../converse-message.ts';
import { readNova } from '../converse-request.ts';
import type { AnswerForm, Family } from './family.ts';

const form: AnswerForm = {
  writeAnswer: (answer) => `{${outputText(answer)},"usage":${usageText(answer.usage)}}`,
  createChunks() {
    const stream = createConverseEvents(({ usage }) => `{"usage":${usageText(usage)},"metrics":{},"trace":{}}`);
    return {
      events: (events) => stream.events(events).map(toChunk),
      end: () => stream.end().map(toChunk),
    };
  },
};

/**
 * Amazon Nova: the shapes of `Converse` with names of its own for the cache's tokens
 * (docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html).
 */
export const nova: Family = {
  read: (document) => ({ ...readNova(document), form }),
};

function toChunk({ type, json }: ConverseEvent): string {
  return `{"${type}":${json}}`;
}

function usageText(usage: Usage): string {
  const { cacheReadInputTokens: read, cacheWriteInputTokens: write } = usage;
  return (
    `{${countsText(usage)}` +
    (read === undefined ? '' : `,"cacheReadInputTokenCount":${read}`) +
    (write === undefined ? '' : `,"cacheWriteInputTokenCount":${write}`) +
    '}'
  );
}
