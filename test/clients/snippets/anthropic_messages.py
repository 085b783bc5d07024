from anthropic import Anthropic

client = Anthropic()

answer = client.messages.create(
    model="anthropic.claude-sonnet-4-5-20250929-v1:0",
    max_tokens=200,
    messages=[{"role": "user", "content": "My card is 4111 1111 1111 1111"}],
)
print(answer.content[0].text)
