import json

from openai_chat import client as documented
from openai_shapes import EMBED, NOVA, TOOLS, describe, to_answer, to_options, user
from serving import serve


def whole(prompt, model=NOVA, **options):
    client = documented.with_options(**to_options(**options))
    return to_answer(client.chat.completions.create(model=model, messages=[user(prompt)]))


def streamed(prompt, model=NOVA, **options):
    client = documented.with_options(**to_options(**options))
    text, stop = "", None
    stream = client.chat.completions.create(model=model, messages=[user(prompt)], stream=True)
    for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            stop = choice.finish_reason or stop
    return {"text": text, "stop": stop, "requestId": stream.response.headers["x-request-id"]}


def use_tool(prompt, result):
    messages = [user(prompt)]
    answer = documented.chat.completions.create(model=NOVA, messages=messages, tools=TOOLS)
    (choice,) = answer.choices
    (call,) = choice.message.tool_calls
    messages += [choice.message, {"role": "tool", "tool_call_id": call.id, "content": result}]
    final = documented.chat.completions.create(model=NOVA, messages=messages, tools=TOOLS)
    name, arguments = call.function.name, json.loads(call.function.arguments)
    return {"name": name, "input": arguments, "stop": choice.finish_reason, "final": to_answer(final)}


def embed(texts):
    return [row.embedding for row in documented.embeddings.create(model=EMBED, input=texts, dimensions=256).data]


def models():
    return [model.id for model in documented.models.list()]


def moderate(texts):
    return [result.model_dump(by_alias=True) for result in documented.moderations.create(input=texts).results]


if __name__ == "__main__":
    methods = {"whole": whole, "streamed": streamed, "useTool": use_tool}
    serve({**methods, "embed": embed, "models": models, "moderate": moderate}, describe)
