"""Fills a server with every type it holds, and reads two servers value by value, without ferry.

  typesdata.py held URI                        what the server holds, found by trying
  typesdata.py fill URI NAME HELD.json...      collections NAME_... of all that every HELD holds
  typesdata.py same URI NAME URI NAME          whether all values of both are the same, bit for bit
  typesdata.py drop URI NAME                   drops them

Runs on a Python with a newer pymilvus, such as milvus-lite's own. Each prints one line of JSON.
Exit status: 0 done or the same, 1 not the same.
"""

import json
import struct
import sys
import time

from pymilvus import MilvusClient
from pymilvus.grpc_gen import common_pb2, schema_pb2

from typevalues import DEFAULTS, ELEMENTS, KINDS, TEXTS, VECTORS, Field, Rows
from wire import Refused, Server, column, dynamic_column, schema_of

ROWS, SEED = 300, 20_261_125
NUMBER_KEY, TEXT_KEY = Field("id", "int64", key=True), Field("key", "varchar", key=True)
MADE_KEY = Field("auto", "int64", key=True, auto=True)
TENANT = Field("p_varchar", "varchar", partition_key=True)
WORDS = Field("w_varchar", "varchar", params={"enable_analyzer": "true"})
WEIGHTS = Field("weights", "sparse_vector", text=WORDS.name)
VECTOR = Field("v_float_vector", "float_vector")
ALL = {"id": "id <= 9223372036854775807", "auto": "auto <= 9223372036854775807", "key": 'key >= ""'}
MOST = 16_384  # rows of an answer
JSON = schema_pb2.JSON
FLAT = {"index_type": "FLAT", "metric_type": "L2", "params": "{}"}
PARTITIONS = ("_default", "blue", "green")
# Keys of the dynamic field, among them what ends a name or a text elsewhere.
DYNAMIC = [
    "{}",
    '{"plain": 1, "exact": 9007199254740993, "text": "\u4e2d"}',
    '{"quo\\"te": [1, null], "back\\\\slash": {"a.b": true}, "": "no name"}',
    '{"\U0001f600": "\u043a\u043b\u044e\u0447", "deep": {"er": {"and": {"deeper": [[[]]]}}}}',
]


def pairs(**values):
    return [
        common_pb2.KeyValuePair(key=key.replace("__", "."), value=str(value))
        for key, value in values.items()
    ]


def safe(kind):
    """A value that every server which has the type takes."""
    return VECTORS[kind][2] if kind in ("float_vector", "sparse_vector") else VECTORS[kind][0]


def is_taken(action):
    try:
        action()
    except Refused:
        return False
    return True


# --- what a server holds


