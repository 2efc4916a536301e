"""What ferry is measured against: pymilvus, used as its documents say. Runs on requirements.txt.

benchdata.py fill URI NAME ROWS DIM INDEX   a collection with int64 keys, a label, a float vector
benchdata.py export URI NAME FILE           query_iterator, batches of 10,000, Parquet by pyarrow
benchdata.py import URI NAME DIM FILE...    what ferry does too: create, load files, index, load
benchdata.py copy URI NAME,NAME... TARGET BATCH   the usual script: iterate, insert, flush, index
benchdata.py drop URI NAME
"""

import sys
import time

import numpy
import pyarrow
import pyarrow.parquet
from pymilvus import (
    BulkInsertState,
    Collection,
    CollectionSchema,
    DataType,
    FieldSchema,
    connections,
    utility,
)

BATCH = 10_000
INDEXES = {
    "FLAT": {"index_type": "FLAT", "metric_type": "L2", "params": {}},
    "IVF_FLAT": {"index_type": "IVF_FLAT", "metric_type": "L2", "params": {"nlist": 128}},
}


def create(name, dim):
    fields = [
        FieldSchema("id", DataType.INT64, is_primary=True),
        FieldSchema("label", DataType.VARCHAR, max_length=32),
        FieldSchema("vector", DataType.FLOAT_VECTOR, dim=dim),
    ]
    return Collection(name, CollectionSchema(fields))


def count(collection):
    (answer,) = collection.query("", output_fields=["count(*)"], consistency_level="Strong")
    return answer["count(*)"]


def fill(name, rows, dim, index):
    rows, dim = int(rows), int(dim)
    collection = create(name, dim)
    random = numpy.random.default_rng(rows)
    batch = min(BATCH, 30_000_000 // (4 * dim))  # below the 64 MB that a message may have
    for first in range(0, rows, batch):
        keys = list(range(first, min(rows, first + batch)))
        vectors = random.standard_normal((len(keys), dim), dtype=numpy.float32)
        collection.insert([keys, [f"label {key % 1000}" for key in keys], list(vectors)])
    collection.flush()
    collection.create_index("vector", INDEXES[index])
    utility.wait_for_index_building_complete(name)
    collection.load()
    print(f"{name}: {count(collection)} rows")


def export(name, path):
    collection = Collection(name)
    dim = next(f.params["dim"] for f in collection.schema.fields if f.name == "vector")
    vector = pyarrow.list_(pyarrow.field("element", pyarrow.float32(), nullable=False))
    schema = pyarrow.schema(
        [
            pyarrow.field("id", pyarrow.int64(), nullable=False),
            pyarrow.field("label", pyarrow.string(), nullable=False),
            pyarrow.field("vector", vector, nullable=False),
        ]
    )
    rows = 0
    pages = collection.query_iterator(BATCH, output_fields=schema.names, consistency_level="Strong")
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while page := pages.next():
            flat = numpy.array([row["vector"] for row in page], numpy.float32).reshape(-1)
            offsets = pyarrow.array(range(0, len(flat) + 1, dim), pyarrow.int32())
            columns = [
                pyarrow.array([row["id"] for row in page], pyarrow.int64()),
                pyarrow.array([row["label"] for row in page], pyarrow.string()),
                pyarrow.ListArray.from_arrays(offsets, pyarrow.array(flat), type=vector),
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
            rows += len(page)
    pages.close()
    expected = count(collection)
    if rows != expected:
        sys.exit(f"the iterator gave {rows} rows of {expected}")


def bulk_import(name, dim, *files):
    collection = create(name, int(dim))
    tasks = [utility.do_bulk_insert(name, [file]) for file in files]
    rows = 0
    for task in tasks:
        while (
            state := utility.get_bulk_insert_state(task)
        ).state != BulkInsertState.ImportCompleted:
            if state.state in (
                BulkInsertState.ImportFailed,
                BulkInsertState.ImportFailedAndCleaned,
            ):
                sys.exit(f"bulk insert failed: {state.failed_reason}")
            time.sleep(0.1)
        rows += state.row_count
    collection.create_index("vector", INDEXES["IVF_FLAT"])
    utility.wait_for_index_building_complete(name)
    collection.load()
    while count(collection) != rows:
        time.sleep(0.1)


def copy(names, target, batch):
    """One collection after the other, pages of dictionaries, as scripts for this do."""
    connections.connect("target", uri=target)
    for name in names.split(","):
        source = Collection(name)
        copied = Collection(name, source.schema, using="target")
        fields = [field.name for field in source.schema.fields]
        pages = source.query_iterator(int(batch), output_fields=fields, consistency_level="Strong")
        while page := pages.next():
            copied.insert(page)
        pages.close()
        copied.flush()
        copied.create_index("vector", INDEXES["IVF_FLAT"])
        utility.wait_for_index_building_complete(name, using="target")
        copied.load()
        if (rows := count(copied)) != (expected := count(source)):
            sys.exit(f"{name}: {rows} rows of {expected} arrived")


def main(command, uri, name, *arguments):
    connections.connect(uri=uri)
    if command == "drop":
        utility.drop_collection(name)
    else:
        commands = {"fill": fill, "export": export, "import": bulk_import, "copy": copy}
        commands[command](name, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
