"""Exports from segment files while clients write, and what each archive lacks of the truth of its moment.

  momentsweep.py [--seeds FROM-TO] [--exports N] [--clients N] [--uri URI --data DIR] [--keep DIR]

For each seed: clients insert, upsert, delete, flush and compact all the time, and one export after the
other reads what they write. Every second export is killed with SIGKILL after a second or more, and then
run again. Odd seeds have numbers as keys, even ones texts. Without --uri it starts a Milvus 2.3.5 of its
own. Prints a line for each archive, and ends with 1 when a row was lost, kept or stale in one of them.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import python
import servers
import stack

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = Path(__file__).with_name("moments.py")
WARM = 5  # seconds of writing before the first export
PATIENCE = 300
DONE, FINDINGS = 0, 4  # a key that the clients inserted twice is a finding


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1-6", metavar="FROM-TO")
    parser.add_argument("--exports", type=int, default=4, help="of each seed")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--uri", help="a Milvus 2.3 that runs")
    parser.add_argument("--data", help="where it keeps its files")
    parser.add_argument("--keep", metavar="DIR", help="for records and archives, which stay there")
    arguments = parser.parse_args()
    if bool(arguments.uri) != bool(arguments.data):
        parser.error("--uri and --data go together")
    stack.leave_on_signals()
    first, _, last = arguments.seeds.partition("-")
    wrong = 0
    with contextlib.ExitStack() as running:
        servers.run(ROOT / "scripts/ferry", "--version")
        home = Path(arguments.keep or running.enter_context(tempfile.TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        if not arguments.uri:
            about = running.enter_context(stack.milvus_at(home / "milvus"))
            arguments.uri, arguments.data = about["uri"], home / "milvus/data"
        for seed in range(int(first), int(last or first) + 1):
            wrong += sweep(home / f"seed{seed}", seed, arguments)
    print(json.dumps({"seeds": arguments.seeds, "wrong": wrong}))
    return 1 if wrong else 0


def sweep(home, seed, arguments):
    """How many archives of this seed are wrong."""
    home.mkdir()
    config = home / "ferry.yaml"
    storage = {"kind": "directory", "path": str(arguments.data)}
    profile = {"uri": str(arguments.uri), "storage": storage}
    config.write_text(json.dumps({"configVersion": 1, "profiles": {"here": profile}}))
    collection, record, stop = f"moments_{seed}_{time.time_ns()}", home / "record", home / "stop"
    text = ["--text"] if seed % 2 == 0 else []
    clients = ["--clients", arguments.clients, "--seed", seed, *text]
    writing = [python.client_python(), MOMENTS, "write", arguments.uri, collection, record, stop, *clients]
    archives = [home / f"archive{number}" for number in range(arguments.exports)]
    chance = random.Random(seed)
    with stack.command(writing, stdout=subprocess.PIPE, text=True) as writer:
        writer.stdout.readline()
        time.sleep(WARM)
        statuses = []
        for number, archive in enumerate(archives):
            export = [ROOT / "scripts/ferry", "export", "--config", config, "--from", "here", "--json"]
            export += ["--reader", "storage", "--only", collection, "--to", archive]
            if number % 2:
                kill(export, chance.uniform(1, 4))
            statuses.append(run(export, archive))
        stop.touch()
        writer.wait(PATIENCE)
    dropping = [python.client_python(), MOMENTS, "drop", arguments.uri, collection]
    servers.run(*dropping)
    return sum(not right(seed, *one) for one in zip(archives, statuses, [record] * len(archives)))


def kill(command, seconds):
    with stack.command(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as export:
        with contextlib.suppress(subprocess.TimeoutExpired):
            export.wait(seconds)
        export.kill()


def run(command, archive):
    with open(archive.with_suffix(".log"), "w") as log:
        with stack.command(command, stdout=log, stderr=subprocess.STDOUT) as export:
            return export.wait(PATIENCE)


def right(seed, archive, status, record):
    if status not in (DONE, FINDINGS):
        print(f"seed {seed}, {archive.name}: exit {status}: {archive.with_suffix('.log').read_text()}", flush=True)
        return False
    check = [str(word) for word in (python.client_python(), MOMENTS, "check", archive, record)]
    checked = subprocess.run(check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"seed {seed}, {archive.name}: {checked.stdout.strip()}", flush=True)
    return checked.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
