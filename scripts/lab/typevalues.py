"""Every type of Milvus with its values at the edges, and seeded rows that hold them all.

A value is a Python value as anyone would write it: an int, a float, a text, a list for an array,
a JSON document as its text, bytes for a vector of bytes, a list of floats, a dict for a sparse
vector, None for null. Nothing here knows a server.
"""

import json
import math
import random
import struct
from dataclasses import dataclass, field

DIMENSION = 8
MOST_BYTES = 65_535  # of a text
CAPACITY = 16  # of an array


@dataclass(frozen=True)
class Field:
    """A field of a collection: `kind` is a key of KINDS or VECTORS, or "array"."""

    name: str
    kind: str
    element: str = ""
    nullable: bool = False
    default: object = None
    key: bool = False
    auto: bool = False  # the server makes the key
    partition_key: bool = False
    text: str = ""  # name of the field whose text BM25 makes this one of
    params: dict = field(default_factory=dict, hash=False)


def float32(value):
    """The nearest single-precision number, as Python's double."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def signed(bits):
    """Both ends of an integer type, and what lies around zero and between."""
    top = 1 << (bits - 1)
    return [-top, top - 1, -top + 1, 0, 1, -1, top // 3]


FLOATS = [
    0.0,
    -0.0,
    float32(1.4e-45),  # the smallest number above zero
    -float32(1.4e-45),
    float32(1.1754942e-38),  # the largest number without a leading one
    float32(1.1754944e-38),
    float32(3.4028235e38),
    -float32(3.4028235e38),
    float32(0.1),
    math.nan,
    math.inf,
    -math.inf,
]
DOUBLES = [
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    2.225073858507201e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    0.1,
    1 / 3,
    float(2**53 + 2),
    math.nan,
    math.inf,
    -math.inf,
]
TEXTS = [
    "",
    "a",
    "\u00e9",  # two bytes in UTF-8,
    "\u4e2d",  # three,
    "\U0001f600",  # four
    "\u0000",
    "a\u0000b",
    'quo"te and \'apostrophe\'',
    "back\\slash\\\\",
    "line\nfeed\r\ttab",
    "%_{}$meta",
    "\u2028\u202e\ufeff",
    "\U0010ffff\uffff",
    "e\u0301",  # not the same as the one letter above
    "x" * MOST_BYTES,
    "\u20ac" * (MOST_BYTES // 3),
]
DOCUMENTS = [
    "{}",
    "[]",
    '{"exact": 9007199254740993, "most": 18446744073709551615, "least": -9223372036854775808}',
    '{"tiny": 5e-324, "huge": 1.7976931348623157e+308, "third": 0.3333333333333333}',
    '{"deep": ' + "[" * 60 + "1" + "]" * 60 + "}",
    '{"' + "a" * 200 + '": {"b": {"c": {"d": {"e": null}}}}}',
    json.dumps({"\u043a\u043b\u044e\u0447": "\u9375", "\U0001f600": "\u00e9"}, ensure_ascii=False),
    '{"quo\\"te": "back\\\\slash", "": "no name", "a.b": 1, "a": {"b": 2}, "nul": "\\u0000"}',
    '{"a":1e2,"b":"\\u00e9\\/","b2":[1,2],"c":0.10}',  # other words for the same document
    '[1, "two", [3, [4, []]], {"five": null}, true, false]',
    '{"true": true, "null": null, "empty": {}, "list": []}',
    "17",
    "-0.5",
    "true",
    '"a text alone"',
]
INSTANTS = [
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "2026-11-25T02:30:00.000001Z",
    "2026-11-25T02:30:00.1Z",
    "2026-06-30T23:59:59.999999+05:30",
    "1901-01-01T00:00:00-11:59",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
]
SHAPES = [
    "POINT (0 0)",
    "POINT (-180.123456789012 90)",
    "POINT (1e-7 1e20)",
    "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))",
    "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 2))",
    "LINESTRING (0 0, 1 1, 2 1.5)",
    "MULTIPOINT ((1 2), (3 4))",
    "GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 1 1))",
]

KINDS = {
    "bool": [True, False],
    "int8": signed(8),
    "int16": signed(16),
    "int32": signed(32),
    "int64": [*signed(64), 2**53 + 1, -(2**53) - 1],
    "float": FLOATS,
    "double": DOUBLES,
    "varchar": TEXTS,
    "json": DOCUMENTS,
    "geometry": SHAPES,
    "timestamptz": INSTANTS,
}
ELEMENTS = ["bool", "int8", "int16", "int32", "int64", "float", "double", "varchar"]
DEFAULTS = {
    "bool": True,
    "int8": -128,
    "int16": -32768,
    "int32": 2147483647,
    "int64": 9007199254740993,
    "float": float32(0.1),
    "double": 0.1,
    "varchar": 'de"fault\\ \u4e2d',
    "geometry": "POINT (1 2)",
    "timestamptz": "2026-11-25T02:30:00.000001Z",
}


def halves(*numbers):
    """The bytes of a vector of 16-bit numbers, filled up with the last of them."""
    filled = [*numbers, *[numbers[-1]] * DIMENSION][:DIMENSION]
    return struct.pack(f"<{DIMENSION}H", *filled)


VECTORS = {
    "float_vector": [
        [0.0] * DIMENSION,
        [-0.0, 0.0, *FLOATS[2:8]],
        [1.0] * DIMENSION,
        [math.nan] * DIMENSION,
        [math.inf, -math.inf, *[0.5] * (DIMENSION - 2)],
    ],
    "binary_vector": [bytes(DIMENSION), b"\xff" * DIMENSION, bytes(range(1, DIMENSION + 1))],
    # Patterns: both zeros, the smallest numbers, the largest ones; then infinities and a NaN.
    "float16_vector": [
        halves(0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x7BFF, 0xFBFF, 0x3C00),
        halves(0),
        halves(0x7C00, 0xFC00, 0x3C00),
        halves(0x7E00),
    ],
    "bfloat16_vector": [
        halves(0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x7F7F, 0xFF7F, 0x3F80),
        halves(0),
        halves(0x7F80, 0xFF80, 0x3F80),
        halves(0x7FC0),
    ],
    "int8_vector": [bytes([0x80, 0x7F, 0, 1, 0xFF, 2, 3, 4]), bytes(DIMENSION)],
    "sparse_vector": [
        {},
        {0: 1.0},
        {4294967294: float32(0.1)},
        {1: float32(1.4e-45), 2: float32(3.4028235e38), 70_000: 0.5},
        {5: 0.0},
        {7: -1.0},
    ],
}


class Rows:
    """Seeded rows: the first ones walk through the edges of each field, the others are random."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def values(self, spec, edges, count):
        """`count` values of a field whose values at the edges are `edges`; every third is null
        where it may be."""
        values = [
            edges[i] if i < len(edges) else self.some(spec.kind, spec.element) for i in range(count)
        ]
        self.random.shuffle(values)
        if spec.nullable:
            values = [None if i % 3 == 2 else value for i, value in enumerate(values)]
        return values

    def some(self, kind, element=""):
        dice = self.random
        if kind == "array":
            return [self.some(element) for _ in range(dice.randrange(CAPACITY + 1))]
        if kind == "varchar":
            return "".join(dice.choice("ab\u00e9\u4e2d\U0001f600 \\\"'") for _ in range(12))
        if kind == "json":
            members = {"n": dice.getrandbits(63), "f": dice.random(), "l": [None, "\u00e9"]}
            return json.dumps(members)
        if kind == "geometry":
            return f"POINT ({dice.uniform(-180, 180)!r} {dice.uniform(-90, 90)!r})"
        if kind == "timestamptz":
            day = f"20{dice.randrange(10, 99)}-03-0{dice.randrange(1, 9)}"
            return f"{day}T01:02:{dice.randrange(60):02}.{dice.randrange(10**6):06}Z"
        if kind == "bool":
            return dice.random() < 0.5
        if kind in ("float", "float_vector"):
            numbers = [float32(dice.gauss(0, 1)) for _ in range(DIMENSION)]
            return numbers if kind == "float_vector" else numbers[0]
        if kind == "double":
            return dice.gauss(0, 1)
        if kind == "sparse_vector":
            return {dice.randrange(10**6): float32(dice.random() + 0.01) for _ in range(5)}
        if kind in ("float16_vector", "bfloat16_vector"):
            # Exponents below the highest one, so neither infinities nor NaN.
            return halves(*(dice.getrandbits(14) for _ in range(DIMENSION)))
        if kind in VECTORS:
            return dice.randbytes(DIMENSION)
        lowest, highest = KINDS[kind][:2]
        return dice.randint(lowest, highest)
