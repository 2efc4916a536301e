"""Clients that write all the time, and what a collection held at one moment by what the server told them.

  moments.py write URI COLLECTION RECORD STOP [--seed N] [--clients N] [--text]
  moments.py check ARCHIVE RECORD
  moments.py drop  URI COLLECTION

`write` makes the collection and lets clients insert, upsert, delete, flush and compact until the file STOP
is there. Each has keys of its own, so that it knows the order of their writes; their rows share segments.
RECORD gets every call that was answered, with the timestamp that the server gave it; of a delete it gives
none, so that of a moment before and of one after. --text makes the key a text.

`check` plays the calls back up to the timestamp of the archive's manifest, and compares: a row that was
acknowledged and not deleted must be there in its newest version, and nothing else. It ends with 1 otherwise.
"""

import argparse
import json
import random
import sys
import threading
import time
from pathlib import Path

DIMENSION = 8
KEYS = 4_000
TIMEOUT = 60


def key_of(number, text):
    return f'k"{number}\\é' if text else number * 7_919 - 10_000_000


def vector(version):
    return [float((version * 31 + i) % 1_000) for i in range(DIMENSION)]


def make(uri, name, text):
    from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, utility

    connect(uri, "default")
    if utility.has_collection(name):
        utility.drop_collection(name)
    key = (
        FieldSchema("id", DataType.VARCHAR, is_primary=True, max_length=100)
        if text
        else FieldSchema("id", DataType.INT64, is_primary=True)
    )
    fields = [
        key,
        FieldSchema("version", DataType.INT64),
        FieldSchema("vector", DataType.FLOAT_VECTOR, dim=DIMENSION),
    ]
    collection = Collection(name, CollectionSchema(fields), num_shards=2)
    collection.create_index(
        "vector", {"index_type": "FLAT", "metric_type": "L2", "params": {}}, timeout=TIMEOUT
    )
    collection.load(timeout=TIMEOUT)


def connect(uri, alias):
    from pymilvus import connections

    host, port = uri.removeprefix("http://").split(":")
    connections.connect(alias, host=host, port=port)


class Client(threading.Thread):
    def __init__(self, number, arguments, record, versions):
        super().__init__(name=f"client {number}")
        self.random = random.Random(arguments.seed * 1_000 + number)
        self.number, self.arguments = number, arguments
        self.record, self.versions = record, versions
        self.calls = 0

    def run(self):
        from pymilvus import Collection, MilvusException

        alias = f"c{self.number}"
        connect(self.arguments.uri, alias)
        collection = Collection(self.arguments.collection, using=alias)
        stop = Path(self.arguments.stop)
        while not stop.exists():
            try:
                self.call(collection)
            except MilvusException as e:
                # Not acknowledged: what became of it is not known, and no key of it is judged.
                print(f"{self.name}: {e}", file=sys.stderr)
            self.calls += 1

    def call(self, collection):
        kind = self.random.choices(["insert", "upsert", "delete", "flush", "compact"], [40, 30, 25, 3, 2])[0]
        if kind == "flush":
            return collection.flush(timeout=TIMEOUT)
        if kind == "compact":
            return collection.compact(timeout=TIMEOUT)
        text = self.arguments.text
        own = range(self.number, KEYS, self.arguments.clients)
        numbers = self.random.sample(own, self.random.randint(1, 60))
        keys = [key_of(number, text) for number in numbers]
        version = next(self.versions)
        entry = {"kind": kind, "keys": keys, "version": version, "from": self.moment(), "to": 0}
        self.record.write(entry)
        if kind == "delete":
            done = collection.delete(f"id in {json.dumps(keys, ensure_ascii=False)}", timeout=TIMEOUT)
        else:
            rows = [keys, [version] * len(keys), [vector(version)] * len(keys)]
            done = getattr(collection, kind)(rows, timeout=TIMEOUT)
        exact = {"from": done.timestamp, "to": done.timestamp} if done.timestamp else {"to": self.moment()}
        self.record.write(entry | exact)

    def moment(self):
        from pymilvus import connections
        from pymilvus.grpc_gen import milvus_pb2

        handler = connections._fetch_handler(f"c{self.number}")
        return handler._stub.AllocTimestamp(milvus_pb2.AllocTimestampRequest()).timestamp


