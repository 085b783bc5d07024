"""For attacks 0.25, 0.5 and 0.75 are reached by 3 %, 1 % and 0.2 % of harmless texts, all labels together."""

import numpy
import thresholds

SHARES = (0.03, 0.01, 0.002)
# Harmless texts with words of attacks in them, prompts meant to look harmful, and what is asked of banks and assistants.
MIX = {"trigger": 0.16, "wildguard": 0.24, "banking": 0.34, "other": 0.14, "role": 0.06, "everyday": 0.06}


def of(rows, margins):
    """By label the three anchors. Each label gets the same part of what all of them may reach."""
    weights = thresholds.mix_weights(rows, MIX)

    def reached(share):
        limits = [thresholds.quantile(column, weights, share) for column in margins.T]
        return limits, weights[(margins > limits).any(axis=1)].sum()

    anchors = []
    for share in SHARES:
        low, high = share / margins.shape[1] / 4, share
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if reached(middle)[1] <= share else (low, middle)
        anchors.append(reached(low)[0])
    return [spread(column) for column in numpy.array(anchors).T]


# The margin of a text of which nothing is known is 0: in another script it must not reach even the lowest anchor.
LOWEST = 0.1


def spread(anchors):
    """Ascending, with room between them: few texts decide the highest."""
    low = max(anchors[0], LOWEST)
    middle = max(anchors[1], 2 * low)
    return [low, middle, max(anchors[2], 1.5 * middle)]
