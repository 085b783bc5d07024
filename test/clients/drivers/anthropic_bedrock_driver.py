import os

from anthropic_bedrock import client as documented
from anthropic_driver import describe, methods_of
from serving import serve


def connect(wrongKey=False, retries=2):
    keys = {"aws_access_key": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_key": "x" * 40} if wrongKey else {}
    return documented.with_options(max_retries=retries, **keys)


if __name__ == "__main__":
    serve(methods_of(connect), describe)
