"""An application of pymilvus' MilvusClient, with keys from 5,000 on: high_level_client.py URI NAME."""

import sys

from pymilvus import MilvusClient

uri, name = sys.argv[1:]
client = MilvusClient(uri=uri)
strong = {"consistency_level": "Strong"}


def row(key, x):
    return {"id": key, "x": x, "v": [float(key)] * 4}


client.insert(name, [row(key, 1) for key in range(5000, 5020)])
client.upsert(name, [row(5001, 9), row(5030, 9)])
client.delete(name, pks=[5002, 5003])

found = client.query(name, "x == 9 and id >= 5000", output_fields=["id"], **strong)
assert sorted(each["id"] for each in found) == [5001, 5030], found
found = client.get(name, [5000, 5001, 5002], output_fields=["id", "x"], **strong)
assert {each["id"]: each["x"] for each in found} == {5000: 1, 5001: 9}, found
hits = client.search(name, [[5019.0] * 4], limit=2, output_fields=["x"], **strong)
assert [hit["id"] for hit in hits[0]] == [5019, 5018], hits
client.close()
