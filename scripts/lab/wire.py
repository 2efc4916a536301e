"""A Milvus as its protocol has it: calls, and columns of Python values to and from FieldData.

It stands on the generated classes of pymilvus alone, so that what pymilvus refuses to send, or
changes on the way, can be asked of a server too, and shares no code with ferry.
"""

import struct

import grpc
from pymilvus.grpc_gen import common_pb2, milvus_pb2, milvus_pb2_grpc, schema_pb2

from typevalues import CAPACITY, DIMENSION, MOST_BYTES

TYPES = {
    "bool": schema_pb2.Bool,
    "int8": schema_pb2.Int8,
    "int16": schema_pb2.Int16,
    "int32": schema_pb2.Int32,
    "int64": schema_pb2.Int64,
    "float": schema_pb2.Float,
    "double": schema_pb2.Double,
    "varchar": schema_pb2.VarChar,
    "json": schema_pb2.JSON,
    "array": schema_pb2.Array,
    "geometry": schema_pb2.Geometry,
    "timestamptz": schema_pb2.Timestamptz,
    "float_vector": schema_pb2.FloatVector,
    "binary_vector": schema_pb2.BinaryVector,
    "float16_vector": schema_pb2.Float16Vector,
    "bfloat16_vector": schema_pb2.BFloat16Vector,
    "int8_vector": schema_pb2.Int8Vector,
    "sparse_vector": schema_pb2.SparseFloatVector,
}
SLOTS = {
    "bool": "bool_data",
    "int8": "int_data",
    "int16": "int_data",
    "int32": "int_data",
    "int64": "long_data",
    "float": "float_data",
    "double": "double_data",
    "varchar": "string_data",
    "json": "json_data",
    "geometry": "geometry_wkt_data",
    "timestamptz": "string_data",
}
BYTES_PER_VECTOR = {
    "binary_vector": DIMENSION,
    "float16_vector": 2 * DIMENSION,
    "bfloat16_vector": 2 * DIMENSION,
    "int8_vector": DIMENSION,
}
VECTOR_SLOTS = {
    "binary_vector": "binary_vector",
    "float16_vector": "float16_vector",
    "bfloat16_vector": "bfloat16_vector",
    "int8_vector": "int8_vector",
}
PATIENCE = 90  # seconds for one call; an old Milvus may need 45 to make a collection


class Refused(Exception):
    """A server's no, in its own words."""


class Server:
    def __init__(self, uri):
        address, _, self.database = uri.partition("://")[2].partition("/")
        options = [(f"grpc.max_{way}_message_length", -1) for way in ("send", "receive")]
        self.channel = grpc.insecure_channel(address, options=options)
        self.stub = milvus_pb2_grpc.MilvusServiceStub(self.channel)

    def call(self, name, **members):
        """Make one call; `members` are those of its request."""
        request = getattr(milvus_pb2, f"{name}Request")(**members)
        metadata = [("dbname", self.database)] if self.database else []
        if self.database and "db_name" in request.DESCRIPTOR.fields_by_name:
            request.db_name = self.database
        try:
            answer = getattr(self.stub, name)(request, timeout=PATIENCE, metadata=metadata)
        except grpc.RpcError as failure:
            raise Refused(f"{failure.code().name}: {failure.details()}") from failure
        status = answer if isinstance(answer, common_pb2.Status) else answer.status
        if status.code or status.error_code:
            raise Refused(status.reason or f"code {status.code}")
        return answer


# --- to the wire


def schema_of(name, fields, dynamic, description=""):
    """The serialized schema of a collection of those fields, for CreateCollection."""
    schema = schema_pb2.CollectionSchema(
        name=name, description=description, enable_dynamic_field=dynamic
    )
    for field in fields:
        made = schema.fields.add(
            name=field.name,
            description=field.params.get("description", ""),
            data_type=TYPES[field.kind],
            is_primary_key=field.key,
            autoID=field.auto,
            is_partition_key=field.partition_key,
            is_function_output=bool(field.text),
            nullable=field.nullable,
        )
        if field.element:
            made.element_type = TYPES[field.element]
        for key, value in params_of(field).items():
            made.type_params.add(key=key, value=str(value))
        if field.default is not None:
            set_default(made.default_value, field)
        if field.text:
            schema.functions.add(
                name=f"bm25_of_{field.text}",
                type=schema_pb2.BM25,
                input_field_names=[field.text],
                output_field_names=[field.name],
            )
    return schema


def params_of(field):
    params = {key: value for key, value in field.params.items() if key != "description"}
    if "varchar" in (field.kind, field.element):
        params.setdefault("max_length", MOST_BYTES)
    if field.kind == "array":
        params["max_capacity"] = CAPACITY
    if field.kind.endswith("_vector") and field.kind != "sparse_vector":
        params["dim"] = DIMENSION * (8 if field.kind == "binary_vector" else 1)
    return params


def set_default(made, field):
    slot = SLOTS[field.kind].replace("geometry_wkt_data", "string_data")
    setattr(made, slot, field.default)


def column(field, values):
    """One FieldData: nulls carry no value, only a mark, as clients send them."""
    made = schema_pb2.FieldData(type=TYPES[field.kind], field_name=field.name)
    if field.nullable:
        made.valid_data.extend(value is not None for value in values)
        values = [value for value in values if value is not None]
    if field.kind == "array":
        made.scalars.array_data.element_type = TYPES[field.element]
        for value in values:
            slot = getattr(made.scalars.array_data.data.add(), SLOTS[field.element])
            slot.SetInParent()
            slot.data.extend(value)
    elif field.kind == "float_vector":
        made.vectors.dim = DIMENSION
        made.vectors.float_vector.data.extend(x for value in values for x in value)
    elif field.kind == "sparse_vector":
        made.vectors.dim = max((index + 1 for v in values for index in v), default=0)
        made.vectors.sparse_float_vector.dim = made.vectors.dim
        made.vectors.sparse_float_vector.contents.extend(map(sparse_bytes, values))
    elif field.kind in VECTOR_SLOTS:
        made.vectors.dim = int(params_of(field)["dim"])
        setattr(made.vectors, VECTOR_SLOTS[field.kind], b"".join(values))
    else:
        slot = getattr(made.scalars, SLOTS[field.kind])
        slot.SetInParent()
        slot.data.extend(v.encode() if field.kind == "json" else v for v in values)
    return made


def sparse_bytes(vector):
    return b"".join(struct.pack("<If", index, vector[index]) for index in sorted(vector))


def dynamic_column(documents):
    made = schema_pb2.FieldData(type=schema_pb2.JSON, field_name="$meta", is_dynamic=True)
    made.scalars.json_data.data.extend(document.encode() for document in documents)
    return made
