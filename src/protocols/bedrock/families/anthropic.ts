import type { ReplyMeta } from '../../../core/index.ts';
import { createMessageEvents, readMessages, writeMessage } from '../../anthropic/messages.ts';
import type { AnswerForm, Family } from './family.ts';

const form: AnswerForm = {
  writeAnswer: (answer, meta) => writeMessage(answer, toMessageMeta(meta)),
  createChunks(meta) {
    const stream = createMessageEvents(toMessageMeta(meta));
    return {
      events: (events) => stream.events(events).map(({ json }) => json),
      end: () => stream.end().map(({ json }) => json),
    };
  },
};

/**
 * Anthropic Claude: the Messages API without `model` and `stream`
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html).
 */
export const anthropic: Family = {
  read(document) {
    const { request, parts } = readMessages(document, 'bedrock');
    return { request, parts, form };
  },
};

function toMessageMeta({ requestId, model }: ReplyMeta) {
  return { id: `msg_bdrk_${requestId.replaceAll('-', '')}`, model };
}
