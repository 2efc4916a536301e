"""An application, as a migration meets it: clients that write and read until they are told to stop.

  traffic.py make URI COLLECTION                     a collection with rows that nobody changes
  traffic.py write URI COLLECTION RECORD STOP [N [FIRST]]   N clients insert, upsert and delete
  traffic.py read URI COLLECTION RECORD STOP         searches and queries, and checks the answers
  traffic.py check URI COLLECTION RECORD...          the collection against records of `write`

The clients run until the file STOP is there. RECORD takes what they know: for every key the version
that the server acknowledged last (0: deleted), the keys whose last write had no answer, and every
error that came through pymilvus. `check` ends with 1 unless the server holds exactly that. It looks again
for a minute before it says so: Milvus 2.3.5 shows old rows for a while after many deletes. Then it
releases and loads the collection, says what it showed of single rows before and after that, and looks a
last time: rows that a server has and does not show are not lost. Clients are numbered from FIRST, and each
number has keys of its own.
"""

import json
import random
import sys
import threading
import time
from pathlib import Path

from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, connections, utility

DIMENSION = 32
STILL = 2_000  # keys below are written once, before anything else
RANGE = 10_000_000  # each client has keys of its own, so that it knows their order of writes
TIMEOUT = 120
PATIENCE = 60  # of `check`, in seconds


def vector(key, version):
    source = random.Random(key * 1_000_003 + version)
    return [source.uniform(-1, 1) for _ in range(DIMENSION)]


def columns(keys, version):
    return [
        list(keys),
        [version] * len(keys),
        [f'{"é" if key % 2 else ""}key "{key}" \\ {version}' for key in keys],
        [vector(key, version) for key in keys],
    ]


def make(uri, name):
    connect(uri)
    if utility.has_collection(name):
        utility.drop_collection(name)
    fields = [
        FieldSchema("id", DataType.INT64, is_primary=True),
        FieldSchema("version", DataType.INT64),
        FieldSchema("text", DataType.VARCHAR, max_length=200),
        FieldSchema("vector", DataType.FLOAT_VECTOR, dim=DIMENSION),
    ]
    collection = Collection(name, CollectionSchema(fields, "traffic"), consistency_level="Session")
    collection.insert(columns(range(STILL), 1))
    collection.flush()
    collection.create_index(
        "vector", {"index_type": "FLAT", "metric_type": "L2", "params": {}}, timeout=TIMEOUT
    )
    collection.load(timeout=TIMEOUT)
    print(json.dumps({"collection": name, "rows": STILL}))


class Writer(threading.Thread):
    """One client with keys of its own."""

    def __init__(self, number, uri, name, stop):
        super().__init__(name=f"writer {number}")
        self.random = random.Random(number)
        self.next = RANGE * (number + 1)
        self.alias, self.uri, self.collection, self.stop = f"w{number}", uri, name, stop
        self.known, self.unsure, self.errors, self.calls = {}, set(), [], 0
        self.slowest = 0.0

    def run(self):
        connect(self.uri, self.alias)
        collection = Collection(self.collection, using=self.alias)
        version = 1
        while not self.stop.exists():
            version += 1
            self.step(collection, version)
            time.sleep(self.random.uniform(0.05, 0.25))

    def step(self, collection, version):
        live = [key for key in list(self.known)[-400:] if self.known[key]]
        live = [key for key in live if key not in self.unsure]
        dice = self.random.random()
        if dice < 0.5 or len(live) < 20:
            keys = list(range(self.next, self.next + self.random.randint(1, 20)))
            self.next += len(keys)
            self.write(keys, version, lambda: collection.insert(columns(keys, version), timeout=TIMEOUT))
        elif dice < 0.8:
            keys = self.random.sample(live, self.random.randint(1, 10))
            self.write(keys, version, lambda: collection.upsert(columns(keys, version), timeout=TIMEOUT))
        else:
            keys = self.random.sample(live, self.random.randint(1, 5))
            self.write(keys, 0, lambda: collection.delete(f"id in {keys}", timeout=TIMEOUT))

    def write(self, keys, version, call):
        began = time.monotonic()
        try:
            call()
        except Exception as failure:  # whatever pymilvus lets through is what an application sees
            self.errors.append(f"{type(failure).__name__}: {failure}"[:300])
            self.unsure.update(keys)
            time.sleep(0.2)
        else:
            for key in keys:
                self.known[key] = version
            self.calls += 1
        self.slowest = max(self.slowest, time.monotonic() - began)


