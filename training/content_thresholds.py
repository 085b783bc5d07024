"""For content 0.25, 0.5 and 0.75 are reached, label by label, by 5 %, 1 % and 0.2 % of harmless texts."""

import attack_thresholds
import thresholds

SHARES = (0.05, 0.01, 0.002)
# Posts are of forums and social media: not asked of a model, and rough without being harmful.
MIX = {"banking": 0.3, "other": 0.25, "everyday": 0.15, "wildguard": 0.15, "posts": 0.1, "trigger": 0.05}


def of(rows, margins):
    weights = thresholds.mix_weights(rows, MIX)
    return [
        attack_thresholds.spread([thresholds.quantile(column, weights, share) for share in SHARES]) for column in margins.T
    ]
