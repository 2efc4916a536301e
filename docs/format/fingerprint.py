#!/usr/bin/env python3
"""The fingerprint `sha256-sum-1`, in plain Python, and the vectors that prove an implementation.

    python3 fingerprint.py > fingerprint-v1.json     # write the vectors
    python3 fingerprint.py --check                   # compare them with the file beside this script

The rules are in archive-v1.md. A vector has a schema, rows, and for each row its bytes, digest and
bucket; then the fingerprint of all rows, as the manifest writes it.

How a vector writes values: integers and bools as such; 64-bit integers, floats and vectors as
little-endian hex of their bits, so that -0.0 and NaN survive; texts and JSON as hex of UTF-8; a
moment as its microseconds since 1970 in UTC; a struct as an object by member; null as null.
"""

import hashlib
import json
import pathlib
import struct
import sys

PRESENT, RAW_JSON = b"\x01", b"\x02"
DYNAMIC = "$meta"


class NotCanonical(Exception):
    """The text is no JSON, or an object has a key twice."""


class Number(str):
    """A JSON number as it is written."""


def canonical_json(raw: bytes) -> bytes:
    """The one text of a JSON value; raises NotCanonical where there is none."""

    def refuse(_):
        raise NotCanonical

    def pairs(members):
        if len({key for key, _ in members}) != len(members):
            raise NotCanonical
        return dict(members)

    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_int=Number,
            parse_float=Number,
            parse_constant=refuse,
            object_pairs_hook=pairs,
        )
        return text_of(value).encode("utf-8")
    except ValueError:  # also UnicodeDecodeError, and UnicodeEncodeError for lone surrogates
        raise NotCanonical from None


