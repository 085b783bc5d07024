import { ChatOpenAI } from '@langchain/openai';
import { model as documented } from '../snippets/langchain-openai.mjs';
import { methodsOf } from './langchain.mjs';
import { serve } from './serving.mjs';

function connect({ model, wrongKey = false, retries }) {
  if (model === undefined && !wrongKey && retries === undefined) return documented;
  return new ChatOpenAI({
    model: model ?? documented.model,
    ...(wrongKey ? { apiKey: 'sp_demo_x_y' } : {}),
    ...(retries === undefined ? {} : { maxRetries: retries }),
  });
}

const toEnd = ({ id: requestId, response_metadata: { finish_reason: stop } }) => ({ stop, requestId });

await serve(methodsOf(connect, toEnd), ({ status, requestID: requestId }) => ({ status, requestId }));
