import { ChatBedrockConverse } from '@langchain/aws';

export const model = new ChatBedrockConverse({ model: 'amazon.nova-lite-v1:0' });

const answer = await model.invoke('My card is 4111 1111 1111 1111');
console.log(answer.text);
