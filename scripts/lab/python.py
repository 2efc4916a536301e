#!/usr/bin/env python3
"""Prints the path of a Python that has the packages of requirements.txt, installing them once."""

import sys
from pathlib import Path

import lite
import servers


def client_python():
    """The interpreter; what it can import is in requirements.txt beside this file."""
    lines = (Path(__file__).parent / "requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    return servers.python_with("python", wanted) / "bin/python"


def newer_python():
    """An interpreter whose pymilvus knows the newer types: milvus-lite's own, which has one."""
    return lite.install(lite.NEWEST) / "bin/python"


if __name__ == "__main__":
    sys.exit(servers.finish(lambda: {"python": str(client_python())}))
