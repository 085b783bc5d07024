"""Carries out the calls of a test: one JSON line each on standard input, its outcome as a line on descriptor 3."""

import asyncio
import inspect
import json
import os
import sys


def serve(methods, describe):
    """Until standard input ends. `describe` gives what an exception of the client says: `status`, `requestId`."""
    loop = asyncio.new_event_loop()
    with os.fdopen(3, "w") as outcomes:
        for line in sys.stdin:
            call = json.loads(line)
            try:
                value = methods[call["method"]](**call["params"])
                outcome = {"value": loop.run_until_complete(value) if inspect.isawaitable(value) else value}
            except Exception as error:  # whatever it is, the test judges it
                classes = [kind.__name__ for kind in type(error).__mro__]
                outcome = {"error": {"classes": classes, "message": str(error), **describe(error)}}
            outcomes.write(json.dumps(outcome) + "\n")
            outcomes.flush()
