"""Clients of a gateway, measured beside the direct way and Nginx: one line of JSON.

  gatewaybench.py make   SERVER...                               a collection `gate` on each of them
  gatewaybench.py search DIRECT GATEWAY NGINX N                  milliseconds of N single searches
  gatewaybench.py insert DIRECT GATEWAY TARGET N                 milliseconds of N inserts of 1,000

Ways take turns, in changing order, so that what else the machine does hits all of them alike. The
control of inserts is what a gateway is there for, done by hand: a second client writes the same rows
to the target at the same time.
"""

import json
import random
import statistics
import sys
import threading
import time

from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, connections, utility

NAME, DIMENSION, ROWS, BATCH = "gate", 128, 20_000, 1_000
TURN = 50  # calls of one way before the next one has its turn
WARM = 30  # inserts of each way that do not count


def connect(uri):
    connections.connect(uri, uri=uri)
    return uri


def vectors(count, seed):
    source = random.Random(seed)
    return [[source.random() for _ in range(DIMENSION)] for _ in range(count)]


def make(*servers):
    fields = [
        FieldSchema("id", DataType.INT64, is_primary=True),
        FieldSchema("v", DataType.FLOAT_VECTOR, dim=DIMENSION),
    ]
    for server in map(connect, servers):
        if utility.has_collection(NAME, using=server):
            utility.drop_collection(NAME, using=server)
        collection = Collection(NAME, CollectionSchema(fields), using=server)
        for first in range(0, ROWS, 5_000):
            collection.insert([list(range(first, first + 5_000)), vectors(5_000, first)])
        collection.flush()
        index = {"index_type": "HNSW", "metric_type": "L2"}
        collection.create_index("v", index | {"params": {"M": 16, "efConstruction": 100}})
        collection.load()
    return {}


def search(direct, gateway, nginx, count):
    ways = {"direct": direct, "gateway": gateway, "nginx": nginx}
    collections = {way: Collection(NAME, using=connect(uri)) for way, uri in ways.items()}
    queries = vectors(200, -1)
    took = {way: [] for way in ways}

    def one(way, query):
        began = time.perf_counter()
        collections[way].search(
            [query], "v", {"metric_type": "L2", "params": {"ef": 64}}, limit=10, timeout=60
        )
        return (time.perf_counter() - began) * 1000

    for way in ways:
        for query in queries:
            one(way, query)
    order = random.Random(7)
    while min(map(len, took.values())) < int(count):
        for way in order.sample(list(ways), len(ways)):
            took[way] += [one(way, query) for query in queries[:TURN]]
    return took


def insert(direct, gateway, target, count):
    there = Collection(NAME, using=connect(target))
    ways = {"direct": direct, "gateway": gateway}
    ways = {way: Collection(NAME, using=connect(uri)) for way, uri in ways.items()}
    took = {"direct": [], "control": [], "gateway": []}
    rows = vectors(BATCH, -2)
    next_key = [10_000_000]

    def one(way):
        first = next_key[0]
        next_key[0] += BATCH
        batch = [list(range(first, first + BATCH)), rows]
        second = threading.Thread(target=there.insert, args=(batch,)) if way == "control" else None
        began = time.perf_counter()
        if second:
            second.start()
        ways["gateway" if way == "gateway" else "direct"].insert(batch)
        took[way].append((time.perf_counter() - began) * 1000)
        if second:
            second.join()

    for way in took:
        for _ in range(WARM):
            one(way)
    for values in took.values():
        values.clear()
    order = random.Random(7)
    while min(map(len, took.values())) < int(count):
        for way in order.sample(list(took), len(took)):
            for _ in range(10):
                one(way)
    return took


if __name__ == "__main__":
    took = {"make": make, "search": search, "insert": insert}[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({way: statistics.median(values) for way, values in took.items()}))
