"""The body of scripts/demo-live: a migration without downtime, on real servers."""

import contextlib
import json
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import demo
import python
import servers
import stack

ROOT = demo.ROOT
HERE = Path("target/demo-live")
FERRY = "scripts/ferry"
TRAFFIC = Path("scripts/lab/traffic.py")
COLLECTION = "products"
PATIENCE = 90


def main():
    stack.leave_on_signals()
    journey = demo.Journey()
    try:
        with contextlib.ExitStack() as running:
            applications = travel(journey, running)
    except demo.StepFailed as failure:
        print(journey.table(), f"\nthe demo failed: {failure}", sep="\n", flush=True)
        return 1
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/demo-live: {failure}")
        return 1
    except KeyboardInterrupt:
        servers.say("scripts/demo-live: interrupted; its servers are stopped")
        return 130
    print(journey.table(), applications, farewell(), sep="\n", flush=True)
    return 0


def travel(journey, running):
    for name in ("source", "target"):
        servers.end(servers.load(ROOT / HERE / name), 8)  # left behind by a demo that was killed
    shutil.rmtree(ROOT / HERE, ignore_errors=True)
    (ROOT / HERE).mkdir(parents=True)
    client = python.client_python()
    journey.step("build ferry, where it is not built", FERRY, "--version")

    source = running.enter_context(stack.milvus_at(ROOT / HERE / "source"))["uri"]
    target = running.enter_context(stack.milvus_at(ROOT / HERE / "target"))["uri"]
    listen, state = f"{servers.HOST}:{free_port()}", HERE / "gateway"
    gateway = [FERRY, "gateway", "--from", source, "--into", target]
    gateway += ["--listen", listen, "--state", state]
    print(f"\nsource {source}   target {target}   applications connect to {listen}")
    background(running, "the gateway", gateway)
    wait_until_ready(ROOT / state)

    uri, stop = f"http://{listen}", HERE / "stop"
    written, read = HERE / "written.json", HERE / "read.json"
    journey.step("an application makes its collection", client, TRAFFIC, "make", uri, COLLECTION)
    applications = [
        background(running, "applications that write", words)
        for words in (
            [client, TRAFFIC, "write", uri, COLLECTION, written, stop],
            [client, TRAFFIC, "read", uri, COLLECTION, read, stop],
        )
    ]
    live = [FERRY, "live"]
    where = ["--state", state]
    journey.step("copy, catch up and compare", *live, "start", *where, "--watch", "5s")
    journey.step("is it safe to cut over?", *live, "status", *where)
    journey.step("move the reads in steps", *live, "cutover", *where, "--watch", "5s")
    journey.step("where do we stand?", *live, "status", *where)

    (ROOT / stop).touch()
    for process in applications:
        process.wait(PATIENCE)
    record = [COLLECTION, written]
    journey.step("the source against the record", client, TRAFFIC, "check", source, *record)
    journey.step("the target against the record", client, TRAFFIC, "check", target, *record)
    journey.step("compare source and target, every row", FERRY, "compare", source, target)
    journey.step("let the source go", *live, "finish", *where)
    return told(ROOT / written, ROOT / read)


def background(running, title, words):
    print(f"\n── {title}, in the background\n$ {shlex.join(map(str, words))} &", flush=True)
    return running.enter_context(stack.command(words, cwd=ROOT, stdin=subprocess.DEVNULL))


def wait_until_ready(state):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            port = json.loads((state / "admin.json").read_text())["port"]
            with urllib.request.urlopen(f"http://{servers.HOST}:{port}/ready", timeout=2):
                return
        time.sleep(0.2)
    raise servers.ServerError("the gateway was not ready in time")


def free_port():
    with socket.socket() as probe:
        probe.bind((servers.HOST, 0))
        return probe.getsockname()[1]


def told(written, read):
    writes, reads = json.loads(written.read_text()), json.loads(read.read_text())
    return f"""
{"applications":<16}{"calls":>8}{"errors":>9}{"slowest s":>11}
{"writes":<16}{writes["calls"]:>8}{len(writes["errors"]):>9}{writes["slowest"]:>11.2f}
{"reads":<16}{reads["calls"]:>8}{len(reads["errors"]):>9}{reads["slowest"]:>11.2f}   \
wrong answers: {len(reads["wrong"])}"""


def farewell():
    return f"""
Every server is stopped. To look around:
  sqlite3 {HERE}/gateway/journal.db .schema   the journal of the writes
  docs/guides/zero-downtime.md                 the same journey, explained"""


if __name__ == "__main__":
    sys.exit(main())
