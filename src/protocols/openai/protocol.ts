import type { Protocol } from '../../core/index.ts';
import { createMatch } from '../routes.ts';
import { readBody } from '../shape.ts';
import { createChatReply } from './chat-reply.ts';
import { readChat } from './chat-request.ts';
import { createEmbeddingsReply } from './embeddings-reply.ts';
import { readEmbeddings } from './embeddings-request.ts';
import { writeFault } from './errors.ts';
import { writeModel, writeModels } from './models.ts';

/** The OpenAI API's chat completions, embeddings and models, under `/openai/v1`. */
export const openaiProtocol: Protocol = {
  name: 'openai',
  match: createMatch('/openai/v1', { '/chat/completions': 'chat.completions', '/embeddings': 'embeddings' }),
  read(route, body) {
    const document = readBody(body);
    if (route.operation === 'embeddings') {
      const { format, ...read } = readEmbeddings(document);
      return { ...read, stream: false, createReply: (meta) => createEmbeddingsReply(meta, format) };
    }
    const { includeUsage, ...read } = readChat(document);
    return { ...read, createReply: (meta) => createChatReply(meta, includeUsage) };
  },
  models: writeModels,
  model: writeModel,
  fault: writeFault,
};
