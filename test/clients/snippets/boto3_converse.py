import boto3

client = boto3.client("bedrock-runtime")

answer = client.converse(
    modelId="amazon.nova-lite-v1:0",
    messages=[{"role": "user", "content": [{"text": "My card is 4111 1111 1111 1111"}]}],
)
print(answer["output"]["message"]["content"][0]["text"])
