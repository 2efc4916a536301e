"""The body of `scripts/bench ship`: ferry and other senders in turn over an emulated link."""

import argparse
import contextlib
import filecmp
import json
import os
import random
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import zlib
from pathlib import Path

import link
import python
import servers
import sftp
import stack
from bench import FERRY, HERE, ROOT, Run

PORT = 2222
PART = 4 << 20
WHOLE, SMALL, LARGE = 64, 16, 1024  # parts: 256 MiB, 64 MiB and 4 GiB
COUNTS = 8, 16, 32, 48
COLLECTIONS, ROWS, DIMENSION = 6, 50_000, 128
GCM = "aes128-gcm@openssh.com"
EMBEDDINGS = "wordllama==0.4.0.post1", "pyarrow==26.0.1"


class Outcomes:
    """Runs by sender, number of connections and size of what was sent."""

    def __init__(self, title):
        self.title = title
        self.runs = {}

    def add(self, name, count, sent, seconds, cpu, load):
        self.runs.setdefault((name, count, sent), []).append((seconds, cpu, load))
        rate = f"{sent / seconds / 1e6:.2f}"
        servers.say(f"  {name:<44}{count:>5}{seconds:>9.2f} s{rate:>8} MB/s   load {load:.2f}")

    def rate(self, name, count=None):
        rates = [
            statistics.median(sent / seconds for seconds, _, _ in runs) / 1e6
            for (own, connections, sent), runs in self.runs.items()
            if own == name and count in (None, connections)
        ]
        return max(rates, default=None)

    def seconds(self, name):
        (runs,) = (runs for (own, _, _), runs in self.runs.items() if own == name)
        return statistics.median(seconds for seconds, _, _ in runs)

    def __str__(self):
        lines = [
            f"### {self.title}",
            "",
            "| sender | connections | MiB | runs | median s | min | max | MB/s | CPU s | load |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for (name, count, sent), runs in self.runs.items():
            seconds, cpu, load = (list(column) for column in zip(*runs))
            cells = [name, count, sent >> 20, len(runs)]
            cells += [f"{pick(seconds):.1f}" for pick in (statistics.median, min, max)]
            cells += [f"{sent / statistics.median(seconds) / 1e6:.2f}"]
            cells += [f"{statistics.median(cpu):.1f}", f"{min(load):.1f}-{max(load):.1f}"]
            lines.append(f"| {' | '.join(map(str, cells))} |")
        return "\n".join(lines)


class Source:
    """Archives of random bytes, made once."""

    def __init__(self):
        classes = HERE / "classes"
        sources = ROOT / "testkit/src/main/java/io/milvusferry/testkit"
        libraries = ROOT / "cli/target/ferry/lib/*"
        files = [sources / f"{name}.java" for name in ("SampleBag", "RandomBag")]
        servers.run("javac", "-proc:none", "-d", classes, "-cp", libraries, *files)
        self.java = ["java", "-cp", f"{classes}:{libraries}", "io.milvusferry.testkit.RandomBag"]

    def archive(self, parts, size=PART):
        home = HERE / f"archive-{parts}-{size >> 20}"
        if not home.exists():
            servers.run(*self.java, home, 7, parts, size)
        return home


class Server:
    """An OpenSSH server, at the far end of a link or on loopback."""

    def __init__(self, home, host, near, far):
        self.home, self.host, self.near, self.far = home, host, near, far
        self.key, self.hosts = home / "client_key", home / "known_hosts"
        self.inbox = home / "inbox"
        self.options = ["-F", "none", "-i", self.key, "-o", f"UserKnownHostsFile={self.hosts}"]
        self.options += ["-o", "BatchMode=yes", "-o", "Compression=no", "-c", GCM]

    @contextlib.contextmanager
    def running(self):
        self.home.mkdir(parents=True, exist_ok=True)
        sftp.keys(self.home)
        # No limit of logins that would make those wait which open all their connections at once.
        changes = {"MaxStartups": "200:30:300", "MaxSessions": 100, "ForceCommand": "none"}
        sftp.configure(self.home, PORT, changes, self.host)
        words = [*self.far, sftp.binary(), "-D", "-e", "-f", self.home / "sshd_config"]
        with open(self.home / "sshd.log", "ab") as log, stack.command(words, stderr=log):
            probe = [*self.near, "ssh", *map(str, self.options), "-p", str(PORT)]
            probe += [f"root@{self.host}", "true"]
            for _ in range(20):
                if not subprocess.run(probe, stderr=subprocess.DEVNULL).returncode:
                    break
                time.sleep(0.2)
            else:
                raise servers.ServerError(f"the server did not start, see {self.home}/sshd.log")
            yield self

    def cleared(self):
        shutil.rmtree(self.inbox, ignore_errors=True)
        self.inbox.mkdir()
        return self.inbox


@contextlib.contextmanager
def over_link(**options):
    home = HERE / "link"
    if home.exists():
        servers.stop(home, 5)
    about = link.start(home, parent=os.getpid(), **options)
    try:
        servers.say(f"link: {about}")
        with Server(HERE / "far", link.ADDRESSES[1], about["near"], about["far"]).running() as far:
            yield far
        servers.say(f"link: {link.describe(home, servers.load(home))}")
    finally:
        with stack.undisturbed():
            servers.stop(home, 5)


@contextlib.contextmanager
def on_loopback():
    with Server(HERE / "local", servers.HOST, [], []).running() as server:
        yield server


class Senders:
    """Each sends an archive into an empty inbox; what arrived is compared byte by byte."""

    def __init__(self, server, outcomes):
        self.server, self.outcomes = server, outcomes
        self.shell = shlex.join(["ssh", *map(str, server.options), "-p", str(PORT)])
        self.remote = f"root@{server.host}"

    def measure(self, name, count, archive, *commands, inside="", resumes=False, **env):
        """`commands` run one after the other, at the near end but for pairs that name the far one."""
        inbox = self.server.inbox if resumes else self.server.cleared()
        load = os.getloadavg()[0]
        seconds, cpu = 0.0, 0.0
        for at_far, words in commands:
            run = Run([*(self.server.far if at_far else self.server.near), *words], **env)
            seconds, cpu = seconds + run.seconds, cpu + (0 if at_far else run.cpu)
        require_equal(archive, inbox / inside if inside else inbox / archive.name)
        sent = size_of(archive)
        self.outcomes.add(name, count, sent, seconds, cpu, load)

    def take(self, name, count, words, archive):
        """One command at the near end that makes or sends such an archive; nothing is compared."""
        self.server.cleared()
        load = os.getloadavg()[0]
        run = Run([*self.server.near, *map(str, words)], XDG_STATE_HOME=str(HERE / "state"))
        self.outcomes.add(name, count, size_of(archive), run.seconds, run.cpu, load)

    def ferry(self, archive, count, name="ferry ship, then receive", codec="none", resumes=False):
        state, inbox = HERE / "state", self.server.inbox
        ship = self.ship(archive, count, codec)
        receive = [FERRY, "receive", inbox, "--to", inbox / "arrived", "--progress", "none"]
        commands = (False, ship), (True, receive)
        if not resumes:
            shutil.rmtree(state, ignore_errors=True)
        options = {"inside": "arrived", "resumes": resumes, "XDG_STATE_HOME": str(state)}
        self.measure(name, count, archive, *commands, **options)

    def killed(self, archive, count, kill_at):
        """Payload of a shipment that is killed at so many bytes and made again; compared."""
        inbox = self.server.cleared()
        state = HERE / "state"
        shutil.rmtree(state, ignore_errors=True)
        before = payload(HERE / "link")
        if kill_at:
            words = [*self.server.near, *self.ship(archive, count, "none")]
            environment = os.environ | {"XDG_STATE_HOME": str(state)}
            with stack.command(words, env=environment, stdout=subprocess.DEVNULL) as process:
                while payload(HERE / "link") - before < kill_at and process.poll() is None:
                    time.sleep(0.01)
                process.kill()
                process.wait()
            time.sleep(2)  # what its sockets still held
        name = "ferry ship after a kill" if kill_at else "ferry ship, then receive"
        self.ferry(archive, count, name, resumes=True)
        return payload(HERE / "link") - before

    def ship(self, archive, count, codec):
        words = [FERRY, "ship", archive, "--codec", codec, "--progress", "none"]
        words += ["--to", f"sftp://{self.remote}:{PORT}{self.server.inbox}"]
        words += ["--ssh-key", self.server.key, "--known-hosts", self.server.hosts]
        words += ["--connections", count] if count else []
        return list(map(str, words))

    def scp(self, archive):
        words = ["scp", "-q", "-r", *self.server.options, "-P", PORT, archive]
        self.measure("scp", 1, archive, (False, [*words, f"{self.remote}:{self.server.inbox}"]))

    def rsync(self, archive):
        words = ["rsync", "-a", "-W", "--inplace", "-e", self.shell, archive]
        target = f"{self.remote}:{self.server.inbox}/"
        self.measure("rsync -W", 1, archive, (False, [*words, target]))

    def sftp(self, archive):
        batch = HERE / "batch"
        batch.write_text(f"put -r {archive} {self.server.inbox}\n")
        words = ["sftp", "-q", "-R", 256, "-B", 261120, "-b", batch, *self.server.options]
        words += ["-P", PORT, self.remote]
        self.measure("sftp -R 256 -B 261120", 1, archive, (False, words))

    def lftp(self, archive, count=None):
        """Without a count: as it is without settings."""
        shell = f"{self.shell} -a -x"
        script = [f'set sftp:connect-program "{shell}"', "set cmd:fail-exit yes"]
        script += ["set sftp:auto-confirm yes"]
        parallel = ""
        if count:
            # Larger writes (255k) made it five times slower, more of them at once no faster.
            parallel = f"-P {count}"
        target = f"{self.server.inbox}/{archive.name}"
        script += [f"open -u root,none sftp://{self.server.host}:{PORT}"]
        script += [f"mirror -R --no-perms {parallel} {archive} {target}"]
        name = f"lftp mirror -R{' -P' if count else ''}"
        self.measure(name, count or 1, archive, (False, ["lftp", "-c", "; ".join(script)]))

    def rclone(self, archive, count=None):
        """Without a count: as it is without settings, with four transfers."""
        words = ["rclone", "copy", archive, f":sftp:{self.server.inbox}/{archive.name}"]
        words += ["--config", "/dev/null", "--sftp-host", self.server.host, "--sftp-port", PORT]
        words += ["--sftp-user", "root", "--sftp-key-file", self.server.key]
        words += ["--sftp-known-hosts-file", self.server.hosts]
        if count:
            words += ["--transfers", count, "--checkers", count, "--sftp-concurrency", 64]
            # Chunks of 255k made it half as fast.
            words += ["--sftp-disable-hashcheck", "--no-traverse", "--sftp-set-modtime=false"]
        name = f"rclone copy{' --transfers' if count else ''}"
        self.measure(name, count or 4, archive, (False, words))


def size_of(directory):
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())


