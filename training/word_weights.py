"""How many texts there are for one that has a word, as its logarithm (inverse document frequency)."""

import math

import corpus
import features
import numpy

# A weight is so many steps for 1.
PER_UNIT = 16
LEAST_TEXTS = 5
KINDS = ("banking", "other", "role", "wildguard", "everyday")


def count(folder):
    """Places of words in ascending order, the weight of each, and that of a word that few texts have, in steps."""
    texts = sorted({row.text for row in corpus.attack_rows(folder) if row.harmless in KINDS})
    places = numpy.concatenate([windows[0] for windows in features.read(texts, "--words")])
    counts = numpy.bincount(places, minlength=features.SPACE)
    kept = numpy.flatnonzero(counts >= LEAST_TEXTS)
    steps = numpy.rint(PER_UNIT * numpy.log(len(texts) / counts[kept]))
    most = round(PER_UNIT * math.log(len(texts) / (LEAST_TEXTS - 1)))
    print(f"words: {len(texts)} texts, {len(kept)} words")
    return kept, steps, most, PER_UNIT

