import asyncio

from openai import AsyncOpenAI


async def main() -> None:
    stream = await AsyncOpenAI().chat.completions.create(
        model="amazon.nova-lite-v1:0",
        messages=[{"role": "user", "content": "My card is 4111 1111 1111 1111"}],
        stream=True,
    )
    async for chunk in stream:
        if chunk.choices:
            print(chunk.choices[0].delta.content or "", end="")
    print()


asyncio.run(main())