def require_equal(first, second):
    for file in first.rglob("*"):
        other = second / file.relative_to(first)
        if file.is_file() and not (other.is_file() and filecmp.cmp(file, other, shallow=False)):
            raise servers.ServerError(f"{other} is not what was sent")


class Sections:
    def __init__(self, given):
        self.rounds, self.counts, self.peers = given.rounds, given.connections, not given.alone
        self.quick = given.quick
        self.source = Source()
        self.tables, self.remarks = [], []

    def table(self, title):
        self.tables.append(Outcomes(title))
        return self.tables[-1]

    def lossy(self):
        """Many connections against loss."""
        table = self.table("200 Mbit/s, RTT 100 ms, 0.1 % loss, CUBIC")
        archive = self.source.archive(WHOLE)
        small = self.source.archive(1, SMALL * PART)  # scp and sftp wait between files
        with over_link() as server:
            senders = Senders(server, table)
            for number in range(self.rounds):
                for count in self.counts:
                    senders.ferry(archive, count)
                    if self.peers:
                        senders.lftp(archive, count)
                        senders.rclone(archive, count)
                senders.ferry(archive, 0, name="ferry, nothing set")
                if self.peers and not (self.quick and number):
                    # One stream at half a megabyte a second: a smaller archive tells its rate.
                    senders.rsync(small)
                    senders.scp(small)
                    senders.lftp(small)
                    senders.rclone(archive)
        self.compare_lossy(table)

    def compare_lossy(self, table):
        ours = "ferry ship, then receive"
        for count in self.counts:
            for peer in ("lftp mirror -R -P", "rclone copy --transfers"):
                self.ratio(table, ours, peer, count)
        stock = "ferry, nothing set"
        for peer in ("rsync -W", "scp", "lftp mirror -R", "rclone copy"):
            self.ratio(table, stock, peer)

    def ratio(self, table, ours, peer, count=None):
        own, other = table.rate(ours, count), table.rate(peer, count)
        if own and other:
            connections = f", {count} connections" if count else ""
            self.remarks.append(
                f"{table.title}{connections}: {ours} {own:.2f} MB/s, {peer} {other:.2f} MB/s,"
                f" {own / other:.2f} times as fast"
            )

    def clean(self):
        self.without_loss("0 % loss, CUBIC", loss=0)

    def bbr(self):
        self.without_loss("0.1 % loss, BBR", congestion="bbr")

    def without_loss(self, what, **options):
        """Where one stream can fill the link."""
        table = self.table(f"200 Mbit/s, RTT 100 ms, {what}")
        archive = self.source.archive(WHOLE)
        single = self.source.archive(1, WHOLE * PART)  # scp and sftp wait between files
        with over_link(**options) as server:
            senders = Senders(server, table)
            for _ in range(self.rounds):
                senders.ferry(archive, 0, name="ferry, nothing set")
                if self.peers:
                    senders.scp(single)
                    senders.sftp(single)
                    senders.rsync(single)
                    senders.lftp(archive, 16)
                    senders.rclone(archive, 16)
        for peer in ("scp", "sftp -R 256 -B 261120", "rsync -W", "lftp mirror -R -P",
                     "rclone copy --transfers"):
            self.ratio(table, "ferry, nothing set", peer)

    def loopback(self):
        """Where the processors are the limit."""
        parts = WHOLE if self.quick else LARGE
        table = self.table(f"loopback, {parts * PART >> 20} MiB")
        archive = self.source.archive(parts)
        with on_loopback() as server:
            senders = Senders(server, table)
            for _ in range(self.rounds):
                senders.ferry(archive, 0, name="ferry, nothing set")
                senders.scp(archive)  # on loopback it need not wait
        self.ratio(table, "ferry, nothing set", "scp")


    def resume(self):
        """What is sent again after a kill, counted at the link."""
        archive, count = self.source.archive(WHOLE), 8
        table = self.table(f"SIGKILL and again, {count} connections, 200 Mbit/s, RTT 100 ms")
        luck = random.Random(7)
        with over_link(loss=0) as server:
            senders = Senders(server, table)
            whole = senders.killed(archive, count, None)
            extra = []
            for _ in range(2 if self.quick else 2 * self.rounds):
                kill_at = luck.uniform(0.03, 0.97) * whole
                extra.append((senders.killed(archive, count, kill_at) - whole) / 2**20)
                servers.say(f"  killed after {kill_at / 1e6:.1f} MB: {extra[-1]:.2f} MiB more")
        self.remarks.append(
            f"{table.title}: a run without a kill put {whole / 1e6:.1f} MB on the link; those with one"
            f" {min(extra):.2f} to {max(extra):.2f} MiB more, {len(extra)} runs; logins, which are"
            f" made twice, included. The bound is {count} MiB"
        )

    def overlap(self):
        """Export and shipping at once, beside each of them alone; Milvus is at the near end.

        Parts are shipped when they are finished, so there must be several: here, of one collection each.
        """
        what = f"{COLLECTIONS} x {ROWS:,} x {DIMENSION}"
        table = self.table(f"{what}, exported and shipped over 200 Mbit/s, 100 ms")
        client, archive = python.client_python(), HERE / "exported"
        script, milvus = (Path(__file__).with_name(name) for name in ("benchdata.py", "milvus.py"))
        with over_link() as server:
            home, senders = HERE / "milvus", Senders(server, table)
            words = [*server.near, sys.executable, milvus, "start", home, "--port", 0]
            uri = json.loads(said(words).splitlines()[-1])["uri"]
            try:
                for number in range(COLLECTIONS):
                    fill = [client, script, "fill", uri, f"speed{number}", ROWS, DIMENSION, "FLAT"]
                    servers.run(*server.near, *map(str, fill))
                source = ["--from", uri, "--only", "speed*", "--progress", "none"]
                export = [FERRY, "export", *source, "--to", archive]
                for _ in range(self.rounds):
                    self.export_and_ship(senders, export, archive, source)
            finally:
                with stack.undisturbed():
                    servers.stop(home, 20)
        alone = "ferry export", "ferry ship"
        times = {name: table.seconds(name) for name in (*alone, "ferry send")}
        slower = max(times[name] for name in alone)
        self.remarks.append(
            f"{table.title}: export {times['ferry export']:.1f} s, ship {times['ferry ship']:.1f} s,"
            f" send {times['ferry send']:.1f} s, {times['ferry send'] / slower:.2f} times the slower"
        )

    def export_and_ship(self, senders, export, archive, source):
        for made in (archive, HERE / "state"):
            shutil.rmtree(made, ignore_errors=True)
        senders.take("ferry export", 1, export, archive)
        ship = senders.ship(archive, 0, "blocks")
        senders.take("ferry ship", 0, ship, archive)
        shutil.rmtree(HERE / "state")
        senders.take("ferry send", 0, [FERRY, "send", *source, *ship[ship.index("--to") :]], archive)

    def codec(self):
        """The default codec on vectors of several kinds, with no link."""
        vectors, classes = HERE / "vectors", HERE / "codec"
        servers.run(python.client_python(), Path(__file__).with_name("vectordata.py"), vectors)
        embeddings = servers.python_with("embeddings", EMBEDDINGS) / "bin/python"
        script = Path(__file__).with_name("embeddings.py")
        servers.run(embeddings, script, vectors / "sentence embeddings, unit norm")
        libraries = ROOT / "cli/target/ferry/lib/*"
        package = "io.milvusferry.transfer.bundle"
        sources = ROOT / "transfer/src/test/java" / package.replace(".", "/")
        file = sources / "CodecThroughput.java"
        servers.run("javac", "-proc:none", "-d", classes, "-cp", libraries, file)
        words = ["java", "-cp", f"{classes}:{libraries}", f"{package}.CodecThroughput"]
        words += sorted(vectors.iterdir())
        self.tables.append(CodecTable(said(words)))


