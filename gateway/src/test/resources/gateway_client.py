"""What an application does with a collection of id, x and v (4 floats): gateway_client.py URI NAME."""

import sys

from pymilvus import Collection, DataType, FieldSchema, CollectionSchema, connections, utility

uri, name = sys.argv[1:]
connections.connect(uri=uri)
assert utility.get_server_version().startswith("v2"), utility.get_server_version()

rows = Collection(name)
keys = list(range(1000))
rows.insert([keys, [1] * 1000, [[float(key)] * 4 for key in keys]])
rows.upsert([[1, 2], [7, 7], [[1.0] * 4, [2.0] * 4]])
rows.delete("id in [5, 6]")
rows.delete("x == 7")

for level in ("Strong", "Session", "Bounded", "Eventually"):
    rows.query("id < 10", output_fields=["x"], consistency_level=level)
strong = rows.query("id < 10", output_fields=["x"], consistency_level="Strong")
assert sorted(row["id"] for row in strong) == [0, 3, 4, 7, 8, 9], strong

near = rows.search([[3.0] * 4], "v", {"metric_type": "L2"}, limit=3, consistency_level="Strong")
assert near[0].ids[0] == 3, near

seen = []
pages = rows.query_iterator(batch_size=100, expr="id >= 0", output_fields=["x"])
while page := pages.next():
    seen += [row["id"] for row in page]
pages.close()
assert len(seen) == len(set(seen)) == 996, len(seen)

hits = []
pages = rows.search_iterator([[0.0] * 4], "v", {"metric_type": "L2"}, batch_size=50, limit=300)
while page := pages.next():
    hits += list(page.ids())
pages.close()
assert len(hits) == len(set(hits)) == 300, (len(hits), len(set(hits)))

other = Collection(
    name + "_py",
    CollectionSchema(
        [
            FieldSchema("key", DataType.VARCHAR, max_length=50, is_primary=True),
            FieldSchema("v", DataType.FLOAT_VECTOR, dim=4),
        ],
        enable_dynamic_field=True,
    ),
)
other.insert([{"key": f'"{n}\\', "v": [0.0] * 4, "n": n} for n in range(10)])
other.create_partition("p")
utility.create_alias(name + "_py", name + "_alias")
utility.drop_alias(name + "_alias")
other.flush()
assert other.num_entities == 10
other.drop()
assert not utility.has_collection(name + "_py")
