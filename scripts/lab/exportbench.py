"""The body of `scripts/bench export`: parts written and read, and collections exported, beside peers."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import urllib.parse
from pathlib import Path

import milvus
import python
import servers
import stack
from bench import FERRY, HERE, ROOT, Run

LAB = Path(__file__).parent
LIBRARIES = ROOT / "cli/target/ferry/lib/*"
PEERS = "numpy<3", "pyarrow==26.0.1", "duckdb==2.0.0"
PART_ROWS, PART_DIMENSION = 40_000, 768
ROWS, DIMENSION = 100_000, 128
ITERATOR_BATCHES = 1_000, 10_000  # the SDK's own, and as many as pymilvus is asked for
WARM, MEASURED = 4, 3
STORED = (200_000, 128), (1_000_000, 768)  # the second is 3 GB of vectors


class Figures:
    """Runs of each side: wall seconds, CPU-seconds, peak megabytes if known, load."""

    def __init__(self, title, megabytes, rows):
        self.title, self.megabytes, self.rows = title, megabytes, rows
        self.runs = {}

    def add(self, name, seconds, cpu, peak, load):
        self.runs.setdefault(name, []).append((seconds, cpu, peak, load))
        servers.say(f"  {name:<48}{seconds:>8.2f} s{cpu:>8.2f} CPU-s   load {load:.2f}")

    def take(self, name, run):
        self.add(name, run.seconds, run.cpu, run.megabytes, run.load)

    def seconds(self, name):
        return statistics.median(seconds for seconds, *_ in self.runs[name])

    def cpu(self, name):
        return statistics.median(cpu for _, cpu, *_ in self.runs[name])

    def __str__(self):
        lines = [
            f"### {self.title}",
            "",
            "| side | runs | median s | min | max | rows/s | CPU s | min | max | MB/s per CPU-s | peak MB | load |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for name, runs in self.runs.items():
            seconds, cpu, peak, load = (list(column) for column in zip(*runs))
            cells = [name, len(runs)]
            cells += [f"{pick(seconds):.2f}" for pick in (statistics.median, min, max)]
            cells += [f"{self.rows / self.seconds(name):,.0f}"]
            cells += [f"{pick(cpu):.2f}" for pick in (statistics.median, min, max)]
            cells += [f"{self.megabytes / self.cpu(name):.0f}"]
            cells += [f"{max(peak):.0f}" if all(peak) else "", f"{min(load):.1f}-{max(load):.1f}"]
            lines.append(f"| {' | '.join(map(str, cells))} |")
        return "\n".join(lines)


class Sections:
    def __init__(self, given):
        self.rounds, self.quick = given.rounds, given.quick
        self.tables, self.remarks = [], []
        self.classes = HERE / "classes"
        tests = ROOT / "parquet-codec/src/test/java/io/milvusferry/parquet"
        files = [tests / f"{name}.java" for name in ("RecordParts", "PartThroughput")]
        files.append(LAB / "SdkExport.java")
        servers.run("javac", "-nowarn", "-proc:none", "-d", self.classes, "-cp", LIBRARIES, *files)

    def table(self, *about):
        self.tables.append(Figures(*about))
        return self.tables[-1]

    def ratio(self, table, ours, peer, aim, what="cpu"):
        own, other = getattr(table, what)(ours), getattr(table, what)(peer)
        unit = "per CPU-second" if what == "cpu" else "in wall time"
        self.remarks.append(
            f"{table.title}: {ours} is {other / own:.2f} x {peer} {unit}, medians; the aim is {aim}"
        )

    def writer(self):
        """Part files of one process each, in memory before the clock starts, warm."""
        peers = servers.python_with("peers", PEERS) / "bin/python"
        script, vectors = LAB / "partpeers.py", HERE / "vectors"
        dimension, rows = PART_DIMENSION, PART_ROWS
        servers.run(peers, script, "make", vectors, str(rows), str(dimension))
        megabytes = vectors.stat().st_size / 1e6
        what = f"{rows:,} x {dimension}, unit norm, PLAIN"
        written = self.table(f"parts written, {what}", megabytes, rows)
        read = self.table(f"parts read, {what}", megabytes, rows)
        files = {way: HERE / f"{way}.parquet" for way in ("encoder", "part", "record", "pyarrow")}
        java = ["java", "-Xmx1g", "-XX:+UseParallelGC", "-cp", f"{self.classes}:{LIBRARIES}"]
        java.append("io.milvusferry.parquet.PartThroughput")
        ferry = "ferry, encoder alone", "ferry, with digest and fingerprint"
        record, arrow = "parquet-java, record API", "pyarrow"
        runs = WARM, MEASURED
        for _ in range(self.rounds):
            for name, way in zip((*ferry, record), files):
                words = [*java, way, vectors, dimension, files[way], *runs]
                self.measure(written, name, words)
            words = [peers, script, "write", vectors, dimension, files["pyarrow"], *runs]
            self.measure(written, arrow, words)
            words = [*java, "read", vectors, dimension, files["part"], *runs]
            self.measure(read, "ferry, checksums verified", words)
            words = [peers, script, "read", vectors, dimension, files["part"], *runs]
            self.measure(read, arrow, words)
        servers.run(peers, script, "check", vectors, str(dimension), *files.values())
        self.ratio(written, ferry[0], arrow, "1.2")
        self.ratio(written, ferry[1], record, "5")
        self.ratio(written, ferry[1], arrow, "0.7")
        self.ratio(read, "ferry, checksums verified", arrow, "not set")
        self.remarks.append("all of these files hold the same vectors to pyarrow and to DuckDB")

    def measure(self, table, name, words):
        """Adds the median of the runs that a warm process did."""
        load = os.getloadavg()[0]
        words = [str(word) for word in words]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise servers.ServerError(f"{name} ended with {done.returncode}: {done.stderr[-2000:]}")
        figures = [tuple(map(float, line.split(";"))) for line in done.stdout.splitlines()]
        seconds, cpu = (statistics.median(column) for column in zip(*figures))
        table.add(name, seconds, cpu, 0, load)

    def api(self):
        """Whole processes that read one loaded collection by queries into one Parquet file."""
        client, script = python.client_python(), LAB / "benchdata.py"
        table = self.table(
            f"export by API, {ROWS:,} x {DIMENSION}, one Milvus 2.3.5", 4e-6 * ROWS * DIMENSION, ROWS
        )
        ferry, arrow = "ferry export", "pymilvus query_iterator + pyarrow"
        sdk = {batch: f"SDK queryIterator({batch:,}) + parquet-java" for batch in ITERATOR_BATCHES}
        with stack.milvus_at(HERE / "server") as server:
            uri, pid = server["uri"], server["pid"]
            servers.run(client, script, "fill", uri, "speed", str(ROWS), str(DIMENSION), "IVF_FLAT")
            shares = {}

            def take(name, words):
                before = processor_seconds(pid)
                table.take(name, Run(words))
                shares.setdefault(name, []).append(processor_seconds(pid) - before)

            for number in range(self.rounds):
                words = [FERRY, "export", "--from", uri, "--only", "speed", "--reader", "api"]
                take(ferry, [*words, "--to", HERE / f"speed-{number}"])
                for batch, name in sdk.items():
                    words = ["java", "-cp", f"{self.classes}:{LIBRARIES}", "SdkExport", uri]
                    take(name, [*words, "speed", HERE / "sdk.parquet", batch, ROWS])
                if not (self.quick and number):
                    take(arrow, [client, script, "export", uri, "speed", HERE / "peer.parquet"])
        for name, used in shares.items():
            self.remarks.append(
                f"{table.title}, {name}: the server used {statistics.median(used):.1f} CPU-s"
            )
        self.ratio(table, ferry, arrow, "5", "seconds")
        self.ratio(table, ferry, min(sdk.values(), key=table.seconds), "1.5", "seconds")

    def storage(self):
        """Segment files made an archive, beside copies of them by milvus-backup."""
        backup = backup_program()
        client, script = python.client_python(), LAB / "benchdata.py"
        sizes = STORED[:1] if self.quick else STORED
        for rows, dimension in sizes:
            name = f"stored{dimension}"
            table = self.table(
                f"export from segment files, {rows:,} x {dimension}", 4e-6 * rows * dimension, rows
            )
            home = HERE / "server"
            with stack.milvus_at(home) as server:
                uri = server["uri"]
                servers.run(client, script, "fill", uri, name, str(rows), str(dimension), "FLAT")
                config = backup_config(home, uri)
                profile = HERE / "ferry.yaml"
                profile.write_text(
                    "configVersion: 1\nprofiles:\n  source:\n"
                    f"    uri: {uri}\n    storage: {{ kind: directory, path: {home}/data }}\n"
                )
                for number in range(self.rounds):
                    archive, copy = HERE / f"{name}-{number}", f"b{number}"
                    words = [FERRY, "export", "--config", profile, "--from", "source"]
                    words += ["--only", name, "--reader", "storage", "--to", archive]
                    table.take("ferry export --reader storage", Run(words))
                    words = [backup, "create", "-n", copy, "--config", config]
                    table.take("milvus-backup create", Run([*words, "--filter", f"default.{name}"]))
                    shutil.rmtree(archive)
                    shutil.rmtree(HERE / "backups")
            shutil.rmtree(home)
            aim = "at least 0.5" if rows == ROWS * 2 else "at least 1"
            self.ratio(table, "ferry export --reader storage", "milvus-backup create", aim, "seconds")


def backup_program():
    """milvus-backup 0.5, from the path or the cache; it is in no package index."""
    found = shutil.which("milvus-backup") or servers.cache() / "milvus-backup"
    if not Path(found).exists():
        raise servers.ServerError(
            f"there is no milvus-backup: put one of its releases on the path, or at {found}"
        )
    return found


def backup_config(home, uri):
    """Settings of milvus-backup for a server of the lab, which keeps its files in a directory."""
    at = urllib.parse.urlsplit(uri)
    etcd = at.port + milvus.ETCD_CLIENT
    config = HERE / "backup.yaml"
    config.write_text(
        milvus.nested(
            {
                "log.level": "warn",
                "log.file.filename": HERE / "backup.log",
                "milvus.address": at.hostname,
                "milvus.port": at.port,
                "milvus.user": '""',
                "milvus.password": '""',
                "milvus.etcd.endpoints": f"{at.hostname}:{etcd}",
                "milvus.etcd.rootPath": "by-dev",
                "minio.storageType": "local",
                "minio.rootPath": home / "data",
                "minio.backupStorageType": "local",
                "minio.backupRootPath": HERE / "backups",
                "backup.gcPause.enable": "false",
            }
        )
    )
    return config


def processor_seconds(pid):
    """CPU-seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    stack.leave_on_signals()
    parser = argparse.ArgumentParser(prog="scripts/bench export")
    names = "writer", "api", "storage"
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--quick", action="store_true", help="slow peers once, no 3 GB")
    given = parser.parse_args()
    wanted = given.only.split(",")
    if set(wanted) - set(names):
        parser.error(f"there are {', '.join(names)}")
    servers.end(servers.load(HERE / "server"), 8)  # left behind by a run that was killed
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir(parents=True)
    sections = None
    try:
        servers.run(FERRY, "--version")  # builds what is not built
        sections = Sections(given)
        for name in wanted:
            getattr(sections, name)()
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/bench export: {failure}")
        return 1
    finally:
        if sections:
            print(*sections.tables, *sections.remarks, sep="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
