"""What the drivers of both OpenAI clients have in common."""

NOVA = "amazon.nova-lite-v1:0"
EMBED = "amazon.titan-embed-text-v2:0"
TOOLS = [{"type": "function", "function": {"name": "send_mail", "parameters": {"type": "object"}}}]


def user(text):
    return {"role": "user", "content": text}


def to_options(wrongKey=False, retries=2):
    return {"max_retries": retries, **({"api_key": "sp_demo_x_y"} if wrongKey else {})}


def to_answer(answer):
    (choice,) = answer.choices
    return {"text": choice.message.content, "stop": choice.finish_reason, "requestId": answer._request_id}


def describe(error):
    return {"status": getattr(error, "status_code", None), "requestId": getattr(error, "request_id", None)}
