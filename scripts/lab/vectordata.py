"""Writes Parquet files with vectors of several kinds, as an export has them: vectordata.py DIR

Lists of required floats, PLAIN and not compressed, in pages of 1 MiB; the kinds differ in what a
model, a quantisation or a schema makes of the numbers. The same files at every run.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, DIMENSION = 40_000, 768
random = np.random.default_rng(7)


def unit(rows=ROWS):
    vectors = random.standard_normal((rows, DIMENSION), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def without_low_bits(vectors, bits):
    return (vectors.view(np.uint32) & np.uint32(0xFFFFFFFF << bits & 0xFFFFFFFF)).view(np.float32)


def grid(vectors):
    scale = np.abs(vectors).max() / 127
    return (np.rint(vectors / scale) * scale).astype(np.float32)


def lists(vectors):
    offsets = np.arange(0, vectors.size + 1, vectors.shape[1], dtype=np.int32)
    kind = pa.list_(pa.field("element", pa.float32(), nullable=False))
    return pa.ListArray.from_arrays(offsets, pa.array(vectors.ravel()), type=kind)


def write(path, columns):
    table = pa.table(columns)
    pq.write_table(
        table,
        path,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        data_page_size=1 << 20,
        store_schema=False,
    )


def mixed(rows=400_000):
    words = np.array("red green blue small large old new fast slow round".split())
    picked = words[random.integers(0, len(words), (rows, 6))]
    texts = [" ".join(row) for row in picked]
    scores = random.integers(0, 1000, rows)
    return {
        "id": pa.array(np.arange(rows, dtype=np.int64)),
        "title": pa.array(texts),
        "payload": pa.array(
            f'{{"score": {score}, "tags": ["{row[0]}", "{row[1]}"], "source": "catalogue"}}'
            for score, row in zip(scores, picked)
        ),
    }


def main():
    home = Path(sys.argv[1])
    home.mkdir(parents=True, exist_ok=True)
    vectors = unit()
    write(home / "unit-norm float32", {"vector": lists(vectors)})
    write(home / "float32 born bf16", {"vector": lists(without_low_bits(vectors, 16))})
    write(home / "13 low bits 0", {"vector": lists(without_low_bits(vectors, 13))})
    write(home / "int8 grid", {"vector": lists(grid(vectors))})
    halves = vectors.astype(np.float16).tobytes()
    width = 2 * DIMENSION
    rows = [halves[at : at + width] for at in range(0, len(halves), width)]
    write(home / "fp16 in BINARY", {"vector": pa.array(rows, type=pa.binary())})
    write(home / "ids, strings, JSON", mixed())


if __name__ == "__main__":
    main()
