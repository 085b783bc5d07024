import json

import openai_async  # noqa: F401 - the documented program, run as it stands
from openai import AsyncOpenAI
from openai_shapes import EMBED, NOVA, TOOLS, describe, to_answer, to_options, user
from serving import serve

# Not the one of the documented program: its connections belong to a loop that has ended.
documented = AsyncOpenAI()


async def whole(prompt, model=NOVA, **options):
    client = documented.with_options(**to_options(**options))
    return to_answer(await client.chat.completions.create(model=model, messages=[user(prompt)]))


async def streamed(prompt, model=NOVA, **options):
    client = documented.with_options(**to_options(**options))
    text, stop = "", None
    stream = await client.chat.completions.create(model=model, messages=[user(prompt)], stream=True)
    async for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            stop = choice.finish_reason or stop
    return {"text": text, "stop": stop, "requestId": stream.response.headers["x-request-id"]}


async def use_tool(prompt, result):
    messages = [user(prompt)]
    async with documented.chat.completions.stream(model=NOVA, messages=messages, tools=TOOLS) as stream:
        (choice,) = (await stream.get_final_completion()).choices
    (call,) = choice.message.tool_calls
    messages += [choice.message, {"role": "tool", "tool_call_id": call.id, "content": result}]
    final = await documented.chat.completions.create(model=NOVA, messages=messages, tools=TOOLS)
    name, arguments = call.function.name, json.loads(call.function.arguments)
    return {"name": name, "input": arguments, "stop": choice.finish_reason, "final": to_answer(final)}


async def embed(texts):
    answer = await documented.embeddings.create(model=EMBED, input=texts, dimensions=256)
    return [row.embedding for row in answer.data]


async def models():
    return [model.id async for model in documented.models.list()]


async def moderate(texts):
    answer = await documented.moderations.create(input=texts)
    return [result.model_dump(by_alias=True) for result in answer.results]


if __name__ == "__main__":
    methods = {"whole": whole, "streamed": streamed, "useTool": use_tool}
    serve({**methods, "embed": embed, "models": models, "moderate": moderate}, describe)
