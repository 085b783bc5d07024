"""Margins that so many harmless texts reach, of the mix of harmless texts that a threshold is meant for."""

import numpy


def mix_weights(rows, mix):
    """How much each row counts: the kinds of harmless text by their shares in `mix`, all other rows nothing."""
    kinds = numpy.array([row.harmless for row in rows])
    weights = numpy.zeros(len(rows))
    for kind, share in mix.items():
        count = (kinds == kind).sum()
        if count == 0:
            raise ValueError(f"there is no harmless text of the kind {kind}")
        weights[kinds == kind] = share / count
    return weights / weights.sum()


def quantile(values, weights, share):
    """The value that a `share` of the weight lies above."""
    order = numpy.argsort(values)
    above = 1 - numpy.cumsum(weights[order])
    return float(values[order][numpy.searchsorted(-above, -share)])
