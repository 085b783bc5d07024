import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';

const client = new BedrockRuntimeClient();

const { output } = await client.send(
  new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'My card is 4111 1111 1111 1111' }] }],
  }),
);
console.log(output.message.content[0].text);
