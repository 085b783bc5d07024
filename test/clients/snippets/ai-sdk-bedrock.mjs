import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { generateText } from 'ai';

export const bedrock = createAmazonBedrock();

const { text } = await generateText({
  model: bedrock('amazon.nova-lite-v1:0'),
  prompt: 'My card is 4111 1111 1111 1111',
});
console.log(text);
