import os
from unittest.mock import patch

import boto3
from boto3_converse import client as documented
from botocore.config import Config
from serving import serve

NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-text-express-v1"
TOOL = {"toolSpec": {"name": "send_mail", "inputSchema": {"json": {"type": "object"}}}}


# Credentials of somebody else: boto3 takes a bearer token of the environment before any other.
STRANGER = (
    {"AWS_BEARER_TOKEN_BEDROCK": "sp_demo_x_y"}
    if "AWS_BEARER_TOKEN_BEDROCK" in os.environ
    else {"AWS_SECRET_ACCESS_KEY": "x" * 40}
)


def connect(wrongKey=False, retries=None):
    if not wrongKey and retries is None:
        return documented
    attempts = {} if retries is None else {"retries": {"mode": "standard", "total_max_attempts": retries + 1}}
    with patch.dict(os.environ, STRANGER if wrongKey else {}):
        return boto3.Session().client("bedrock-runtime", config=Config(**attempts))


def user(text):
    return {"role": "user", "content": [{"text": text}]}


def to_answer(answer):
    text = "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
    return {"text": text, "stop": answer["stopReason"], "requestId": answer["ResponseMetadata"]["RequestId"]}


def whole(prompt, model=NOVA, **options):
    return to_answer(connect(**options).converse(modelId=model, messages=[user(prompt)]))


def streamed(prompt, model=NOVA, **options):
    answer = connect(**options).converse_stream(modelId=model, messages=[user(prompt)])
    text, stop = "", None
    for event in answer["stream"]:
        text += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
        stop = event.get("messageStop", {}).get("stopReason", stop)
    return {"text": text, "stop": stop, "requestId": answer["ResponseMetadata"]["RequestId"]}


def use_tool(prompt, result):
    messages = [user(prompt)]
    answer = documented.converse(modelId=NOVA, messages=messages, toolConfig={"tools": [TOOL]})
    turn = answer["output"]["message"]
    call = next(block["toolUse"] for block in turn["content"] if "toolUse" in block)
    done = {"toolResult": {"toolUseId": call["toolUseId"], "content": [{"text": result}]}}
    messages += [turn, {"role": "user", "content": [done]}]
    final = documented.converse(modelId=NOVA, messages=messages, toolConfig={"tools": [TOOL]})
    return {"name": call["name"], "input": call["input"], "stop": answer["stopReason"], "final": to_answer(final)}


def describe(error):
    response = getattr(error, "response", {})
    metadata = response.get("ResponseMetadata", {})
    return {
        "code": response.get("Error", {}).get("Code"),
        "status": metadata.get("HTTPStatusCode"),
        "requestId": metadata.get("RequestId"),
    }


def invoke(body, model=TITAN):
    answer = documented.invoke_model(modelId=model, body=body)
    return {"body": answer["body"].read().decode(), "requestId": answer["ResponseMetadata"]["RequestId"]}


def invoke_streamed(body, model=TITAN):
    answer = documented.invoke_model_with_response_stream(modelId=model, body=body)
    return [event["chunk"]["bytes"].decode() for event in answer["body"]]


def without_metadata(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def apply_guardrail(text, guardrail="open", source="INPUT"):
    content = [{"text": {"text": text}}]
    answer = documented.apply_guardrail(
        guardrailIdentifier=guardrail, guardrailVersion="1", source=source, content=content
    )
    return without_metadata(answer)


def check(text, checks):
    messages = [{"role": "user", "content": [{"text": text}]}]
    return without_metadata(documented.invoke_guardrail_checks(messages=messages, checks=checks))


def guarded(prompt, guardrail="open", version="1"):
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": version, "trace": "enabled"}
    answer = documented.converse(modelId=NOVA, messages=[user(prompt)], guardrailConfig=config)
    return {**to_answer(answer), "trace": answer["trace"]["guardrail"]}


def guarded_streamed(prompt, guardrail="open", version="1"):
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": version, "trace": "enabled"}
    answer = documented.converse_stream(modelId=NOVA, messages=[user(prompt)], guardrailConfig=config)
    text, stop, trace = "", None, None
    for event in answer["stream"]:
        text += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
        stop = event.get("messageStop", {}).get("stopReason", stop)
        trace = event.get("metadata", {}).get("trace", {}).get("guardrail", trace)
    return {"text": text, "stop": stop, "trace": trace}


def invoke_guarded(body, guardrail="open", version="1"):
    named = {"guardrailIdentifier": guardrail, "guardrailVersion": version, "trace": "ENABLED"}
    return documented.invoke_model(modelId=TITAN, body=body, **named)["body"].read().decode()


if __name__ == "__main__":
    serve(
        {
            "whole": whole,
            "streamed": streamed,
            "useTool": use_tool,
            "invoke": invoke,
            "invokeStreamed": invoke_streamed,
            "applyGuardrail": apply_guardrail,
            "check": check,
            "guarded": guarded,
            "guardedStreamed": guarded_streamed,
            "invokeGuarded": invoke_guarded,
        },
        describe,
    )
