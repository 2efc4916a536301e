"""What writing parts is measured against, and who reads what was written. Runs on peers.txt.

partpeers.py make FILE ROWS DIM                unit-norm vectors as little-endian floats, seeded
partpeers.py write FILE DIM TARGET WARM RUNS   pyarrow: list, required elements, PLAIN
partpeers.py read FILE DIM TARGET WARM RUNS    pyarrow reads TARGET
partpeers.py check FILE DIM TARGET...          pyarrow and DuckDB find the vectors of FILE in all
"""

import os
import sys
import time

import duckdb
import numpy
import pyarrow
import pyarrow.parquet

ROW_GROUP_BYTES = 64 << 20


def make(path, rows, dim):
    random = numpy.random.default_rng(int(dim))
    vectors = random.standard_normal((int(rows), int(dim)), dtype=numpy.float32)
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    vectors.tofile(path)


def table(path, dim):
    flat = numpy.fromfile(path, numpy.float32)
    rows = len(flat) // dim
    element = pyarrow.field("element", pyarrow.float32(), nullable=False)
    offsets = pyarrow.array(numpy.arange(0, len(flat) + 1, dim, dtype=numpy.int32))
    vectors = pyarrow.ListArray.from_arrays(
        offsets, pyarrow.array(flat), type=pyarrow.list_(element)
    )
    fields = [
        pyarrow.field("id", pyarrow.int64(), nullable=False),
        pyarrow.field("vector", pyarrow.list_(element), nullable=False),
    ]
    columns = [pyarrow.array(numpy.arange(rows, dtype=numpy.int64)), vectors]
    return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields))


def measure(work, before, warm, runs):
    for run in range(int(warm) + int(runs)):
        before()
        began, used = time.monotonic(), time.process_time()
        work()
        if run >= int(warm):
            print(f"{time.monotonic() - began:.4f};{time.process_time() - used:.4f}")


def write(path, dim, target, warm, runs):
    rows = table(path, int(dim))
    pyarrow.set_cpu_count(1)

    def work():
        pyarrow.parquet.write_table(
            rows,
            target,
            compression="none",
            use_dictionary=False,
            write_statistics=False,
            row_group_size=ROW_GROUP_BYTES // (4 * int(dim)),
            store_schema=False,
        )
        with open(target, "rb") as written:
            os.fsync(written.fileno())

    measure(work, lambda: os.path.exists(target) and os.remove(target), warm, runs)


def read(path, dim, target, warm, runs):
    expected = os.path.getsize(path) // (4 * int(dim))

    def work():
        if pyarrow.parquet.read_table(target, use_threads=False).num_rows != expected:
            sys.exit(f"{target} has other rows")

    measure(work, lambda: None, warm, runs)


def check(path, dim, *targets):
    expected = numpy.fromfile(path, numpy.uint32)
    rows = len(expected) // int(dim)
    for target in targets:
        vectors = pyarrow.parquet.read_table(target)["vector"].combine_chunks()
        require(target, "pyarrow", vectors.values.to_numpy(), expected)
        found = duckdb.sql(f"select id, vector from '{target}' order by id").to_arrow_table()
        require(target, "DuckDB", found["vector"].combine_chunks().values.to_numpy(), expected)
        if found["id"].to_pylist() != list(range(rows)):
            sys.exit(f"DuckDB finds other keys in {target}")


def require(target, reader, values, expected):
    if not numpy.array_equal(numpy.asarray(values, numpy.float32).view(numpy.uint32), expected):
        sys.exit(f"{reader} finds other vectors in {target}")


if __name__ == "__main__":
    commands = {"make": make, "write": write, "read": read, "check": check}
    commands[sys.argv[1]](*sys.argv[2:])
