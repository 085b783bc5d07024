import { ChatBedrockConverse } from '@langchain/aws';
import { model as documented } from '../snippets/langchain-aws.mjs';
import { methodsOf } from './langchain.mjs';
import { serve } from './serving.mjs';

const forged = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: 'x'.repeat(40) };

function connect({ model, wrongKey = false, retries }) {
  if (model === undefined && !wrongKey && retries === undefined) return documented;
  return new ChatBedrockConverse({
    model: model ?? documented.model,
    ...(wrongKey ? { credentials: forged } : {}),
    ...(retries === undefined ? {} : { clientOptions: { maxAttempts: retries + 1 } }),
  });
}

// A streamed message has no trace of the answer it came in.
const toEnd = ({ response_metadata: { stopReason, messageStop, $metadata } }) => ({
  stop: stopReason ?? messageStop?.stopReason,
  requestId: $metadata?.requestId,
});

await serve(methodsOf(connect, toEnd), ({ $metadata }) => ({
  status: $metadata?.httpStatusCode,
  requestId: $metadata?.requestId,
}));
