from openai import OpenAI

client = OpenAI()

answer = client.chat.completions.create(
    model="amazon.nova-lite-v1:0",
    messages=[{"role": "user", "content": "My card is 4111 1111 1111 1111"}],
)
print(answer.choices[0].message.content)
