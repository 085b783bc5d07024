import OpenAI from 'openai';

const client = new OpenAI();

const answer = await client.chat.completions.create({
  model: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user', content: 'My card is 4111 1111 1111 1111' }],
});
console.log(answer.choices[0].message.content);