class Trial:
    """Tries what a server takes, in collections that are dropped and, but for JSON, never loaded: a
    Milvus 2.3 lets collections be made of types it does not know, and dies when it loads them."""

    NAME = "ferry_trial"

    def __init__(self, server):
        self.server = server

    def made(self, fields, **changes):
        """What the server says about a collection of those fields, or None where it refuses."""
        drop(self.server, self.NAME)
        try:
            create(self.server, self.NAME, fields, **changes)
            return self.server.call("DescribeCollection", collection_name=self.NAME)
        except Refused:
            return None

    def inserted(self, fields, values):
        sent = [field for field in fields if is_sent(field)]
        columns = [column(field, [value]) for field, value in zip(sent, values)]
        return is_taken(
            lambda: self.server.call(
                "Insert", collection_name=self.NAME, fields_data=columns, num_rows=1
            )
        )

    def edges(self, kind):
        """Numbers of the edge values that an insert takes; none where there is no such type."""
        known = VECTORS.get(kind) or KINDS[kind]
        vector = Field("vector", "float_vector")
        fields = [NUMBER_KEY, Field("tried", kind)] + ([] if kind in VECTORS else [vector])
        if not self.made(fields):
            return []
        rest = [] if kind in VECTORS else [safe("float_vector")]
        return [
            number
            for number, value in enumerate(known)
            if self.inserted(fields, [number, value, *rest])
        ]

    def documents(self):
        """Those of the JSON documents taken by an insert that come back as what they were."""
        taken = self.edges("json")
        if not taken:
            return []
        create_index(self.server, self.NAME, Field("vector", "float_vector"), FLAT)
        load(self.server, self.NAME)
        schema = self.server.call("DescribeCollection", collection_name=self.NAME).schema
        read = raw_documents(self.server, self.NAME, NUMBER_KEY.name, schema)["tried"]
        known = {number: document(KINDS["json"][number].encode()) for number in taken}
        return [number for number in taken if document(read[number]) == known[number]]

    def arrays(self):
        vector = Field("vector", "float_vector")
        for element in ELEMENTS:
            fields = [NUMBER_KEY, Field("tried", "array", element), vector]
            row = [1, KINDS[element][:2], safe("float_vector")]
            if self.made(fields) and self.inserted(fields, row):
                yield element

    def several_vectors(self, kinds):
        fields = [Field(f"v_{kind}", kind) for kind in kinds]
        values = [safe(kind) for kind in kinds]
        return bool(self.made([NUMBER_KEY, *fields])) and self.inserted(
            [NUMBER_KEY, *fields], [1, *values]
        )

    def tenants(self):
        """Whether there are partition keys, and a query with a filter is answered none the less."""
        fields = [NUMBER_KEY, TENANT, VECTOR]
        described = self.made(fields)
        if not described or not any(f.is_partition_key for f in described.schema.fields):
            return False
        if not self.inserted(fields, [1, "a", safe("float_vector")]):
            return False
        create_index(self.server, self.NAME, VECTOR, FLAT)
        load(self.server, self.NAME)
        return is_taken(lambda: query(self.server, self.NAME, NUMBER_KEY.name, ["p_varchar"]))

    def functions(self):
        fields = [NUMBER_KEY, WORDS, WEIGHTS, VECTOR]
        described = self.made(fields)
        if not described or not described.schema.functions:
            return False
        return self.inserted(fields, [1, "a word", safe("float_vector")])

    def marked(self, fields, mark):
        """Names of the fields that the server still has that mark on; others forget it silently."""
        described = self.made([NUMBER_KEY, *fields, Field("vector", "float_vector")])
        return [field.name for field in described.schema.fields if mark(field)] if described else []


def held(uri):
    server = Server(uri)
    trial = Trial(server)
    # A server without the older of these two would take the newer one for text, and die of it.
    kinds = {kind: trial.edges(kind) for kind in KINDS if kind != "timestamptz"}
    kinds["json"] = trial.documents()
    kinds["timestamptz"] = trial.edges("timestamptz") if kinds["geometry"] else []
    vectors = {kind: trial.edges(kind) for kind in VECTORS}
    known = [kind for kind, edges in kinds.items() if edges]
    found = {
        "kinds": {kind: edges for kind, edges in (kinds | vectors).items() if edges},
        "arrays": list(trial.arrays()),
        "several": trial.several_vectors([kind for kind, edges in vectors.items() if edges]),
        "nulls": trial.marked(
            [Field(kind, kind, nullable=True) for kind in known]
            + [Field(f"array_{e}", "array", e, nullable=True) for e in trial.arrays()],
            lambda field: field.nullable,
        ),
        "defaults": trial.marked(
            [Field(kind, kind, default=DEFAULTS[kind]) for kind in known if kind in DEFAULTS],
            lambda field: field.default_value.WhichOneof("data") is not None,
        ),
    }
    found["made keys"] = bool(trial.made([MADE_KEY, VECTOR])) and trial.inserted(
        [MADE_KEY, VECTOR], [safe("float_vector")]
    )
    found["tenants"] = trial.tenants()
    found["functions"] = trial.functions()
    number = Field("f_int64", "int64")
    trial.made([NUMBER_KEY, number, Field("vector", "float_vector")], dynamic=True)
    name = {"collection_name": trial.NAME}
    found["partitions"] = is_taken(
        lambda: server.call("CreatePartition", partition_name="blue", **name)
    )
    found["aliases"] = is_taken(lambda: server.call("CreateAlias", alias="ferry_tried", **name))
    if found["aliases"]:
        server.call("DropAlias", alias="ferry_tried")
    # On a field of numbers: old servers have the one, new ones the other.
    found["indexes"] = [
        kind
        for kind in ("INVERTED", "STL_SORT")
        if is_taken(lambda: create_index(server, trial.NAME, number, {"index_type": kind}))
    ]
    drop(server, trial.NAME)
    return found


