import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

export const openai = createOpenAI();

const { text } = await generateText({
  model: openai.chat('amazon.nova-lite-v1:0'),
  prompt: 'My card is 4111 1111 1111 1111',
});
console.log(text);
