"""Of `Anthropic` and of `AnthropicBedrock`, which differ in how they are made alone."""

CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
TOOLS = [{"name": "send_mail", "input_schema": {"type": "object"}}]


def user(content):
    return {"role": "user", "content": content}


def to_answer(answer, response):
    text = "".join(block.text for block in answer.content if block.type == "text")
    return {"text": text, "stop": answer.stop_reason, "requestId": response.headers["x-sallyport-request-id"]}


def describe(error):
    response = getattr(error, "response", None)
    request_id = None if response is None else response.headers["x-sallyport-request-id"]
    return {"status": getattr(error, "status_code", None), "requestId": request_id}


def methods_of(connect):
    """`connect` takes `wrongKey` and `retries`, and gives the documented client without either."""

    def ask(prompt, model):
        return {"model": model, "max_tokens": 200, "messages": [user(prompt)]}

    def whole(prompt, model=CLAUDE, **options):
        response = connect(**options).messages.with_raw_response.create(**ask(prompt, model))
        return to_answer(response.parse(), response)

    def streamed(prompt, model=CLAUDE, **options):
        with connect(**options).messages.stream(**ask(prompt, model)) as stream:
            text = "".join(stream.text_stream)
            answer = to_answer(stream.get_final_message(), stream.response)
        return {**answer, "text": text}

    def use_tool(prompt, result):
        asked = ask(prompt, CLAUDE)
        answer = connect().messages.create(**asked, tools=TOOLS)
        call = next(block for block in answer.content if block.type == "tool_use")
        done = {"type": "tool_result", "tool_use_id": call.id, "content": result}
        asked["messages"] += [{"role": "assistant", "content": answer.content}, user([done])]
        response = connect().messages.with_raw_response.create(**asked, tools=TOOLS)
        final = to_answer(response.parse(), response)
        return {"name": call.name, "input": call.input, "stop": answer.stop_reason, "final": final}

    return {"whole": whole, "streamed": streamed, "useTool": use_tool}
