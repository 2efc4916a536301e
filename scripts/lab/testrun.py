"""The body of scripts/test: servers, one Maven run with all tests, and the sum of its reports.

The live tests find the servers in these variables:

  FERRY_IT_SOURCE, FERRY_IT_TARGET   two empty Milvus 2.3.5, such as http://127.0.0.1:20000
  FERRY_IT_SOURCE_DATA, FERRY_IT_TARGET_DATA   where those two keep their files
  FERRY_IT_SECURED                   a third that wants user root with password Milvus
  FERRY_IT_OLD                       a Milvus 2.2.16
  FERRY_IT_LITE, FERRY_IT_LITE_TARGET   two milvus-lite 3.2.2
  FERRY_IT_CORE, FERRY_IT_CORE_TARGET   two milvus-lite 2.5.1, which have the C++ core
  FERRY_IT_S3, _BUCKETS, _CREDENTIALS   an S3 server, the directory whose folders are its buckets, and
                                     a file with its keys
  FERRY_IT_S3_SOURCE, _BUCKET, _ROOT   a Milvus 2.3.5 that keeps its files in a bucket there, and in
                                     which, below which prefix
  FERRY_IT_STAGING                   a directory that every Milvus here can read files from
  FERRY_IT_SFTP_URI, _HOST, _PORT, _USER, _KEY, _KNOWN_HOSTS, _DIR   an OpenSSH server; _DIR is a
                                     directory of its file system to ship into
  FERRY_IT_PYTHON                    a Python with pymilvus 2.3, pyarrow, duckdb and bagit
  FERRY_IT_PYTHON_NEW                a Python with a pymilvus that knows the newer types
  FERRY_IT_FERRY                     the path of scripts/ferry
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter, deque
from pathlib import Path

import lite
import milvus
import python
import servers
import stack

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "target/live"
MINUTES = 75
LINES, LINE = 40, 400  # of a failure or a log, enough to see what happened
FATAL = re.compile(r"panic|\bFATAL\b|fatal error|(?i:session).*(?i:disconnect|expire)")
# Which server a live test class needs, seen by the words in its source.
NEEDS = {
    "Milvus 2.3.5": r"Milvus|FERRY_IT_(SOURCE|TARGET|SECURED|FERRY)",
    "Milvus 2.2.16": r"FERRY_IT_OLD|LabServer",
    "milvus-lite 3.2.2": r"FERRY_IT_LITE|LabServer",
    "milvus-lite 2.5.1": r"FERRY_IT_CORE|LabServer",
    "OpenSSH": r"(?i)sftp",
    "versitygw 1.8.0 (S3)": r"FERRY_IT_S3",
}
WORTH_SHOWING = re.compile(r"Tests run:|\bERROR\b|BUILD|Running .*IT\b|Building .* \[\d+/\d+\]")


def main():
    stack.leave_on_signals()
    began = time.monotonic()
    forget_earlier_reports()
    status, dead = 1, []
    try:
        with contextlib.ExitStack() as running:
            # Built first, because a live test that calls scripts/ferry must find nothing to build.
            servers.run(ROOT / "scripts/ferry", "--version")
            environment = start_servers(running)
            status = run_maven(environment, sys.argv[1:])
            tell_failures()
            dead = list(tell_deaths())
    except (servers.ServerError, OSError) as failure:
        servers.say(f"scripts/test: {failure}")
    except KeyboardInterrupt:
        servers.say("scripts/test: interrupted; its servers are stopped")
        return 130
    return summary(status, dead, time.monotonic() - began)


def start_servers(running):
    shutil.rmtree(STATE / "staging", ignore_errors=True)
    (STATE / "staging").mkdir(parents=True)
    # A Milvus ends itself when its session runs out, as on a machine that stalls for seconds.
    patient = {"common__session__ttl": 60}
    source = running.enter_context(stack.milvus_at(fresh("source"), **patient))
    target = running.enter_context(stack.milvus_at(fresh("target"), **patient))
    secured = running.enter_context(
        stack.milvus_at(fresh("secured"), common__security__authorizationEnabled=True, **patient)
    )
    s3 = running.enter_context(stack.s3_at(fresh("s3")))
    bucket = stack.bucket(s3, "milvus", "region/files")
    s3_source = running.enter_context(
        stack.milvus_at(fresh("s3-source"), storage=bucket, **patient)
    )
    old = running.enter_context(stack.milvus_at(fresh("old"), milvus.OLD, **patient))
    light, light_target = (
        running.enter_context(stack.lite_at(fresh(name))) for name in ("lite", "lite-target")
    )
    core, core_target = (
        running.enter_context(stack.lite_at(fresh(name), lite.CORE))
        for name in ("core", "core-target")
    )
    sftp = running.enter_context(stack.sftp_at(fresh("sftp")))
    say(f"servers: Milvus {source['version']}: {source['uri']} (source), {target['uri']} (target),")
    say(f"         {secured['uri']} (with passwords), {s3_source['uri']} (files in {s3['uri']}, which")
    say(f"         is versitygw {s3['version']}); Milvus {old['version']}: {old['uri']};")
    for each, other in ((light, light_target), (core, core_target)):
        say(f"         milvus-lite {each['version']}: {each['uri']}, {other['uri']};")
    say(f"         {sftp['version']}: {sftp['uri']}; logs in {STATE.relative_to(ROOT)}")
    return {
        "FERRY_IT_SOURCE": source["uri"],
        "FERRY_IT_TARGET": target["uri"],
        "FERRY_IT_SOURCE_DATA": str(STATE / "source/data"),
        "FERRY_IT_TARGET_DATA": str(STATE / "target/data"),
        "FERRY_IT_SECURED": secured["uri"],
        "FERRY_IT_OLD": old["uri"],
        "FERRY_IT_LITE": light["uri"],
        "FERRY_IT_LITE_TARGET": light_target["uri"],
        "FERRY_IT_CORE": core["uri"],
        "FERRY_IT_CORE_TARGET": core_target["uri"],
        "FERRY_IT_S3": s3["uri"],
        "FERRY_IT_S3_BUCKETS": s3["data"],
        "FERRY_IT_S3_CREDENTIALS": s3["credentials"],
        "FERRY_IT_S3_SOURCE": s3_source["uri"],
        "FERRY_IT_S3_BUCKET": bucket["bucket"],
        "FERRY_IT_S3_ROOT": bucket["root"],
        "FERRY_IT_STAGING": str(STATE / "staging"),
        "FERRY_IT_SFTP_URI": sftp["uri"],
        "FERRY_IT_SFTP_HOST": servers.HOST,
        "FERRY_IT_SFTP_PORT": str(sftp["port"]),
        "FERRY_IT_SFTP_USER": sftp["user"],
        "FERRY_IT_SFTP_KEY": sftp["key"],
        "FERRY_IT_SFTP_KNOWN_HOSTS": sftp["knownHosts"],
        "FERRY_IT_SFTP_DIR": sftp["files"],
        "FERRY_IT_PYTHON": str(python.client_python()),
        "FERRY_IT_PYTHON_NEW": str(python.newer_python()),
        "FERRY_IT_FERRY": str(ROOT / "scripts/ferry"),
    }


def fresh(name):
    """An empty directory for a server, after stopping one that a killed run left there."""
    home = STATE / name
    servers.end(servers.load(home), 8)
    shutil.rmtree(home, ignore_errors=True)
    return home


def run_maven(environment, arguments):
    """All modules, each with its tests, then its live tests. The reports tell which tests failed, so
    that one failure hides no other; a module that does not build stops its users only."""
    words = ["mvn", "--batch-mode", "--no-transfer-progress", "--fail-at-end", "-P", "live"]
    words.append("-Dmaven.test.failure.ignore=true")
    log = STATE / "maven.log"
    say(f"{' '.join([*words, *arguments, 'verify'])}   (all of it in {log})")
    deadline = time.monotonic() + 60 * MINUTES
    with open(log, "w") as everything, stack.command(
        [*words, *arguments, "verify"],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as maven, stack.alarm(deadline):
        for line in maven.stdout:
            everything.write(line)
            if WORTH_SHOWING.search(line):
                say("  " + line.rstrip())
        return maven.wait()


# --- reports


def modules():
    return [pom.parent for pom in ROOT.glob("*/pom.xml")]


def reports(kind):
    for module in modules():
        yield from (module / f"target/{kind}-reports").glob("TEST-*.xml")


def tell_failures():
    """Print what each failed test said, so that the output alone tells what went wrong."""
    for report in [*reports("surefire"), *reports("failsafe")]:
        for case in ET.parse(report).iter("testcase"):
            for trouble in [*case.findall("failure"), *case.findall("error")]:
                lines = (trouble.text or "").strip().splitlines()
                say(f"\n{case.get('classname')}.{case.get('name')}:")
                say("\n".join(f"  {line[:LINE]}" for line in lines[:LINES]))


def tell_deaths():
    """The servers that ended by themselves, after the end of the log of each was printed."""
    for home in sorted(path.parent for path in STATE.glob(f"*/{servers.RECORD}")):
        record = servers.load(home)
        if "pid" in record and not servers.lives(record):
            for log in (home / "logs").glob("*.log"):
                with open(log, errors="replace") as lines:
                    last = deque((line.rstrip() for line in lines), LINES)
                with open(log, errors="replace") as lines:
                    fatal = deque((line.rstrip() for line in lines if FATAL.search(line)), 5)
                say(f"\nwhat {home.name}, which died, wrote last into {log.name}:")
                say("\n".join(f"  {line[:LINE]}" for line in [*fatal, *last]))
            yield home.name


def forget_earlier_reports():
    (STATE / "types.md").unlink(missing_ok=True)
    for module in modules():
        for kind in ("surefire", "failsafe"):
            shutil.rmtree(module / f"target/{kind}-reports", ignore_errors=True)


def outcomes(kind):
    """How often each class passed, failed and skipped, by (class, outcome)."""
    found = Counter()
    for report in reports(kind):
        for case in ET.parse(report).iter("testcase"):
            inside = {child.tag for child in case}
            outcome = "failed" if inside & {"failure", "error"} else "passed"
            outcome = "skipped" if "skipped" in inside else outcome
            # A class inside a class counts for the outer one.
            found[case.get("classname").split("$")[0].rpartition(".")[2], outcome] += 1
    return found


def live_classes():
    """Name and text of every live test in the sources, so that one which did not run is noticed."""
    found = {}
    for module in modules():
        for source in (module / "src/test/java").rglob("*IT.java"):
            text = source.read_text()
            if not re.search(rf"\babstract\s+class\s+{source.stem}\b", text):
                found[source.stem] = text
    return found


OUTCOMES = ("passed", "failed", "skipped")


def total(counts, outcome):
    return sum(number for (_, found), number in counts.items() if found == outcome)


def summary(status, dead, seconds):
    """Print what ran and what came of it; returns the exit status."""
    unit, live, sources = outcomes("surefire"), outcomes("failsafe"), live_classes()
    say("")
    for server, words in NEEDS.items():
        names = [name for name, text in sorted(sources.items()) if re.search(words, text)]
        say(f"live tests on {server}: {sum(live[name, 'passed'] for name in names)} passed")
        for name in names:
            counts = [
                f"{live[name, outcome]} {outcome}" for outcome in OUTCOMES if live[name, outcome]
            ]
            say(f"  {server} {name}: {', '.join(counts) or 'did not run'}")
    if (STATE / "types.md").exists():
        say(f"types that went through real servers, and how:\n\n{(STATE / 'types.md').read_text()}")
    say(
        f"unit, contract, golden and damage tests: {total(unit, 'passed')} passed;"
        f" {seconds:.0f} s in all"
    )
    found = [f"the server {name} died" for name in dead]
    found += troubles(status, unit, live, sources)
    for trouble in found:
        say(f"FAILED: {trouble}")
    # Whatever made this run fail counts, so that the last line never looks like a success.
    failed = total(unit + live, "failed") + len(found)
    say(f"{total(unit + live, 'passed')} passed, {failed} failed")
    return 1 if failed else 0


def troubles(status, unit, live, sources):
    """What is wrong with the run besides failed tests."""
    skipped = sorted({name for name, outcome in unit + live if outcome == "skipped"})
    if skipped:
        yield f"{total(unit + live, 'skipped')} tests were skipped, in {', '.join(skipped)}"
    ran = {name for name, _ in live}
    silent = sorted(set(sources) - ran)
    if silent and not any(word.startswith("-Dit.test") for word in sys.argv):
        yield f"live tests that did not run: {', '.join(silent)}"
    if not ran:
        yield "no live test ran"
    golden = [sys.executable, ROOT / "docs/format/fingerprint.py", "--check"]
    if subprocess.run(golden, stdout=subprocess.DEVNULL).returncode:
        yield "docs/format/fingerprint.py disagrees with its golden vectors"
    if status and not total(unit + live, "failed"):
        yield f"the build broke (status {status}), see {STATE / 'maven.log'}"


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
