"""Trains the classifiers of `src/detectors/classifiers` and writes their tables there: see README.md.

    python training/train.py --data ../shared/data
"""

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import attack_thresholds
import content_thresholds
import corpus
import measure
import numpy
import tables
import vectors
import windows
import word_weights

FOLDS = 4
# Features that are kept, and the inverse strength of regularisation.
ATTACK_SIZE, CONTENT_SIZE = 12_000, 20_000
STRENGTH = 30.0


def out_of_fold(examples, size):
    """The margin of each text by a model that has seen no text of its group: the highest of its windows."""
    margins = numpy.zeros((len(examples.rows), examples.targets.shape[1]))
    for fold in range(FOLDS):
        is_held = numpy.array([corpus.fold_of(row, FOLDS) == fold for row in examples.rows])
        model = windows.fit(examples, ~is_held, size, STRENGTH)
        margins[is_held] = windows.highest(examples, model)[is_held]
    return margins


def train(name, rows, labels, size, thresholds_of):
    examples = windows.to_examples(rows, labels)
    print(f"{name}: {len(rows)} texts, {examples.matrix.shape[0]} windows")
    held = out_of_fold(examples, size)
    anchors = thresholds_of(rows, held)
    measure.report(rows, labels, held, anchors)
    model = windows.fit(examples, numpy.ones(len(rows), dtype=bool), size, STRENGTH)
    tables.write_model(name, labels, model, anchors)
    tables.write_vectors(name, vectors.of(labels, model, anchors))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--only", choices=["attack", "content", "words"])
    options = parser.parse_args()
    if options.only in (None, "attack"):
        train("attack", corpus.attack_rows(options.data), corpus.ATTACK, ATTACK_SIZE, attack_thresholds.of)
    if options.only in (None, "content"):
        train("content", corpus.content_rows(options.data), corpus.CONTENT, CONTENT_SIZE, content_thresholds.of)
    if options.only in (None, "words"):
        tables.write_words(*word_weights.count(options.data))


if __name__ == "__main__":
    main()
