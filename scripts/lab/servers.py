"""What the scripts that start servers share: a cache, a record per server, ports, a safe stop.

A server lives in a directory of its own, and `server.json` in it records the process. A process is
recognised by its id and its start time together, so that nothing is ever signalled that merely
inherited the id.
"""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

HOST = "127.0.0.1"
RECORD = "server.json"
EPHEMERAL = 32768  # the kernel hands out ports from here on, so a server must stay below


class ServerError(Exception):
    """A failure in words for the person who called."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def cache():
    """The directory that installations are kept in, between runs and for all checkouts."""
    named = os.environ.get("FERRY_CACHE")
    return Path(named).absolute() if named else Path.home() / ".cache" / "milvus-ferry"


@contextlib.contextmanager
def exclusive(path):
    """Wait until no other process holds `path`; the kernel lets go of it if the holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(*command, **options):
    """Run a command that only talks to people; its output goes to standard error."""
    done = subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=sys.stderr, **options
    )
    if done.returncode:
        raise ServerError(f"{' '.join(map(str, command))} ended with status {done.returncode}")


def python_with(name, requirements, finish=lambda home: None):
    """A virtual environment with `requirements` in the cache; returns its directory.

    Two callers at once wait for each other. An installation counts only once its list of
    requirements is written, which happens last, so one that was killed half way is made anew.
    """
    home = cache() / name
    done = home / "installed.txt"
    wanted = "\n".join([f"python {sys.version_info.major}.{sys.version_info.minor}", *requirements])
    with exclusive(cache() / f"{name}.lock"):
        if done.exists() and done.read_text() == wanted:
            return home
        say(f"installing {name} into {home} (once)")
        done.unlink(missing_ok=True)
        venv.create(home, clear=True, with_pip=True)
        pip = [
            home / "bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run(*pip, *requirements)
        finish(home)
        done.write_text(wanted)
    return home


# --- processes and their records


def started_at(pid):
    """Clock ticks since boot at which a living process began; None when it is gone or a zombie."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if after_name[0] in ("Z", "X") else int(after_name[19])


def load(home):
    """The record of the server in `home`; empty when none was ever started there."""
    try:
        return json.loads((home / RECORD).read_text())
    except FileNotFoundError:
        return {}


def save(home, record):
    fresh = home / f"{RECORD}.new"
    fresh.write_text(json.dumps(record, indent=2) + "\n")
    fresh.replace(home / RECORD)


def lives(record):
    return "pid" in record and started_at(record["pid"]) == record["started"]


def launch(command, log, **options):
    """Start a detached process that writes to the end of `log`; returns what identifies it."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **options,
        )
    return {"pid": process.pid, "started": started_at(process.pid)}


def wait_until(ready, record, log, seconds):
    """Poll `ready`; a server that dies or stays silent is an error, and is not left running."""
    deadline = time.monotonic() + seconds
    try:
        while not ready():
            if not lives(record):
                last = "\n".join(Path(log).read_text(errors="replace").splitlines()[-15:])
                raise ServerError(f"the server ended while it started, its log {log} ends:\n{last}")
            if time.monotonic() > deadline:
                raise ServerError(f"the server was not ready after {seconds} s, see {log}")
            time.sleep(0.1)
    except BaseException:
        end(record, 0)
        raise


def end(record, grace):
    """SIGTERM, then SIGKILL after `grace` seconds; returns the signal that did it, if any."""
    for how, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 10)):
        deadline = time.monotonic() + seconds
        if not lives(record):
            return None
        if seconds:
            os.kill(record["pid"], how)
        while lives(record) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not lives(record):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(record["pid"], os.WNOHANG)  # no zombie where we are the parent
            return how.name
    raise ServerError(f"process {record['pid']} survived SIGKILL")


def stop(home, grace):
    """End the server in `home`, which keeps all but its process, and tell how it ended."""
    with exclusive(home / "lock"):
        record = load(home)
        began = time.monotonic()
        how = end(record, grace)
        if record:
            save(home, {key: record[key] for key in record if key not in ("pid", "started")})
        return {
            "ok": True,
            "dir": str(home),
            "endedBy": how,
            "seconds": round(time.monotonic() - began, 1),
        }


def version_of(home, record, asked, newest):
    """The version that a server is to have: the one asked for, else that of `home`, else `newest`.

    What one version wrote another may not read, so a directory never changes its version.
    """
    known = record.get("version", newest) if record else None
    if asked and known and asked != known:
        raise ServerError(f"{home} belongs to version {known}, not {asked}")
    return asked or known or newest


# --- ports


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port):
    try:
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    except OSError:
        return False


def claim_ports(first, count, lowest):
    """The first of `count` free ports in a row: `first` itself, or for 0 one from `lowest` on.

    Call it under `exclusive(cache() / "ports.lock")` and start listening before letting go,
    or two servers that start at once may find the same ports.
    """
    if first:
        taken = [port for port in range(first, first + count) if not is_free(port)]
        if taken:
            raise ServerError(f"port {taken[0]} is taken, {count} from {first} on are needed")
        return first
    for candidate in range(lowest, EPHEMERAL - count, count):
        if all(is_free(port) for port in range(candidate, candidate + count)):
            return candidate
    raise ServerError(f"no {count} free ports in a row between {lowest} and {EPHEMERAL}")


def about(home, record, log, is_healthy):
    """What a Milvus in `home` says of itself; `is_healthy` is asked with its port."""
    alive = lives(record)
    port = record.get("port")
    return {
        "ok": alive and is_healthy(port),
        "version": record.get("version"),
        "uri": f"http://{HOST}:{port}" if port else None,
        "port": port,
        "pid": record["pid"] if alive else None,
        "dir": str(home),
        "log": str(log),
    }


# --- command lines


def milvus_command(module, versions, timeout, start, add_options=lambda parser: None):
    """The command line of a script that starts a Milvus of one of `versions`, the usual one first.

    `module` has `__doc__`, `install(version)` and `describe(home, record)`; `start` is called with
    the directory and the options, among them those that `add_options` gives to the parser.
    """
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=module.__doc__, formatter_class=shape)
    parser.add_argument("command", choices=("start", "status", "stop", "install"))
    parser.add_argument("dir", nargs="?", type=Path)
    parser.add_argument("--version", choices=versions)
    parser.add_argument("--port", type=int, default=0)
    add_options(parser)
    parser.add_argument("--timeout", type=float, default=timeout)
    parser.add_argument("--grace", type=float, default=8)
    given = parser.parse_args()
    if given.command == "install":
        return finish(lambda: {"server": str(module.install(given.version or versions[0]))})
    if given.dir is None:
        parser.error(f"{given.command} needs the directory of the server")
    home = given.dir.absolute()
    actions = {
        "start": lambda: start(home, given),
        "status": lambda: module.describe(home, load(home)),
        "stop": lambda: stop(home, given.grace),
    }
    return finish(actions[given.command])


def setting(text):
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise ServerError(f"--set wants KEY=VALUE, not {text!r}")
    return key, value


def finish(action):
    """Run a command's action: one JSON line on standard output, or one line of complaint."""
    try:
        result = action()
    except (ServerError, OSError) as failure:
        say(f"{Path(sys.argv[0]).name}: {failure}")
        return 1
    print(json.dumps(result), flush=True)
    return 0 if result.get("ok", True) else 3
