"""Texts as the windows that the gateway reads, which of them are trained on, and what a text's windows come to."""

import dataclasses

import features
import model as models
import numpy
import scipy.sparse

# How strong, beside the strongest of its text, a window of an attack must be to count as one.
SHARE = 0.4


@dataclasses.dataclass
class Examples:
    rows: list
    matrix: scipy.sparse.csr_matrix
    # The row of each window; ascending.
    row_of: numpy.ndarray
    # By row and label: 1, 0, or not a number where it is not known.
    targets: numpy.ndarray
    weights: numpy.ndarray


def to_examples(rows, labels):
    windows_of = features.read([row.text for row in rows])
    counts = [len(windows) for windows in windows_of]
    targets = numpy.full((len(rows), len(labels)), numpy.nan)
    for index, row in enumerate(rows):
        for label, value in row.labels.items():
            targets[index, labels.index(label)] = value
    matrix = features.to_matrix([window for windows in windows_of for window in windows])
    weights = numpy.array([row.weight for row in rows]) / numpy.sqrt(counts)
    return Examples(rows, matrix, numpy.repeat(numpy.arange(len(rows)), counts), targets, weights)


def fit(examples, is_chosen, size, strength):
    """A model of the chosen rows. Of a long harmful text only some windows are: fitted first on all of them, then on
    those that the first fit found strong; the others say nothing."""
    is_window = is_chosen[examples.row_of]
    matrix, row_of = examples.matrix[is_window], examples.row_of[is_window]
    targets = examples.targets[row_of]
    first = models.fit(matrix, targets, balanced(targets, examples.weights[row_of]), size, strength)
    margins = first.margins(matrix)
    most = numpy.full(examples.targets.shape, -numpy.inf)
    numpy.maximum.at(most, row_of, margins)
    least = numpy.where(most > 0, most * SHARE, most)[row_of]
    targets = numpy.where((targets == 1) & (margins < least), numpy.nan, targets)
    return models.fit(matrix, targets, balanced(targets, examples.weights[row_of]), size, strength)


def balanced(targets, weights):
    """Weights by label with which few positives are not drowned, nor count as much as all the rest."""
    result = numpy.zeros(targets.shape)
    for label in range(targets.shape[1]):
        positive, negative = targets[:, label] == 1, targets[:, label] == 0
        ratio = numpy.sqrt(weights[negative].sum() / weights[positive].sum())
        result[:, label] = numpy.where(positive, weights * ratio, weights)
    return result / result.mean(axis=0)


def highest(examples, model):
    margins = model.margins(examples.matrix)
    most = numpy.full(examples.targets.shape, -numpy.inf)
    numpy.maximum.at(most, examples.row_of, margins)
    return most
