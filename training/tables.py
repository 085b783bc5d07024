"""Writes what was trained as the tables of data that the gateway reads."""

import base64
import json
import pathlib
import zlib

import numpy

FOLDER = pathlib.Path(__file__).parent.parent / "src" / "detectors" / "classifiers"


def pack(places, columns):
    """Distances from place to place, seven bits to a byte, then the columns; raw DEFLATE in base64."""
    packed = bytearray()
    before = 0
    for place in places:
        distance = int(place) - before
        before = int(place)
        while distance >= 0x80:
            packed.append(distance & 0x7F | 0x80)
            distance >>= 7
        packed.append(distance)
    for column in columns:
        packed += column.astype(numpy.uint8).tobytes()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(deflate.compress(bytes(packed)) + deflate.flush()).decode("ascii")


def write_model(name, labels, model, anchors):
    scoring = "".join(
        f"    {label}: {{ scale: {float(scale)!r}, anchors: [{', '.join(repr(float(anchor)) for anchor in own)}] }},\n"
        for label, scale, own in zip(labels, model.scales, anchors)
    )
    table = pack(model.places, model.weights.T)
    names = ", ".join(f"'{label}'" for label in labels)
    kind = f"{name.capitalize()}Label"
    write(
        f"{name}-model.data.ts",
        f"import type {{ {kind} }} from './{name}.ts';\nimport type {{ LinearModel }} from './linear-model.ts';\n\n"
        f"// Written by training/train.py.\nexport const {name}Model: LinearModel<{kind}> = {{\n"
        f"  name: '{name}',\n  labels: [{names}],\n  rows: {len(model.places)},\n  scoring: {{\n{scoring}  }},\n"
        f"  packed:\n    '{table}',\n}};\n",
    )


def write_vectors(name, vectors):
    rows = "".join(f"  {json.dumps([text, scores])},\n" for text, scores in vectors)
    write(
        f"{name}-vectors.data.ts",
        "// Written by training/train.py.\n"
        f"export const {name}Vectors: readonly (readonly [text: string, scores: Readonly<Record<string, number>>])[] = [\n"
        f"{rows}];\n",
    )


def write_words(places, steps, most, per_unit):
    table = pack(places, [steps])
    write(
        "word-weights.data.ts",
        "// Written by training/train.py.\nexport const wordWeights = {\n"
        f"  rows: {len(places)},\n  columns: 1,\n  most: {most},\n  steps: {per_unit},\n  packed:\n    '{table}',\n}};\n",
    )


def write(name, text):
    (FOLDER / name).write_text(text)
    print(f"  {name}: {len(text)} bytes")
