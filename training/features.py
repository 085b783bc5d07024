"""Features as the gateway's own code reads them, so that nothing is measured that the gateway would not see."""

import json
import pathlib
import subprocess

import numpy
import scipy.sparse

SPACE = 2**18
READER = pathlib.Path(__file__).with_name("read-features.ts")


def read(texts, *options):
    """For each text its windows, each as an array of places."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(["node", str(READER), *options], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    numbers = numpy.frombuffer(done.stdout, dtype="<u4")
    at = 0
    windows_of = []
    for _ in texts:
        count, at = int(numbers[at]), at + 1
        windows = []
        for _ in range(count):
            length = int(numbers[at])
            windows.append(numbers[at + 1:at + 1 + length])
            at += 1 + length
        windows_of.append(windows)
    if at != len(numbers):
        raise ValueError("there are more features than texts")
    return windows_of


def to_matrix(windows):
    """A row for each window: 1 / sqrt(n) in each of the n places that it has."""
    lengths = numpy.array([len(window) for window in windows])
    starts = numpy.concatenate([[0], numpy.cumsum(lengths)])
    values = numpy.repeat(1 / numpy.sqrt(numpy.maximum(lengths, 1)), lengths).astype(numpy.float32)
    places = numpy.concatenate(windows).astype(numpy.int32)
    return scipy.sparse.csr_matrix((values, places, starts), shape=(len(windows), SPACE))
