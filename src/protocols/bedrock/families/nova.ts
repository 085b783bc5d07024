import type { Usage } from '../../../core/index.ts';
import { type ConverseEvent, createConverseEvents } from '../converse-events.ts';
import { countsText, outputText } from '../converse-message.ts';
import { readNova } from '../converse-request.ts';
import type { Family } from './family.ts';

/**
 * Amazon Nova: the shapes of `Converse` with names of its own for the cache's tokens
 * (docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html).
 */
export const nova: Family = {
  read: readNova,
  writeAnswer: (answer) => `{${outputText(answer)},"usage":${usageText(answer.usage)}}`,
  createChunks() {
    const stream = createConverseEvents(({ usage }) => `{"usage":${usageText(usage)},"metrics":{},"trace":{}}`);
    return {
      events: (events) => stream.events(events).map(toChunk),
      end: () => stream.end().map(toChunk),
    };
  },
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
