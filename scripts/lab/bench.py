"""The body of scripts/bench: ferry and pymilvus in turn on the same servers, and a table."""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import python
import servers
import stack

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "target/bench"
FERRY = ROOT / "scripts/ferry"
DATA = Path(__file__).parent / "benchdata.py"
GATE = Path(__file__).parent / "gatewaybench.py"
ROWS, DIMENSION = 100_000, 128
FLEET = {f"fleet{rows // 1000}": rows for rows in (50_000, 75_000, 100_000, 150_000, 200_000)}
BATCHES = 1_000, 4_000, 16_000  # of the script that a migration is measured against
LARGE_ROWS, LARGE_DIMENSION = 200_000, 1024  # 819 MB of vectors, more than the heap it is read with


class Run:
    """One finished command: wall seconds, CPU seconds, largest resident size of its processes."""

    def __init__(self, words, **environment):
        self.load = os.getloadavg()[0]
        log = HERE / "commands.log"
        with open(log, "a") as output:
            print("$", *words, file=output, flush=True)
            began = time.monotonic()
            process = subprocess.Popen(
                [str(word) for word in words],
                cwd=ROOT,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                with stack.undisturbed():
                    stack.end_group(process)
        self.seconds = time.monotonic() - began
        self.cpu = used.ru_utime + used.ru_stime
        self.megabytes = used.ru_maxrss / 1000
        if process.returncode:
            raise servers.ServerError(
                f"{' '.join(map(str, words))} ended with status {process.returncode}, see {log}"
            )


class Table:
    def __init__(self):
        self.runs = {}

    def add(self, name, run):
        self.runs.setdefault(name, []).append(run)
        servers.say(f"  {name:<52}{run.seconds:>8.2f} s   load {run.load:.2f}")

    def median(self, name):
        return statistics.median(run.seconds for run in self.runs[name])

    def __str__(self):
        head = "| command | runs | median s | min | max | CPU s | peak MB | load |\n"
        lines = [head + "|---|---|---|---|---|---|---|---|"]
        for name, runs in self.runs.items():
            seconds = [run.seconds for run in runs]
            loads = [run.load for run in runs]
            cells = [
                name,
                str(len(runs)),
                *(f"{pick(seconds):.2f}" for pick in (statistics.median, min, max)),
                f"{statistics.median(run.cpu for run in runs):.1f}",
                f"{max(run.megabytes for run in runs):.0f}",
                f"{min(loads):.1f}-{max(loads):.1f}",
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)


class Bench:
    def __init__(self, source, target, rounds):
        self.source, self.target, self.rounds = source, target, rounds
        self.client = python.client_python()
        self.table = Table()
        self.remarks = []
        self.filled = False

    def pymilvus(self, *words):
        return Run([self.client, DATA, *words])

    def fill(self):
        if not self.filled:
            self.pymilvus("fill", self.source, "speed", ROWS, DIMENSION, "IVF_FLAT")
            self.filled = True

    def export_to(self, archive):
        words = [FERRY, "export", "--from", self.source, "--only", "default.speed"]
        return Run([*words, "--to", archive])

    def export(self):
        """Each side reads all rows and writes Parquet; ferry also counts, fingerprints and seals."""
        self.fill()
        ferry, peer = "ferry export", "pymilvus query_iterator + pyarrow"
        for number in range(self.rounds):
            self.table.add(ferry, self.export_to(HERE / f"speed-{number}"))
            self.table.add(
                peer, self.pymilvus("export", self.source, "speed", HERE / "peer.parquet")
            )
        self.compare("export", ferry, peer)

    def load(self):
        """Each side creates the collection, loads the same files, builds the index and loads it."""
        archive = HERE / "speed-0"
        if not archive.exists():  # export was not measured
            self.fill()
            self.export_to(archive)
        parts = sorted(archive.glob("data/*/*/*.parquet"))
        plain, proven, peer = "ferry import --no-compare", "ferry import", "pymilvus do_bulk_insert"
        for _ in range(self.rounds):
            words = [FERRY, "import", archive, "--into", self.target, "--staging", "in-place"]
            self.table.add(plain, Run([*words, "--no-compare"]))
            self.pymilvus("drop", self.target, "speed")
            self.table.add(peer, self.pymilvus("import", self.target, "speed", DIMENSION, *parts))
            self.pymilvus("drop", self.target, "speed")
            self.table.add(proven, Run(words))
            self.pymilvus("drop", self.target, "speed")
        self.compare("import", plain, peer)

    def compare(self, what, ferry, peer):
        ours, theirs = self.table.median(ferry), self.table.median(peer)
        self.remarks.append(
            f"{what}, {ROWS:,} x {DIMENSION}: ferry {ROWS / ours:,.0f} rows/s, pymilvus"
            f" {ROWS / theirs:,.0f} rows/s, {theirs / ours:.2f} times as fast (medians)"
        )

    def memory(self):
        self.pymilvus("fill", self.source, "large", LARGE_ROWS, LARGE_DIMENSION, "FLAT")
        words = [FERRY, "export", "--from", self.source, "--only", "default.large"]
        run = Run([*words, "--to", HERE / "large"], FERRY_JAVA_OPTS="-Xmx512m")
        self.table.add("ferry export of 819 MB of vectors, -Xmx512m", run)
        self.pymilvus("drop", self.source, "large")

    def gateway(self):
        """Single searches and inserts through a gateway, beside the direct way and Nginx."""
        ways, worst = {"search": [], "insert": []}, 0
        with contextlib.ExitStack() as running:
            nginx = running.enter_context(nginx_before(self.source))
            uri, pid = running.enter_context(gateway_between(self.source, self.target))
            client = [self.client, GATE]
            said(*client, "make", self.source, self.target)
            for number in range(self.rounds):
                if number == 1:
                    mirror(HERE / "gate", "gate")
                for work, last in (("search", nginx), ("insert", self.target)):
                    if work == "insert" and not number:
                        continue
                    words = [*client, work, self.source, uri, last, 300 if work == "search" else 50]
                    ways[work].append(json.loads(said(*words)))
                    servers.say(f"  {work:<10}{ways[work][-1]}   load {os.getloadavg()[0]:.2f}")
                worst = max(worst, peak_megabytes(pid))
        for work, runs in ways.items():
            if not runs:
                continue  # inserts begin with the second round
            median = {way: statistics.median(run[way] for run in runs) for way in runs[0]}
            cells = ", ".join(f"{way} {value:.2f} ms" for way, value in median.items())
            rest = [way for way in median if way != "gateway"]
            ratio = ", ".join(f"{median['gateway'] / median[way]:.2f} x {way}" for way in rest)
            self.remarks.append(f"gateway, {work}: medians {cells}; {ratio}")
        self.remarks.append(f"gateway: peak resident size {worst:.0f} MB")

    def migrate(self):
        """Each side moves five collections; ferry also compares every row."""
        for name, rows in FLEET.items():
            self.pymilvus("fill", self.source, name, rows, DIMENSION, "IVF_FLAT")
        swept = {}
        for batch in BATCHES:
            run = self.pymilvus("copy", self.source, "fleet50", self.target, batch)
            self.table.add(f"pymilvus copy of 50,000 rows, batches of {batch:,}", run)
            swept[batch] = run.seconds
            self.pymilvus("drop", self.target, "fleet50")
        best = min(swept, key=swept.get)
        staging = HERE / "staging"
        staging.mkdir()
        ferry, inserting = "ferry migrate --jobs 4 --staging", "ferry migrate --jobs 4, by insert"
        peer = f"pymilvus copy, batches of {best:,}"
        for number in range(self.rounds):
            words = [FERRY, "migrate", "--from", self.source, "--into", self.target, "--jobs", 4]
            words += ["--only", "default.fleet*"]
            for name, more in ((ferry, ["--staging", staging]), (inserting, [])):
                state = HERE / f"state-{number}-{len(more)}"
                self.table.add(name, Run([*words, *more], XDG_STATE_HOME=str(state)))
                self.forget()
            names = ",".join(FLEET)
            self.table.add(peer, self.pymilvus("copy", self.source, names, self.target, best))
            self.forget()
        rows, theirs = sum(FLEET.values()), self.table.median(peer)
        for name in (ferry, inserting):
            ours = self.table.median(name)
            self.remarks.append(
                f"migrate, {len(FLEET)} collections, {rows:,} x {DIMENSION}, {name}:"
                f" {rows / ours:,.0f} rows/s compared, pymilvus {rows / theirs:,.0f} rows/s,"
                f" {theirs / ours:.2f} times as fast (medians)"
            )

    def forget(self):
        for name in FLEET:
            self.pymilvus("drop", self.target, name)

    def version(self):
        for _ in range(max(10, self.rounds)):
            self.table.add("ferry --version", Run([FERRY, "--version"]))


def journal():
    """How many writes a second the gateway's journal takes: no server has a part in it."""
    libraries = [ROOT / "gateway/target/test-classes", ROOT / "cli/target/ferry/lib/*"]
    place = HERE / "journal"
    words = ["java", "-Xmx256m", "-cp", ":".join(map(str, libraries))]
    words += ["io.milvusferry.gateway.journal.JournalThroughput", place, 64, 100_000, 3_000]
    load = os.getloadavg()[0]
    said = subprocess.run(list(map(str, words)), check=True, capture_output=True, text=True).stdout
    lines = ["| 64 writers, 3,000 bytes each | records | seconds | records/s | load |"]
    lines.append("|---|---|---|---|---|")
    for line in said.splitlines():
        phase, records, seconds = line.split(";")
        rate = int(records) / float(seconds)
        lines.append(f"| {phase} | {int(records):,} | {seconds} | {rate:,.0f} | {load:.1f} |")
    print("", *lines, "", sep="\n", flush=True)
    shutil.rmtree(place)


def free_port():
    with socket.socket() as probe:
        probe.bind((servers.HOST, 0))
        return probe.getsockname()[1]


def said(*words):
    """What a command prints."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise servers.ServerError(f"{words[1]} {words[2]} ended with status {done.returncode}")
    return done.stdout


@contextlib.contextmanager
def nginx_before(server):
    home, port = HERE / "nginx", free_port()
    home.mkdir()
    paths = "".join(
        f"{kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error.log; events {{}}"
        f"http {{ access_log off; {paths} upstream milvus {{ server {server.split('//')[1]}; keepalive 32; }}"
        f"server {{ listen 127.0.0.1:{port} http2; client_max_body_size 0; grpc_read_timeout 600s;"
        "keepalive_requests 1000000000; location / { grpc_pass grpc://milvus; } } }"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with stack.command([program, "-e", home / "error.log", "-c", home / "nginx.conf"]):
        time.sleep(1)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def gateway_between(source, target):
    port = free_port()
    words = [FERRY, "gateway", "--from", source, "--into", target, "--state", HERE / "gate"]
    words += ["--listen", f"127.0.0.1:{port}"]
    with stack.command(words, stdout=subprocess.PIPE, text=True) as process:
        if "ready" not in process.stdout.readline():
            raise servers.ServerError("the gateway did not become ready")
        yield f"http://127.0.0.1:{port}", process.pid


def mirror(state, name):
    """Mirror a collection, and let its journal go to the target."""
    admin = json.loads((state / "admin.json").read_text())
    for call, more in (("mirror", {}), ("replay", {"running": True})):
        body = {"collection": {"database": "default", "name": name}} | more
        request = urllib.request.Request(
            f"http://127.0.0.1:{admin['port']}/v1/{call}",
            data=json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + admin["token"]},
        )
        urllib.request.urlopen(request).close()


def peak_megabytes(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


def main():
    stack.leave_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="version,export,import,memory,migrate,journal")
    given = parser.parse_args()
    for name in ("source", "target"):
        servers.end(servers.load(HERE / name), 8)  # left behind by a run that was killed
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir(parents=True)
    bench = None
    try:
        servers.run(FERRY, "--version")  # builds what is not built
        wanted = given.only.split(",")
        if "journal" in wanted:
            journal()
        if wanted == ["journal"]:
            return 0
        with contextlib.ExitStack() as running:
            source = running.enter_context(stack.milvus_at(HERE / "source"))["uri"]
            target = running.enter_context(stack.milvus_at(HERE / "target"))["uri"]
            bench = Bench(source, target, given.rounds)
            work = {
                "version": bench.version,
                "export": bench.export,
                "import": bench.load,
                "memory": bench.memory,
                "gateway": bench.gateway,
                "migrate": bench.migrate,
            }
            for name, measure in work.items():
                if name in wanted:
                    measure()
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/bench: {failure}")
        return 1
    finally:
        if bench:
            print(
                "\n",
                bench.table,
                "\n",
                *(f"\n{remark}" for remark in bench.remarks),
                sep="",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