def shared(all_held):
    """What each of them holds."""
    first, *others = all_held
    kinds = {}
    for kind, edges in first["kinds"].items():
        edges = [e for e in edges if all(e in other["kinds"].get(kind, []) for other in others)]
        if edges:
            kinds[kind] = edges
    both = {"kinds": kinds}
    for name in ("arrays", "nulls", "defaults", "indexes"):
        both[name] = [each for each in first[name] if all(each in other[name] for other in others)]
    for name in ("several", "partitions", "aliases", "made keys", "tenants", "functions"):
        both[name] = all(each[name] for each in all_held)
    return both


# --- collections


def create(server, name, fields, dynamic=False, description="", **members):
    schema = schema_of(name, fields, dynamic, description).SerializeToString()
    server.call("CreateCollection", collection_name=name, schema=schema, shards_num=1, **members)


def drop(server, name):
    for call in ("ReleaseCollection", "DropCollection"):
        is_taken(lambda: server.call(call, collection_name=name))


def plan(both):
    """The collections to make: their fields by the end of their name."""
    fields, kinds = [], both["kinds"]
    for kind in [kind for kind in KINDS if kind in kinds]:
        note = {"description": f"every {kind}: \u4e2d"}
        fields.append(Field(f"f_{kind}", kind, params=note))
        if kind in both["nulls"]:
            fields.append(Field(f"n_{kind}", kind, nullable=True))
        if kind in both["defaults"]:
            fields.append(Field(f"d_{kind}", kind, default=DEFAULTS[kind]))
    for element in both["arrays"]:
        fields.append(Field(f"a_{element}", "array", element, params=limits(element)))
        if f"array_{element}" in both["nulls"]:
            fields.append(
                Field(f"na_{element}", "array", element, nullable=True, params=limits(element))
            )
    more = {}
    if both["made keys"]:
        more["made"] = [MADE_KEY, VECTOR]
    if both["tenants"]:
        more["tenants"] = [NUMBER_KEY, TENANT, VECTOR]
    if both["functions"]:
        more["words"] = [NUMBER_KEY, WORDS, WEIGHTS, VECTOR]
    vectors = [kind for kind in VECTORS if kind in kinds]
    if both["several"]:
        vectors.insert(1, vectors[0])
        fields += [Field(f"v{i}_{kind}", kind) for i, kind in enumerate(vectors)]
        return {"all": [NUMBER_KEY, *fields]} | more
    alone = {
        kind: [TEXT_KEY, Field("f_int32", "int32"), Field(f"v_{kind}", kind)] for kind in vectors
    }
    return {"all": [NUMBER_KEY, *fields, VECTOR]} | alone | more


def limits(element):
    return {"max_length": 65_535} if element == "varchar" else {}


def edges_of(field, both):
    if field.kind == "array":
        kept = [KINDS[field.element][i] for i in both["kinds"][field.element]]
        texts = [value for value in kept if not isinstance(value, str) or len(value) < 1000]
        return [[], texts[:16], [texts[0]] * 16, texts[-1:]]
    known = VECTORS.get(field.kind) or KINDS[field.kind]
    return [known[i] for i in both["kinds"][field.kind]]


def keys(field):
    """Distinct keys, with those at the edges; the greatest number is one that some never return."""
    if field.kind == "int64":
        return [-(2**63), -(2**63) + 1, 2**63 - 2, *range(-100, ROWS - 103)]
    short = [text for text in TEXTS if len(text) < 1000]
    return [*short, *(f"key {i}" for i in range(ROWS - len(short)))]