class CodecTable:
    def __init__(self, lines):
        self.load = os.getloadavg()[0]
        self.lines = lines.splitlines()

    def __str__(self):
        rows = [
            f"### The default codec, load {self.load:.1f}",
            "",
            "| data | MB | ratio | gzip -6 | packing, MB/s per CPU-s | opening |",
            "|---|---|---|---|---|---|",
        ]
        for line in self.lines:
            name, raw, wire, packing, opening = line.split(";")
            raw = int(raw)
            gzip = raw / compressed(HERE / "vectors" / name)
            cells = [name, f"{raw / 1e6:.0f}", f"{raw / int(wire):.3f}", f"{gzip:.3f}"]
            cells += [f"{raw / 1e6 / float(cpu):.0f}" for cpu in (packing, opening)]
            rows.append(f"| {' | '.join(cells)} |")
        return "\n".join(rows)


def compressed(file):
    """What gzip makes of the first 25 MB, scaled to the file: the rest is alike."""
    with open(file, "rb") as content:
        head = content.read(25_000_000)
    return len(zlib.compress(head, 6)) * file.stat().st_size / len(head)


def said(words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise servers.ServerError(f"{words[0]} ended with status {done.returncode}")
    return done.stdout


def payload(home):
    """Bytes that the near end put on the link, without the headers of IP and TCP."""
    there = link.numbers(home)["there"]
    return there["bytes"] - 52 * there["packets"]


def counts(text):
    return [int(word) for word in text.split(",")]


def main():
    stack.leave_on_signals()
    parser = argparse.ArgumentParser(prog="scripts/bench ship")
    names = "lossy", "clean", "bbr", "loopback", "overlap", "codec", "resume"
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--connections", type=counts, default=COUNTS)
    parser.add_argument("--alone", action="store_true", help="ferry without its peers")
    parser.add_argument("--quick", action="store_true", help="slow peers once, 256 MiB on loopback")
    given = parser.parse_args()
    wanted = given.only.split(",")
    if set(wanted) - set(names):
        parser.error(f"there are {', '.join(names)}")
    if os.getuid():
        servers.say("scripts/bench ship: network namespaces need root")
        return 1
    if (HERE / "link").exists():
        servers.stop(HERE / "link", 5)
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir(parents=True)
    sections = None
    try:
        servers.run(FERRY, "--version")  # builds what is not built
        sections = Sections(given)
        for name in wanted:
            getattr(sections, name)()
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/bench ship: {failure}")
        return 1
    finally:
        if sections:
            print(*sections.tables, *sections.remarks, sep="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
