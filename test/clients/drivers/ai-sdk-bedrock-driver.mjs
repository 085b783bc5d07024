import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { bedrock } from '../snippets/ai-sdk-bedrock.mjs';
import { describe, methodsOf } from './ai-sdk.mjs';
import { serve } from './serving.mjs';

const stranger = createAmazonBedrock(
  process.env.AWS_BEARER_TOKEN_BEDROCK === undefined
    ? { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: 'x'.repeat(40) }
    : { apiKey: 'sp_demo_x_y' },
);

await serve(
  methodsOf(({ id, wrongKey = false }) => (wrongKey ? stranger : bedrock)(id)),
  describe,
);
