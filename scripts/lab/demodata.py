"""The collections of the demo; runs on the Python of requirements.txt.

  demodata.py load URI DIGITS.csv.gz      makes and fills the collections
  demodata.py search URI URI              asks both servers the same questions

Each prints one line of JSON per collection. `digits` is real data: 1,797 handwritten digits of
8 x 8 pixels from the UCI repository. `products` is generated from a fixed seed, and is as varied as a
collection of a shop may be: keys with quotes and backslashes, JSON, arrays, a dynamic field,
partitions, an alias.
"""

import gzip
import json
import sys
import time

import numpy
from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, connections, utility

PRODUCTS, DIMENSION, BATCH, SEED = 100_000, 128, 5_000, 20240119
PARTITIONS = ("europe", "america", "asia")
CLUSTERS = 128
QUERIES, TOP = 100, 10


def field(name, kind, **options):
    return FieldSchema(name, getattr(DataType, kind), **options)


def make(server, name, fields, description, **options):
    schema = CollectionSchema(
        fields, description, enable_dynamic_field=options.pop("dynamic", False)
    )
    return Collection(name, schema, using=server, **options)


def index_and_load(collection, vector, index):
    collection.flush()
    collection.create_index(vector, index)
    collection.load()


def load_digits(server, csv):
    with gzip.open(csv, "rt") as text:
        table = numpy.loadtxt(text, delimiter=",")
    fields = [
        field("id", "INT64", is_primary=True),
        field("digit", "INT8", description="what was written"),
        field("pixels", "FLOAT_VECTOR", dim=64, description="8 x 8, from 0 (white) to 16 (black)"),
    ]
    digits = make(server, "digits", fields, "UCI handwritten digits", consistency_level="Strong")
    pixels = table[:, :64].astype(numpy.float32)
    digits.insert([list(range(len(table))), table[:, 64].astype(int).tolist(), pixels.tolist()])
    index_and_load(digits, "pixels", {"index_type": "FLAT", "metric_type": "L2", "params": {}})
    return digits


def product(number, random):
    """One row without its vector; everything in it follows from the number and the generator."""
    spice = ("", "'s", ' 24" wide', "\\large", " größe", "")[number % 6]
    row = {
        "sku": f"sku-{(number * 7919) % PRODUCTS:06d}{spice}",
        "price": round(float(random.gamma(2.0, 25.0)), 2),
        "stock": int(random.integers(0, 500)),
        "rating": float(numpy.float32(random.uniform(1, 5))),
        "available": bool(random.random() < 0.9),
        "tags": [f"tag-{tag}" for tag in random.integers(0, 40, number % 5)],
        "sold": [int(week) for week in random.integers(0, 1000, number % 4)],
        "attributes": {"colour": ["red", "green", "blue"][number % 3], "size": {"cm": number % 97}},
    }
    if number % 10 == 0:
        row["campaign"] = f"spring {number % 7}"  # not in the schema: lands in the dynamic field
    return row


def load_products(server):
    fields = [
        field("sku", "VARCHAR", is_primary=True, max_length=64),
        field("price", "DOUBLE"),
        field("stock", "INT32"),
        field("rating", "FLOAT"),
        field("available", "BOOL"),
        field("tags", "ARRAY", element_type=DataType.VARCHAR, max_capacity=8, max_length=16),
        field("sold", "ARRAY", element_type=DataType.INT64, max_capacity=8),
        field("attributes", "JSON"),
        field("embedding", "FLOAT_VECTOR", dim=DIMENSION),
    ]
    products = make(server, "products", fields, "a generated shop", dynamic=True, num_shards=2)
    for partition in PARTITIONS:
        products.create_partition(partition)
    random = numpy.random.default_rng(SEED)
    for batch, first in enumerate(range(0, PRODUCTS, BATCH)):
        vectors = random.standard_normal((BATCH, DIMENSION), dtype=numpy.float32)
        vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [
            product(first + offset, random) | {"embedding": vector.tolist()}
            for offset, vector in enumerate(vectors)
        ]
        partition = (*PARTITIONS, "_default")[batch % (len(PARTITIONS) + 1)]
        products.insert(rows, partition_name=partition)
    index = {"index_type": "IVF_FLAT", "metric_type": "IP", "params": {"nlist": CLUSTERS}}
    index_and_load(products, "embedding", index)
    utility.create_alias("products", "catalogue", using=server)
    return products


def load(uri, csv):
    connections.connect("source", uri=uri)
    for fill in (lambda: load_digits("source", csv), lambda: load_products("source")):
        began = time.monotonic()
        collection = fill()
        (answer,) = collection.query("", output_fields=["count(*)"], consistency_level="Strong")
        report = {"name": collection.name, "rows": answer["count(*)"]}
        print(json.dumps(report | {"seconds": round(time.monotonic() - began, 1)}), flush=True)


# --- the same questions to both sides

SEARCHES = {
    # Both are exact, so that both sides must agree whatever their segments look like: FLAT always
    # is, and IVF_FLAT is when it looks into all its clusters.
    "digits": {"anns_field": "pixels", "param": {"metric_type": "L2", "params": {}}},
    "products": {
        "anns_field": "embedding",
        "param": {"metric_type": "IP", "params": {"nprobe": CLUSTERS}},
    },
}


def questions(name):
    random = numpy.random.default_rng(SEED + 1)
    if name == "digits":
        return random.integers(0, 17, (QUERIES, 64)).astype(numpy.float32).tolist()
    return random.standard_normal((QUERIES, DIMENSION), dtype=numpy.float32).tolist()


def answers(server, name, question):
    collection = Collection(name, using=server)
    collection.load()
    hits = collection.search(question, limit=TOP, consistency_level="Strong", **SEARCHES[name])
    return [[(hit.distance, hit.id) for hit in found] for found in hits]


def same(left, right):
    """Equal scores in order, and equal keys; only keys that tie for the last place may differ."""
    if len(left) != TOP or [score for score, _ in left] != [score for score, _ in right]:
        return False
    last = left[-1][0]
    return {hit for hit in left if hit[0] != last} == {hit for hit in right if hit[0] != last}


def search(left, right):
    """Whether every question had the same answer on both sides; the first difference is printed."""
    connections.connect("left", uri=left)
    connections.connect("right", uri=right)
    agreed = True
    for name in SEARCHES:
        question = questions(name)
        pairs = list(zip(answers("left", name, question), answers("right", name, question)))
        differing = [pair for pair in pairs if not same(*pair)]
        report = {"name": name, "questions": len(pairs), "top": TOP}
        report |= {"same": len(pairs) - len(differing)}
        if differing:
            report |= {"example": differing[0]}
        print(json.dumps(report), flush=True)
        agreed = agreed and not differing
    return agreed


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "load":
        load(*arguments)
    elif command == "search":
        sys.exit(0 if search(*arguments) else 4)
    else:
        sys.exit(f"demodata.py: there is no command {command}")
