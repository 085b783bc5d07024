from anthropic_driver import describe, methods_of
from anthropic_messages import client as documented
from serving import serve


def connect(wrongKey=False, retries=2):
    return documented.with_options(max_retries=retries, **({"api_key": "sp_demo_x_y"} if wrongKey else {}))


def models():
    return [model.id for model in documented.models.list()]


if __name__ == "__main__":
    serve({**methods_of(connect), "models": models}, describe)
