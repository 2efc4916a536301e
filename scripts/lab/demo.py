"""The body of scripts/demo: real servers, real `ferry` commands, a table of what came of it."""

import contextlib
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import digits
import python
import servers
import stack

ROOT = Path(__file__).resolve().parents[2]
HERE = Path("target/demo")  # every command runs in ROOT, so that what is printed can be repeated


class StepFailed(Exception):
    pass


class Journey:
    """Runs one step after the other, shows each command, and remembers how long it took."""

    def __init__(self):
        self.steps = []

    def step(self, title, *words, cwd=ROOT):
        """Run a command and show what it prints, on standard output and error both."""
        place = "" if cwd == ROOT else f"cd {cwd.relative_to(ROOT)}; "
        print(f"\n── {title}\n$ {place}{shlex.join(map(str, words))}", flush=True)
        began = time.monotonic()
        with stack.command(words, cwd=cwd, stdin=subprocess.DEVNULL) as process:
            status = process.wait()
        self.steps.append(
            (title, time.monotonic() - began, "done" if status == 0 else f"status {status}")
        )
        if status:
            raise StepFailed(f"{title} ended with status {status}")

    def table(self):
        lines = ["", f"{'step':<44}{'seconds':>9}  result"]
        lines += [f"{title:<44}{seconds:>9.1f}  {result}" for title, seconds, result in self.steps]
        return "\n".join(lines)


def main():
    stack.leave_on_signals()
    journey = Journey()
    try:
        with contextlib.ExitStack() as running:
            travel(journey, running)
    except StepFailed as failure:
        print(journey.table(), f"\nthe demo failed: {failure}", sep="\n", flush=True)
        return 1
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/demo: {failure}")
        return 1
    except KeyboardInterrupt:
        servers.say("scripts/demo: interrupted; its servers are stopped")
        return 130
    print(journey.table(), sizes(), farewell(), sep="\n", flush=True)
    return 0


def travel(journey, running):
    for name in ("source", "target", "sftp"):
        servers.end(servers.load(ROOT / HERE / name), 8)  # left behind by a demo that was killed
    shutil.rmtree(ROOT / HERE, ignore_errors=True)
    (ROOT / HERE).mkdir(parents=True)

    client, table = python.client_python(), digits.digits()
    script = Path("scripts/lab/demodata.py")
    ferry = "scripts/ferry"
    journey.step("build ferry, where it is not built", ferry, "--version")

    source = running.enter_context(stack.milvus_at(ROOT / HERE / "source"))["uri"]
    target = running.enter_context(stack.milvus_at(ROOT / HERE / "target"))["uri"]
    sftp = running.enter_context(stack.sftp_at(ROOT / HERE / "sftp"))
    print(f"\nsource region {source}   target region {target}   between them {sftp['uri']}")
    inbox = f"{sftp['uri']}{sftp['files']}/inbox"
    trust = ["--ssh-key", HERE / "sftp/client_key", "--known-hosts", HERE / "sftp/known_hosts"]
    archive, received = HERE / "nightly", HERE / "received"

    journey.step("load two collections into the source", client, script, "load", source, table)
    journey.step("export", ferry, "export", "--from", source, "--to", archive)
    journey.step("inspect", ferry, "inspect", archive)
    journey.step("verify", ferry, "verify", archive)
    journey.step("ship over SFTP", ferry, "ship", archive, "--to", inbox, *trust)
    (bundle,) = (ROOT / HERE / "sftp/files/inbox").iterdir()
    journey.step(
        "receive, and verify", ferry, "receive", f"{inbox}/{bundle.name}", "--to", received, *trust
    )
    checksums = ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"]
    journey.step("check without ferry", *checksums, cwd=ROOT / received)
    journey.step("import", ferry, "import", received, "--into", target, "--staging", "in-place")
    journey.step("compare source and target, every row", ferry, "compare", source, target)
    journey.step("ask both sides the same questions", client, script, "search", source, target)


def sizes():
    def bytes_in(folder):
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    raw, wire = bytes_in(ROOT / HERE / "nightly"), bytes_in(ROOT / HERE / "sftp/files/inbox")
    ratio = f"{raw / wire:.2f} times smaller"
    return f"\narchive {raw / 1e6:.1f} MB, on the wire {wire / 1e6:.1f} MB: {ratio}"


def farewell():
    return f"""
Every server is stopped. To look around:
  cat {HERE}/received/README.md             how to read the archive without ferry
  scripts/ferry inspect {HERE}/received     what is in it
  scripts/lab/milvus.py start {HERE}/target   the target region again, with its data
  scripts/lab/milvus.py stop {HERE}/target"""


if __name__ == "__main__":
    sys.exit(main())