class Record:
    def __init__(self, path):
        self.file = open(path, "w")
        self.lock = threading.Lock()

    def write(self, entry):
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()


class Versions:
    def __init__(self):
        self.last = 0
        self.lock = threading.Lock()

    def __next__(self):
        with self.lock:
            self.last += 1
            return self.last


def write(arguments):
    make(arguments.uri, arguments.collection, arguments.text)
    record, versions = Record(arguments.record), Versions()
    clients = [Client(i, arguments, record, versions) for i in range(arguments.clients)]
    print(json.dumps({"writing": arguments.collection}), flush=True)
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    print(json.dumps({"calls": sum(client.calls for client in clients)}), flush=True)


def truth(record, moment):
    """The version of each key at that moment, and the keys of which it cannot be said."""
    begun, held, unsure = {}, {}, set()
    for line in Path(record).read_text().splitlines():
        entry = json.loads(line)
        if not entry["to"]:
            begun[entry["version"]] = entry
            continue
        begun.pop(entry["version"], None)
        if entry["from"] > moment:
            continue
        for key in entry["keys"]:
            if entry["to"] > moment:
                unsure.add(key)
            elif entry["kind"] == "delete":
                held.pop(key, None)
            else:
                held[key] = entry["version"]
    return held, unsure | {key for entry in begun.values() for key in entry["keys"]}


def check(arguments):
    import pyarrow.parquet as parquet

    archive = Path(arguments.archive)
    manifest = json.loads((archive / "manifest.json").read_text())
    (collection,) = manifest["collections"]
    consistency = collection["consistency"]
    moment = int(consistency["timestamp"])
    held, unsure = truth(arguments.record, moment)
    found, wrong = {}, []
    for file in sorted((archive / "data" / collection["directory"]).rglob("*.parquet")):
        table = parquet.read_table(file)
        for key, version, values in zip(*(table[name].to_pylist() for name in ("id", "version", "vector"))):
            if key in found:
                wrong.append(f"key {key} is there twice")
            if values != vector(version):
                wrong.append(f"key {key} has another vector than that of version {version}")
            found[key] = version
    sure = lambda keys: sorted((key for key in keys if key not in unsure), key=str)
    lost = sure(held.keys() - found.keys())
    kept = sure(found.keys() - held.keys())
    stale = sure(key for key in held.keys() & found.keys() if held[key] != found[key])
    wrong += [f"lost: {key}, version {held[key]}" for key in lost]
    wrong += [f"deleted, but there: {key}, version {found[key]}" for key in kept]
    wrong += [f"key {key} has version {found[key]}, not {held[key]}" for key in stale]
    if consistency["mode"] != "snapshot":
        wrong.append(f"the archive is {consistency['mode']}")
    for line in wrong[:20]:
        print(line)
    report = {"rows": len(found), "lost": len(lost), "kept": len(kept), "stale": len(stale), "unsure": len(unsure)}
    print(json.dumps(report | {"ok": not wrong}))
    return 1 if wrong else 0


def drop(arguments):
    from pymilvus import Collection

    connect(arguments.uri, "default")
    Collection(arguments.collection).release(timeout=TIMEOUT)
    Collection(arguments.collection).drop(timeout=TIMEOUT)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    for name in ("uri", "collection", "record", "stop"):
        writing.add_argument(name)
    writing.add_argument("--seed", type=int, default=int(time.time()))
    writing.add_argument("--clients", type=int, default=4)
    writing.add_argument("--text", action="store_true")
    checking = commands.add_parser("check")
    for name in ("archive", "record"):
        checking.add_argument(name)
    dropping = commands.add_parser("drop")
    for name in ("uri", "collection"):
        dropping.add_argument(name)
    arguments = parser.parse_args()
    return {"write": write, "check": check, "drop": drop}[arguments.command](arguments)


if __name__ == "__main__":
    sys.exit(main())
