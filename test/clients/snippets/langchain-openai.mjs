import { ChatOpenAI } from '@langchain/openai';

export const model = new ChatOpenAI({ model: 'amazon.nova-lite-v1:0' });

const answer = await model.invoke('My card is 4111 1111 1111 1111');
console.log(answer.text);
