#!/usr/bin/env python3
"""Starts and stops a real milvus-lite server: 3.2.2, written in Python, or 2.5.1, with a C++ core.

  lite.py start  DIR [--version V] [--port N] [--timeout S]
  lite.py status DIR
  lite.py stop   DIR [--grace S]
  lite.py install    [--version V]

They hold types that Milvus 2.3.5 lacks, and lack calls that it has: 3.2.2 is the one with nulls,
defaults, geometry and timestamps with a time zone, 2.5.1 the one with bfloat16 and without
GetVersion. DIR holds all data of one server, which takes one port of loopback; --port 0, the
default for a new DIR, looks for a free one. A DIR keeps its port and its version. Every command
prints one line of JSON. Exit status: 0 done, 1 failed, 3 (status) not healthy.

The server comes from the package index into the cache, $FERRY_CACHE or ~/.cache/milvus-ferry.
"""

import os
import socket
import sys

import servers
from servers import HOST, ServerError

NEWEST, CORE = "3.2.2", "2.5.1"
# What 3.2.2 imports but does not name among its requirements.
UNDECLARED = ["pymilvus==3.0.2"]
# The first words of an HTTP/2 client, with no settings, and the type of the frame that answers.
GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
SETTINGS = 4


def install(version):
    """The virtual environment that the server is in."""
    if sys.platform != "linux":
        raise ServerError("milvus-lite is started on Linux only")
    requirements = [f"milvus-lite=={version}"]
    if version == CORE:
        # Its package looks for a module that later ones of setuptools no longer have.
        requirements.append("setuptools<70")
    else:
        requirements += UNDECLARED
    return servers.python_with(f"milvus-lite-{version}", requirements)


def command_of(version, environment, data, port):
    """The words to start it with, and what to change in its environment."""
    if version != CORE:
        words = ["server", "--data-dir", data, "--host", HOST, "--port", port]
        return [environment / "bin/milvus-lite", *words], {}
    (library,) = environment.glob("lib/python*/site-packages/milvus_lite/lib")
    words = [library / "milvus", data / "lite.db", f"{HOST}:{port}", "ERROR"]
    return words, {"LD_LIBRARY_PATH": str(library)}


def is_healthy(port):
    """Whether an HTTP/2 server answers; 2.5.1 knows no call that asks for its health."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(GREETING)
            frame = connection.recv(9)
            return len(frame) == 9 and frame[3] == SETTINGS
    except OSError:
        return False


def describe(home, record):
    return servers.about(home, record, home / "logs/lite.log", is_healthy)


def start(home, port, timeout, version=None):
    log = home / "logs/lite.log"
    for folder in (home / "data", home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    with servers.exclusive(home / "lock"):
        record = servers.load(home)
        if servers.lives(record):
            raise ServerError(f"a server runs in {home} already, process {record['pid']}")
        version = servers.version_of(home, record, version, NEWEST)
        environment = install(version)
        with servers.exclusive(servers.cache() / "ports.lock"):
            port = servers.claim_ports(port or record.get("port") or 0, 1, 29000)
            words, changes = command_of(version, environment, home / "data", port)
            record = {"port": port, "version": version}
            record |= servers.launch(words, log, cwd=home, env=os.environ | changes)
            servers.save(home, record)
            servers.wait_until(lambda: is_healthy(port), record, log, timeout)
        return describe(home, record)


def main():
    return servers.milvus_command(
        sys.modules[__name__],
        (NEWEST, CORE),
        60,
        lambda home, given: start(home, given.port, given.timeout, given.version),
    )


if __name__ == "__main__":
    sys.exit(main())