def write(uri, name, record, stop, clients="4", first="0"):
    numbers = range(int(first), int(first) + int(clients))
    writers = [Writer(number, uri, name, Path(stop)) for number in numbers]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    known = {str(key): 1 for key in range(STILL)}
    for writer in writers:
        known |= {str(key): version for key, version in writer.known.items()}
    told = {
        "calls": sum(writer.calls for writer in writers),
        "slowest": round(max(writer.slowest for writer in writers), 3),
        "errors": [error for writer in writers for error in writer.errors],
        "unsure": sorted(key for writer in writers for key in writer.unsure),
        "known": known,
    }
    Path(record).write_text(json.dumps(told))
    print(json.dumps(summary(told)))


def read(uri, name, record, stop):
    connect(uri)
    collection = Collection(name)
    told = {"calls": 0, "slowest": 0.0, "errors": [], "wrong": []}
    source = random.Random(7)
    while not Path(stop).exists():
        key, began = source.randrange(STILL), time.monotonic()
        level = source.choice(["Strong", "Session", "Bounded", "Eventually"])
        try:
            if source.random() < 0.5:
                found = collection.query(
                    f"id == {key}", ["version", "text"], consistency_level=level, timeout=TIMEOUT
                )
                right = [row["version"] for row in found] == [1]
            else:
                hits = collection.search(
                    [vector(key, 1)],
                    "vector",
                    {"metric_type": "L2"},
                    3,
                    consistency_level=level,
                    timeout=TIMEOUT,
                )
                right = hits[0].ids[:1] == [key]
            if not right:
                told["wrong"].append(f"{level} {key}")
        except Exception as failure:  # as an application sees it
            told["errors"].append(f"{type(failure).__name__}: {failure}"[:300])
            time.sleep(0.2)
        told["calls"] += 1
        told["slowest"] = max(told["slowest"], round(time.monotonic() - began, 3))
    Path(record).write_text(json.dumps(told))
    print(json.dumps(summary(told)))


def check(uri, name, *records):
    connect(uri)
    unsure, wanted = set(), {}
    for record in records:
        told = json.loads(Path(record).read_text())
        unsure |= set(told["unsure"])
        wanted |= {int(key): version for key, version in told["known"].items() if version}
    deadline, looks, collection = time.monotonic() + PATIENCE, 0, Collection(name)
    reloaded = False
    while True:
        looks += 1
        found = rows(collection)
        wrong = sorted(
            key
            for key in wanted.keys() | found.keys()
            if key not in unsure and wanted.get(key) != found.get(key)
        )
        if not wrong or reloaded:
            break
        if time.monotonic() > deadline:
            print(f"{uri} before it loads again: {seen(collection, wrong[:20])}")
            collection.release(timeout=TIMEOUT)
            collection.load(timeout=TIMEOUT)
            print(f"{uri} after it loaded again: {seen(collection, wrong[:20])}")
            reloaded = True
        time.sleep(2)
    told = {"rows": len(found), "unsure": len(unsure), "wrong": len(wrong), "looks": looks}
    print(json.dumps({"uri": uri} | told))
    for key in wrong[:20]:
        print(f"  key {key}: acknowledged {wanted.get(key)}, found {found.get(key)}")
    return 1 if wrong else 0


def seen(collection, keys):
    """What a server says of single rows, and how many it counts."""
    options = {"consistency_level": "Strong", "timeout": TIMEOUT}
    found = collection.query(f"id in {keys}", ["version"], **options)
    count = collection.query("", ["count(*)"], **options)
    return {"rows": {row["id"]: row["version"] for row in found}, "count": count[0]["count(*)"]}


def rows(collection):
    """Key and version of every row, page by page in the order of the keys."""
    found, last = {}, -1
    while True:
        page = collection.query(
            f"id > {last}",
            ["version"],
            limit=5_000,
            consistency_level="Strong",
            timeout=TIMEOUT,
        )
        if not page:
            return found
        found |= {row["id"]: row["version"] for row in page}
        last = max(row["id"] for row in page)


def summary(told):
    return {
        key: len(value) if isinstance(value, (list, dict)) else value for key, value in told.items()
    } | {"firstErrors": told["errors"][:3]}


def connect(uri, alias="default"):
    connections.connect(alias, uri=uri, timeout=TIMEOUT)


if __name__ == "__main__":
    action = {"make": make, "write": write, "read": read, "check": check}[sys.argv[1]]
    sys.exit(action(*sys.argv[2:]))
