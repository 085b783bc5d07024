import { GatewayError, type Protocol, type ReadRequest } from '../../core/index.ts';
import { readGuardrailHeaders } from '../guardrail-headers.ts';
import { createMatch } from '../routes.ts';
import { readBody } from '../shape.ts';
import { createChatReply } from './chat-reply.ts';
import { readChat } from './chat-request.ts';
import { createEmbeddingsReply } from './embeddings-reply.ts';
import { readEmbeddings } from './embeddings-request.ts';
import { writeFault } from './errors.ts';
import { writeModel, writeModels } from './models.ts';
import { readModeration } from './moderations.ts';
import { createResponseReply } from './response-reply.ts';
import { readResponse } from './response-request.ts';

/** The OpenAI API's chat completions, responses, embeddings, moderations and models, under `/openai/v1`. */
export const openaiProtocol: Protocol = {
  name: 'openai',
  match: createMatch(
    '/openai/v1',
    {
      '/chat/completions': 'chat.completions',
      '/responses': 'responses',
      '/embeddings': 'embeddings',
    },
    { '/moderations': 'moderations' },
  ),
  read({ operation }, body, headers) {
    const guardrail = readGuardrailHeaders(headers);
    const read = readOperation(operation, body);
    return guardrail === undefined ? read : { ...read, guardrail };
  },
  readAssessment: (_, body) => readModeration(readBody(body)),
  models: writeModels,
  model: writeModel,
  fault: writeFault,
};

function readOperation(operation: string, body: Uint8Array): ReadRequest {
  switch (operation) {
    case 'chat.completions': {
      const { includeUsage, ...read } = readChat(readBody(body));
      return { ...read, createReply: (meta) => createChatReply(meta, includeUsage) };
    }
    case 'responses': {
      const { asked, ...read } = readResponse(readBody(body));
      return { ...read, createReply: (meta) => createResponseReply(meta, asked) };
    }
    case 'embeddings': {
      const { format, ...read } = readEmbeddings(readBody(body));
      return { ...read, stream: false, createReply: (meta) => createEmbeddingsReply(meta, format) };
    }
    default:
      throw new GatewayError('routeNotFound');
  }
}