def fill(uri, name, both):
    server, rows, made = Server(uri), Rows(SEED), {}
    for end, fields in plan(both).items():
        collection = f"{name}_{end}"
        drop(server, collection)
        create(
            server,
            collection,
            fields,
            dynamic=end == "all",
            description=f"{end}: \u4e2d",
            consistency_level=common_pb2.Strong,
        )
        sent = [field for field in fields if is_sent(field)]
        values = {field.name: column_values(rows, field, both) for field in sent}
        by_key = any(field.partition_key for field in fields)
        partitions = PARTITIONS if both["partitions"] and not by_key else PARTITIONS[:1]
        for number, partition in enumerate(partitions):
            if number:
                server.call(
                    "CreatePartition", collection_name=collection, partition_name=partition
                )
            chosen = range(number, ROWS, len(partitions))
            columns = [column(field, [values[field.name][i] for i in chosen]) for field in sent]
            if end == "all":
                columns.append(dynamic_column([DYNAMIC[i % len(DYNAMIC)] for i in chosen]))
            server.call(
                "Insert",
                collection_name=collection,
                partition_name=partition if both["partitions"] and not by_key else "",
                fields_data=columns,
                num_rows=len(chosen),
            )
        flush(server, collection)
        for field in fields:
            index(server, collection, field, both)
        if both["aliases"]:
            alias = f"{collection}_alias"
            is_taken(lambda: server.call("DropAlias", alias=alias))
            server.call("CreateAlias", collection_name=collection, alias=alias)
        load(server, collection)
        made[collection] = len(fields)
    return {"collections": made, "rows": ROWS}


def is_sent(field):
    """Whether an insert carries the field: what the server makes itself it does not."""
    return not field.auto and not field.text


def column_values(rows, field, both):
    return keys(field) if field.key else rows.values(field, edges_of(field, both), ROWS)


def index(server, collection, field, both):
    """An index that every server has for the kind of vector, and one on a field of numbers."""
    known = {
        "binary_vector": FLAT | {"index_type": "BIN_FLAT", "metric_type": "HAMMING"},
        "sparse_vector": FLAT | {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "IP"},
    }
    if field.text:
        words = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": "{}"}
        create_index(server, collection, field, words)
    elif field.kind in VECTORS:
        create_index(server, collection, field, known.get(field.kind, FLAT))
    elif field.name == "f_int64" and both["indexes"]:
        create_index(server, collection, field, {"index_type": both["indexes"][0]})


def create_index(server, collection, field, params):
    server.call(
        "CreateIndex",
        collection_name=collection,
        field_name=field.name,
        index_name=field.name,
        extra_params=pairs(**params),
    )


def wait(what, done, seconds=90):
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit(f"typesdata.py: {what} took longer than {seconds} s")
        time.sleep(0.2)


def flush(server, collection):
    answer = server.call("Flush", collection_names=[collection])
    segments = list(answer.coll_segIDs[collection].data)
    wait(
        f"the flush of {collection}",
        lambda: not segments or server.call("GetFlushState", segmentIDs=segments).flushed,
    )


def load(server, collection):
    server.call("LoadCollection", collection_name=collection, replica_number=1)
    state = common_pb2.LoadStateLoaded

    def is_loaded():
        return server.call("GetLoadState", collection_name=collection).state == state

    if "UNIMPLEMENTED" not in refusal(lambda: is_loaded()):
        wait(f"the load of {collection}", is_loaded)


def refusal(action):
    try:
        action()
    except Refused as no:
        return str(no)
    return ""


# --- reading


def read(uri, collection):
    """Key to field to value of all rows, and the fields, as pymilvus has them."""
    server = Server(uri)
    schema = server.call("DescribeCollection", collection_name=collection).schema
    key = next(field.name for field in schema.fields if field.is_primary_key)
    made = [field for field in schema.fields if not field.is_function_output]
    scalars = [field.name for field in made if field.data_type != JSON]
    # pymilvus reads documents with a parser that rounds and that refuses what some servers hold,
    # and puts the keys of the dynamic field over the fields: their text is taken from the answer.
    documents = raw_documents(server, collection, key, schema)
    client = MilvusClient(uri=uri)
    try:
        rows = client.query(
            collection,
            filter=ALL[key],
            output_fields=scalars,
            limit=MOST,
            consistency_level="Strong",
        )
    finally:
        client.close()
    values = {row[key]: {name: plain(row[name]) for name in scalars} for row in rows}
    for name, texts in documents.items():
        for row, text in texts.items():
            values[row][name] = document(text)
    if len(values) != len(rows):
        raise SystemExit(f"typesdata.py: {collection} answers a key twice")
    return values, [shape(field) for field in schema.fields]