def text_of(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return number(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    in_order = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(string(key) + ":" + text_of(value[key]) for key in in_order) + "}"


def string(value: str) -> str:
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
    return '"' + "".join(
        short.get(ord(c)) or ("\\u%04x" % ord(c) if ord(c) < 0x20 else c) for c in value
    ) + '"'


def number(written: str) -> str:
    sign = "-" if written.startswith("-") else ""
    mantissa, _, exponent = written.lstrip("-").replace("E", "e").partition("e")
    whole, _, fraction = mantissa.partition(".")
    power = int(exponent or "0") - len(fraction)
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "0"
    significant = digits.rstrip("0")
    return f"{sign}{significant}e{power + len(digits) - len(significant)}"


def struct_bytes(members: list, structs: list) -> bytes:
    content = struct.pack("<I", len(structs))
    for member in in_order(members):
        for one in structs:
            content += value_bytes(member["type"], "", one[member["name"]])
    return content


def value_bytes(kind: str, element: str, value) -> bytes:
    if kind == "BOOL":
        return b"\x01" if value else b"\x00"
    if kind in ("INT8", "INT16", "INT32"):
        return struct.pack("<q", value)
    if kind in ("INT64", "TIMESTAMPTZ", "FLOAT", "DOUBLE"):
        return bytes.fromhex(value)
    if kind == "ARRAY":
        items = b"".join(value_bytes(element, "", item) for item in value)
        return struct.pack("<I", len(value)) + items
    content = bytes.fromhex(value)  # texts and vectors
    if kind == "SPARSE_FLOAT_VECTOR":
        elements = sorted(struct.iter_unpack("<If", content))
        return struct.pack("<I", len(elements)) + b"".join(
            struct.pack("<If", *element) for element in elements
        )
    return struct.pack("<I", len(content)) + content


def field_bytes(field: dict, value) -> bytes:
    if value is None:
        return b"\x00"
    if field["type"] == "STRUCT_ARRAY":
        return PRESENT + struct_bytes(field["members"], value)
    if field["type"] != "JSON":
        return PRESENT + value_bytes(field["type"], field.get("elementType", ""), value)
    raw = bytes.fromhex(value)
    try:
        text, tag = canonical_json(raw), PRESENT
    except NotCanonical:
        text, tag = raw, RAW_JSON
    return tag + struct.pack("<I", len(text)) + text


def in_order(fields: list) -> list:
    return sorted(fields, key=lambda field: (field["name"] == DYNAMIC, field["name"].encode("utf-8")))


def row_bytes(fields: list, row: dict) -> bytes:
    return b"".join(field_bytes(field, row[field["name"]]) for field in in_order(fields))


def bucket(fields: list, row: dict) -> int:
    key = next(field for field in fields if field.get("primaryKey"))
    return hashlib.sha256(field_bytes(key, row[key["name"]])[1:]).digest()[0]


def vector(name: str, fields: list, rows: list) -> dict:
    total, written = 0, []
    for row in rows:
        content = row_bytes(fields, row)
        digest = hashlib.sha256(content).hexdigest()
        total = (total + int(digest, 16)) % 2**256
        written.append(
            {"values": row, "bytes": content.hex(), "digest": digest, "bucket": bucket(fields, row)}
        )
    fingerprint = {"algorithm": "sha256-sum-1", "rows": str(len(rows)), "sum": f"{total:064x}"}
    return {"name": name, "fields": fields, "rows": written, "fingerprint": fingerprint}


def field(name: str, kind: str, **more) -> dict:
    return {"name": name, "type": kind, **more}


def i64(value: int) -> str:
    return struct.pack("<q", value).hex()


def f32(value: float) -> str:
    return struct.pack("<f", value).hex()


def f64(value: float) -> str:
    return struct.pack("<d", value).hex()


def utf8(value: str) -> str:
    return value.encode("utf-8").hex()


ID = field("id", "INT64", primaryKey=True)
NAME = field("name", "VARCHAR", primaryKey=True)


def json_rows(*texts) -> list:
    hexes = [(text if isinstance(text, bytes) else text.encode("utf-8")).hex() for text in texts]
    return [{"id": i64(i), "doc": text} for i, text in enumerate(hexes)]


def vectors() -> list:
    json_fields = [ID, field("doc", "JSON")]
    arrays = {
        "BOOL": [True, False],
        "INT8": [-128, 127],
        "INT16": [-32768, 32767],
        "INT32": [-(2**31), 2**31 - 1],
        "INT64": [i64(-(2**63)), i64(2**53 + 1)],
        "FLOAT": [f32(-0.0), f32(1.5)],
        "DOUBLE": [f64(-0.0), f64(0.1)],
        "VARCHAR": [utf8(""), utf8("ü中😀")],
    }
    clips = field(
        "clips",
        "STRUCT_ARRAY",
        members=[
            field("word", "VARCHAR"),
            field("at", "INT64"),
            field("v", "FLOAT_VECTOR", dim=2),
            field("Bits", "BINARY_VECTOR", dim=8),
            field("short", "INT16"),
            field("ok", "BOOL"),
            field("f", "FLOAT"),
        ],
    )
    array_fields = [field(f"a_{kind.lower()}", "ARRAY", elementType=kind) for kind in arrays]
    return [
        vector("no rows", [ID], []),
        vector(
            "whole numbers and bools",
            [ID, field("b", "BOOL"), field("i8", "INT8"), field("i16", "INT16"), field("i32", "INT32")],
            [
                {"id": i64(0), "b": False, "i8": 0, "i16": 0, "i32": 0},
                {"id": i64(2**53 + 1), "b": True, "i8": -128, "i16": -32768, "i32": -(2**31)},
                {"id": i64(-(2**63)), "b": True, "i8": 127, "i16": 32767, "i32": 2**31 - 1},
                {"id": i64(2**63 - 1), "b": False, "i8": -1, "i16": -1, "i32": -1},
            ],
        ),
        vector(
            "floats keep their bits",
            [ID, field("f", "FLOAT"), field("d", "DOUBLE")],
            [
                {"id": i64(1), "f": f32(0.0), "d": f64(0.0)},
                {"id": i64(2), "f": f32(-0.0), "d": f64(-0.0)},
                {"id": i64(3), "f": "0000c07f", "d": "000000000000f87f"},
                {"id": i64(4), "f": "010080ff", "d": "010000000000f0ff"},
                {"id": i64(5), "f": f32(float("inf")), "d": f64(float("-inf"))},
                {"id": i64(6), "f": "01000000", "d": "0100000000000000"},
            ],
        ),
        vector(
            "varchar keys",
            [NAME, field("ab", "VARCHAR"), field("a", "VARCHAR"), field("Z", "VARCHAR")],
            [
                {"name": utf8(""), "ab": utf8("x"), "a": utf8(""), "Z": utf8("")},
                {"name": utf8("ü中😀"), "ab": utf8(""), "a": utf8("x"), "Z": utf8("e\u0301")},
                {"name": utf8("\ue000"), "ab": utf8("\x00\n\""), "a": utf8("\uffff"), "Z": utf8("é")},
            ],
        ),
        vector(
            "arrays of every element type",
            [ID, *array_fields],
            [
                {"id": i64(1), **{f"a_{kind.lower()}": items for kind, items in arrays.items()}},
                {"id": i64(2), **{f"a_{kind.lower()}": [] for kind in arrays}},
            ],
        ),
        vector(
            "dense vectors",
            [
                ID,
                field("v", "FLOAT_VECTOR", dim=3),
                field("bits", "BINARY_VECTOR", dim=16),
                field("half", "FLOAT16_VECTOR", dim=2),
            ],
            [
                {"id": i64(1), "v": f32(1) + f32(-0.0) + f32(1e-45), "bits": "00ff", "half": "003c0080"},
                {"id": i64(2), "v": "0000c07f" + f32(0) + f32(3e38), "bits": "8001", "half": "007e0100"},
            ],
        ),
        vector(
            "more vectors",
            [
                ID,
                field("brain", "BFLOAT16_VECTOR", dim=2),
                field("small", "INT8_VECTOR", dim=3),
                field("sparse", "SPARSE_FLOAT_VECTOR"),
            ],
            [
                {
                    "id": i64(1),
                    "brain": "803f0080",
                    "small": "80ff7f",
                    "sparse": struct.pack("<IfIf", 2**32 - 2, 0.5, 7, 1e-45).hex(),
                },
                {"id": i64(2), "brain": "c07f0100", "small": "000102", "sparse": ""},
            ],
        ),
        vector(
            "arrays of structs",
            [ID, clips, field("few", "STRUCT_ARRAY", members=[field("half", "FLOAT16_VECTOR", dim=1)])],
            [
                {
                    "id": i64(1),
                    "clips": [
                        {
                            "word": utf8("ü中😀"),
                            "at": i64(-(2**63)),
                            "v": f32(-0.0) + f32(1e-45),
                            "Bits": "80",
                            "short": -32768,
                            "ok": True,
                            "f": f32(-0.0),
                        },
                        {
                            "word": utf8(""),
                            "at": i64(2**53 + 1),
                            "v": "0000c07f" + f32(3e38),
                            "Bits": "01",
                            "short": 32767,
                            "ok": False,
                            "f": f32(1.5),
                        },
                    ],
                    "few": [{"half": "003c"}],
                },
                {"id": i64(2), "clips": [], "few": [{"half": "0080"}, {"half": "007e"}, {"half": "0000"}]},
            ],
        ),
        vector(
            "texts, shapes, moments and nulls",
            [
                ID,
                field("text", "TEXT", nullable=True),
                field("shape", "GEOMETRY", nullable=True),
                field("moment", "TIMESTAMPTZ", nullable=True),
                field("number", "INT32", nullable=True),
                field("doc", "JSON", nullable=True),
                field("list", "ARRAY", elementType="BOOL", nullable=True),
                field("v", "FLOAT_VECTOR", dim=1, nullable=True),
            ],
            [
                {
                    "id": i64(1),
                    "text": utf8("ü"),
                    "shape": utf8("POINT (1 2)"),
                    "moment": i64(-1),
                    "number": 0,
                    "doc": utf8("null"),
                    "list": [],
                    "v": f32(0.0),
                },
                dict(id=i64(2), text=None, shape=None, moment=None, number=None, doc=None, list=None, v=None),
                {
                    "id": i64(3),
                    "text": utf8(""),
                    "shape": utf8(""),
                    "moment": i64(1735787045000006),
                    "number": None,
                    "doc": utf8("{}"),
                    "list": [True],
                    "v": None,
                },
            ],
        ),
        vector(
            "JSON values that are the same",
            json_fields,
            json_rows(
                '{"a":1,"b":[true,null]}',
                ' { "b" : [ true , null ] , "a" : 1.0 } ',
                '{"a":1e0,"b":[true,null]}',
                '{"\\u0061":10E-1,"b":[true,null]}',
                '{"a":0.1e+1,"b":[true,null]}',
            ),
        ),
        vector(
            "JSON numbers, strings and order",
            json_fields,
            json_rows(
                "[0, -0, 0.0, 0e99, -0.0e-5]",
                "[9007199254740993, 9007199254740992, -1.50, 100, 0.001, 120.0340e2]",
                "[1e1000000000, 1E-99999999999999999999999, 123456789012345678901234567890]",
                '{"\\ud83d\\ude00":1,"\\ufb33":2,"\\u20ac":3,"\\u00f6":4,"1":5,"\\r":6,"</":7}',
                '"\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\\\/ \\u007f\\u2028"',
                '{"":{"":[{},[],""]}}',
                '"text"',
                "null",
            ),
        ),
        vector(
            "JSON without a canonical form",
            json_fields,
            json_rows(
                '{"a":1,"a":1}',
                '{"a":1,"\\u0061":2}',
                '{"b":{"x":1,"y":2,"x":3}}',
                "",
                " ",
                "{",
                "[1,]",
                "01",
                "1.",
                ".5",
                "+1",
                "NaN",
                "-Infinity",
                "'a'",
                '"\\ud800"',
                '"\\x"',
                '"\t"',
                "\ufeff1",
                "1 2",
                b'"\xff"',
                b'"\xed\xa0\x80"',
                b'"\xc0\x80"',
                "\u00a01",
            ),
        ),
        vector(
            "a dynamic field is last",
            [field("~", "BOOL"), field(DYNAMIC, "JSON"), field("!", "BOOL"), ID],
            [
                {"~": True, DYNAMIC: utf8('{"colour":"red","size":1.50}'), "!": False, "id": i64(7)},
                {"~": False, DYNAMIC: utf8("{}"), "!": True, "id": i64(8)},
            ],
        ),
    ]


def main() -> int:
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    text = json.dumps({"vectors": vectors()}, indent=1) + "\n"
    if sys.argv[1:] == ["--check"]:
        file = pathlib.Path(__file__).with_name("fingerprint-v1.json")
        same = file.read_text("utf-8") == text
        print("the vectors agree" if same else "the vectors differ", file=sys.stderr)
        return 0 if same else 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
