"""Logistic regression for each label, cut down to the features that count most and to bytes."""

import dataclasses

import numpy
from sklearn.linear_model import LogisticRegression

# A place that fewer windows have tells nothing for sure.
LEAST_WINDOWS = 3


@dataclasses.dataclass
class Model:
    # Ascending.
    places: numpy.ndarray
    # A row for each place, a column for each label.
    weights: numpy.ndarray
    # What a weight of 1 stands for, by label.
    scales: numpy.ndarray

    def margins(self, matrix):
        """As the gateway computes them, but for the order of the sums."""
        return (matrix[:, self.places] @ self.weights.astype(numpy.float32)) * self.scales

    def exact_margins(self, window):
        """Of one window, to the last bit as the gateway computes them."""
        rows = numpy.isin(self.places, window)
        sums = self.weights[rows].astype(numpy.int64).sum(axis=0)
        return [int(total) * float(scale) / float(numpy.sqrt(max(len(window), 1))) for total, scale in zip(sums, self.scales)]


def fit_one(matrix, targets, weights, strength):
    known = ~numpy.isnan(targets)
    solver = LogisticRegression(C=strength, solver="lbfgs", fit_intercept=False, max_iter=150, tol=1e-6)
    solver.fit(matrix[known], targets[known], sample_weight=weights[known])
    return solver.coef_[0]


def fit(matrix, targets, weights, size, strength):
    """`targets`: for each window and label 1, 0, or not a number where it is not known."""
    present = numpy.flatnonzero(numpy.bincount(matrix.indices, minlength=matrix.shape[1]) >= LEAST_WINDOWS)
    part = matrix[:, present]
    labels = range(targets.shape[1])
    first = numpy.stack([fit_one(part, targets[:, label], weights[:, label], strength) for label in labels], axis=1)
    spread = numpy.sqrt(numpy.bincount(part.indices, minlength=part.shape[1]))
    value = (numpy.abs(first) / numpy.abs(first).max(axis=0) * spread[:, None]).max(axis=1)
    kept = numpy.sort(numpy.argsort(-value, kind="stable")[:size])
    part = part[:, kept]
    second = numpy.stack([fit_one(part, targets[:, label], weights[:, label], strength) for label in labels], axis=1)
    scales = numpy.quantile(numpy.abs(second), 0.9995, axis=0) / 127
    whole = numpy.clip(numpy.rint(second / scales), -127, 127).astype(numpy.int8)
    return Model(present[kept], whole, scales)