def query(server, collection, key, names):
    return server.call(
        "Query",
        collection_name=collection,
        expr=ALL[key],
        output_fields=[key, *names],
        query_params=pairs(limit=MOST),
        consistency_level=common_pb2.Strong,
    )


def raw_documents(server, collection, key, schema):
    names = [field.name for field in schema.fields if field.data_type == JSON]
    names += ["$meta"] if schema.enable_dynamic_field and "$meta" not in names else []
    if not names:
        return {}
    answer = query(server, collection, key, names)
    data = {field.field_name: field for field in answer.fields_data}
    ids = data[key].scalars
    ids = list(ids.long_data.data or ids.string_data.data)
    found = {}
    for name in names:
        texts = list(data[name].scalars.json_data.data)
        marks = list(data[name].valid_data) or [True] * len(ids)
        found[name] = {
            row: text if mark else None for row, text, mark in zip(ids, texts, marks, strict=True)
        }
    return found


def plain(value):
    """A value in a form that is equal if, and only if, all its bits are; what is not a number has
    no bits of its own, for some servers hand back another NaN than they were given."""
    if isinstance(value, float):
        return "NaN" if value != value else struct.pack("<d", value).hex()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(index): plain(weight) for index, weight in value.items()}
    if isinstance(value, (list, tuple)) or type(value).__name__ == "RepeatedScalarContainer":
        return [plain(each) for each in value]
    return value.item().hex() if hasattr(value, "item") else value


def document(text):
    """A JSON document by value: numbers keep their kind, members have no order."""
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return {"no document": text.hex()}


def shape(field):
    default = field.default_value
    kind = default.WhichOneof("data")
    return {
        "name": field.name,
        "type": field.data_type,
        "element": field.element_type,
        "nullable": field.nullable,
        "partition key": field.is_partition_key,
        "made by a function": field.is_function_output,
        "default": repr(getattr(default, kind)) if kind else None,
        "dimension": {p.key: p.value for p in field.type_params}.get("dim"),
    }


def same(uri, name, other_uri, other_name):
    """Compares all collections of that name; the fields' order does not matter."""
    differences, values, labels = [], 0, set()
    ends = sorted(collections(uri, name))
    if not ends or ends != sorted(collections(other_uri, other_name)):
        differences.append(f"{uri} has {ends}, {other_uri} {collections(other_uri, other_name)}")
    for end in ends:
        left, fields = read(uri, f"{name}_{end}")
        right, others = read(other_uri, f"{other_name}_{end}")
        order = sorted(fields, key=lambda f: f["name"]), sorted(others, key=lambda f: f["name"])
        if order[0] != order[1]:
            differences += [f"{end}: {a} is {b}" for a, b in zip(*order) if a != b]
        for key in sorted(left.keys() | right.keys(), key=str):
            row, other = left.get(key, {}), right.get(key, {})
            values += len(row)
            differences += [
                f"{end} {key!r} {field}: {row.get(field)!r:.200} is {other.get(field)!r:.200}"
                for field in sorted(row.keys() | other.keys())
                if row.get(field) != other.get(field)
            ]
        labels |= {name for row in left.values() for name in row}
    return {
        "ok": not differences and values > 0,
        "values": values,
        "fields": sorted(labels),
        "different": len(differences),
        "differences": differences[:20],
    }


def collections(uri, name):
    names = Server(uri).call("ShowCollections").collection_names
    return [each[len(name) + 1 :] for each in names if each.startswith(f"{name}_")]


def main(command, uri, *words):
    if command == "held":
        return held(uri)
    if command == "fill":
        name, *files = words
        all_held = []
        for file in files:
            with open(file) as text:
                all_held.append(json.load(text))
        return fill(uri, name, shared(all_held))
    if command == "same":
        return same(uri, *words)
    if command == "drop":
        (name,) = words
        server = Server(uri)
        for end in collections(uri, name):
            is_taken(lambda: server.call("DropAlias", alias=f"{name}_{end}_alias"))
            drop(server, f"{name}_{end}")
        return {}
    raise SystemExit(__doc__)


if __name__ == "__main__":
    result = main(*sys.argv[1:])
    print(json.dumps(result), flush=True)
    sys.exit(0 if result.get("ok", True) else 1)
