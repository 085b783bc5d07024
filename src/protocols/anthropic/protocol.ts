import { GatewayError, type Protocol } from '../../core/index.ts';
import { readGuardrailHeaders } from '../guardrail-headers.ts';
import { createMatch } from '../routes.ts';
import { readBody } from '../shape.ts';
import { createCountReply } from './count-reply.ts';
import { writeFault } from './errors.ts';
import { checkHeaders } from './headers.ts';
import { readMessages, readTokenCount } from './messages.ts';
import { writeModel, writeModels } from './models.ts';
import { createMessagesReply } from './reply.ts';

const MESSAGES = 'messages';
const COUNT_TOKENS = 'messages.count_tokens';

/** The Anthropic Messages API, under `/anthropic`. */
export const anthropicProtocol: Protocol = {
  name: 'anthropic',
  match: createMatch('/anthropic/v1', { '/messages': MESSAGES, '/messages/count_tokens': COUNT_TOKENS }),
  read({ operation }, body, headers) {
    checkHeaders(headers);
    const guardrail = readGuardrailHeaders(headers);
    const named = guardrail === undefined ? {} : { guardrail };
    switch (operation) {
      case MESSAGES: {
        const { model, stream, request, parts } = readMessages(readBody(body), 'api');
        return { model, stream, request, parts, ...named, createReply: createMessagesReply };
      }
      case COUNT_TOKENS: {
        const { model, request, parts } = readTokenCount(readBody(body));
        return { model, stream: false, action: 'CountTokens', request, parts, ...named, createReply: createCountReply };
      }
      default:
        throw new GatewayError('routeNotFound');
    }
  },
  readAssessment() {
    throw new GatewayError('routeNotFound');
  },
  models: writeModels,
  model: writeModel,
  fault: writeFault,
};
