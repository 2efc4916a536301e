#!/usr/bin/env python3
"""A server on a bad day: a gRPC proxy in front of a Milvus, for the live tests.

  faulty.py HOST:PORT

It listens on a free port of the loopback interface, prints that port, and runs until its standard
input ends. Each line there, a JSON object, says what is bad from now on, and is answered by "done":

  slowWrites   seconds that every insert, upsert and delete takes longer
  failingReads share of searches and queries that fail, such as 0.5 for every second one. They fail as those
               of Milvus do: by an error inside an answer that gRPC calls good
  ahead        seconds that the server's clock is ahead of its own, below 0 for behind. Simulated in what
               clients see of it: timestamps of answers are moved ahead, those of requests back
"""

import json
import sys
import threading
import time
from concurrent import futures

import grpc
from pymilvus.grpc_gen import common_pb2, milvus_pb2

MILVUS = "/milvus.proto.milvus.MilvusService/"
WRITES = ("Insert", "Upsert", "Delete")
READS = {
    "Search": (milvus_pb2.SearchRequest, milvus_pb2.SearchResults),
    "Query": (milvus_pb2.QueryRequest, milvus_pb2.QueryResults),
}
TIMED = dict.fromkeys(WRITES, milvus_pb2.MutationResult) | {
    "AllocTimestamp": milvus_pb2.AllocTimestampResponse
}
LOGICAL_BITS = 18
SMALL = 2  # guarantees up to this stand for a level of consistency
FOREVER = 1e6  # gRPC says that no deadline is one in some million years
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Faulty(grpc.GenericRpcHandler):
    def __init__(self, upstream):
        self.channel = grpc.insecure_channel(upstream, options=UNLIMITED)
        self.bad = {}
        self.lock = threading.Lock()
        self.due = 0.0

    def service(self, details):
        upstream = self.channel.unary_unary(details.method)  # bytes in, bytes out
        call = details.method.removeprefix(MILVUS)
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self.answer(call, upstream, request, context)
        )

    def answer(self, call, upstream, request, context):
        bad = self.bad
        if call in READS and self.fails(bad.get("failingReads", 0)):
            return failure(READS[call][1])
        if call in WRITES:
            time.sleep(bad.get("slowWrites", 0))
        ahead = int(bad.get("ahead", 0) * 1000) << LOGICAL_BITS
        metadata = [
            (key, value)
            for key, value in context.invocation_metadata()
            if not key.startswith("grpc-") and key != "user-agent"
        ]
        try:
            sent = earlier(call, request, ahead)
            return later(call, upstream(sent, patience(context), metadata), ahead)
        except grpc.RpcError as error:
            return context.abort(error.code(), error.details())

    def fails(self, share):
        with self.lock:
            self.due += share
            if self.due < 1:
                return False
            self.due -= 1
            return True


def patience(context):
    remaining = context.time_remaining()
    return remaining if remaining is not None and remaining < FOREVER else None


def failure(answer):
    status = common_pb2.Status(
        error_code=common_pb2.UnexpectedError, reason="a bad day", code=65535
    )
    return answer(status=status).SerializeToString()


def earlier(call, request, ahead):
    if not ahead or call not in READS:
        return request
    message = READS[call][0].FromString(request)
    if message.guarantee_timestamp > SMALL:
        message.guarantee_timestamp -= ahead
    return message.SerializeToString()


def later(call, answer, ahead):
    if not ahead or call not in TIMED:
        return answer
    message = TIMED[call].FromString(answer)
    if message.timestamp:
        message.timestamp += ahead
    return message.SerializeToString()


def main():
    (upstream,) = sys.argv[1:]
    faulty = Faulty(upstream)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), options=UNLIMITED)
    server.add_generic_rpc_handlers([faulty])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    for line in sys.stdin:
        faulty.bad = json.loads(line)
        print("done", flush=True)
    server.stop(None)


if __name__ == "__main__":
    main()
