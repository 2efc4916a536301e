#!/usr/bin/env python3
"""Starts and stops a real S3 server, versitygw 1.8.0, on loopback only.

  s3.py start  DIR [--port N] [--timeout S]
  s3.py status DIR
  s3.py stop   DIR [--grace S]
  s3.py install

Each folder in DIR/data is a bucket, and each file below it an object: one that is copied there is
an object at once. DIR/credentials has the only keys that it takes, in the form of the AWS command
line. A DIR keeps its port; --port 0, the default for a new DIR, looks for a free one. Every command
prints one line of JSON. Exit status: 0 done, 1 failed, 3 (status) not healthy.

The server is built once, with Go 1.25 or later, into the cache, $FERRY_CACHE or
~/.cache/milvus-ferry: two to four minutes on two cores. Its source comes through Go's module proxy.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import servers
from servers import HOST, ServerError

VERSION = "1.8.0"
MODULE = f"github.com/versity/versitygw/cmd/versitygw@v{VERSION}"
OLDEST_GO = (1, 25)
GO_OF_ITS_ARCHIVE = "/usr/local/go/bin"  # often not on the path
ACCESS_KEY, SECRET_KEY, REGION = "ferry-lab", "ferry-lab-secret", "us-east-1"
UNSIGNED = "AccessDenied"  # what an S3 server says to a request without signature


def install():
    """The server's command, built where the cache lacks it."""
    if sys.platform != "linux":
        raise ServerError("the S3 server is started on Linux only")
    target = servers.cache() / f"versitygw-{VERSION}"
    with servers.exclusive(servers.cache() / f"versitygw-{VERSION}.lock"):
        if not target.exists():
            build(target)
    return target


def build(target):
    """All that the build needs and leaves lies in one directory, which is gone afterwards."""
    compiler = go()
    servers.say(f"building {MODULE} into {target} (once, some minutes)")
    work = target.with_name(f"{target.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    environment = os.environ | {
        "CGO_ENABLED": "0",
        "GOBIN": str(work),
        "GOCACHE": str(work / "cache"),
        # Without the flag Go takes the right to write from what it unpacks, and rmtree fails.
        "GOFLAGS": "-modcacherw",
        "GOPATH": str(work / "path"),
    }
    try:
        servers.run(compiler, "install", "-ldflags=-s -w", MODULE, env=environment)
        (work / "versitygw").replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def go():
    """The machine's Go, if it is new enough."""
    found = shutil.which("go") or shutil.which("go", path=GO_OF_ITS_ARCHIVE)
    said = "none"
    if found:
        said = subprocess.run([found, "env", "GOVERSION"], capture_output=True, text=True).stdout
        version = re.match(r"go(\d+)\.(\d+)", said)
        if version and (int(version[1]), int(version[2])) >= OLDEST_GO:
            return found
    oldest = ".".join(map(str, OLDEST_GO))
    raise ServerError(
        f"the S3 server is built with Go {oldest} or later, and this machine has {said.strip()}"
    )


def is_healthy(port):
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=2).close()
    except urllib.error.HTTPError as refusal:
        return refusal.code == 403 and UNSIGNED in refusal.read(4096).decode(errors="replace")
    except OSError:
        return False
    return False


def write_credentials(file):
    """The keys, for whoever may act as the caller."""
    file.touch(mode=0o600)
    file.write_text(
        "[default]\n"
        f"aws_access_key_id = {ACCESS_KEY}\n"
        f"aws_secret_access_key = {SECRET_KEY}\n"
    )


def describe(home, record):
    about = servers.about(home, record, home / "logs/s3.log", is_healthy)
    return about | {
        "region": REGION,
        "credentials": str(home / "credentials"),
        "data": str(home / "data"),
    }


def start(home, port, timeout=30):
    log = home / "logs/s3.log"
    for folder in (home / "data", home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    with servers.exclusive(home / "lock"):
        record = servers.load(home)
        if servers.lives(record):
            raise ServerError(f"a server runs in {home} already, process {record['pid']}")
        command = install()
        write_credentials(home / "credentials")
        with servers.exclusive(servers.cache() / "ports.lock"):
            port = servers.claim_ports(port or record.get("port") or 0, 1, 30000)
            environment = os.environ | {
                "ROOT_ACCESS_KEY_ID": ACCESS_KEY,
                "ROOT_SECRET_ACCESS_KEY": SECRET_KEY,
            }
            words = [command, "--port", f"{HOST}:{port}", "--region", REGION, "--keep-alive"]
            record = {"port": port, "version": VERSION}
            record |= servers.launch([*words, "posix", home / "data"], log, env=environment)
            servers.save(home, record)
            servers.wait_until(lambda: is_healthy(port), record, log, timeout)
        return describe(home, record)


def main():
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("command", choices=("start", "status", "stop", "install"))
    parser.add_argument("dir", nargs="?", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--grace", type=float, default=5)
    given = parser.parse_args()
    if given.command == "install":
        return servers.finish(lambda: {"server": str(install())})
    if given.dir is None:
        parser.error(f"{given.command} needs the directory of the server")
    home = given.dir.absolute()
    actions = {
        "start": lambda: start(home, given.port, given.timeout),
        "status": lambda: describe(home, servers.load(home)),
        "stop": lambda: servers.stop(home, given.grace),
    }
    return servers.finish(actions[given.command])


if __name__ == "__main__":
    sys.exit(main())
