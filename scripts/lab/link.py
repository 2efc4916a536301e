#!/usr/bin/env python3
"""Starts and stops an emulated link between two network namespaces of this machine, as root.

  link.py start DIR [--delay MS] [--rate MBIT] [--loss PERCENT] [--queue BYTES]
                    [--congestion cubic|bbr|reno] [--seed N] [--parent PID]
  link.py status DIR          what runs, with the packets and bytes of each direction
  link.py cut DIR             loses whatever enters from now on
  link.py mend DIR
  link.py stop DIR

The delay is one way. Commands run at an end by the words that `start` prints as `near` and `far`,
such as `nsenter --net=/proc/4711/fd/3 ssh 10.213.7.2`. The congestion control is pinned on the
routes, so the default of the machine has no part in it. The link ends with the process --parent,
too; it leaves nothing on the machine but DIR. Every command prints one line of JSON. Exit status:
0 done, 1 failed, 3 (status) not running.
"""

import argparse
import hashlib
import mmap
import os
import shutil
import struct
import sys
from pathlib import Path

import servers
from servers import ServerError

SOURCE = Path(__file__).with_name("link.c")
ADDRESSES = "10.213.7.1", "10.213.7.2"
TALLY = "packets", "bytes", "lost", "overflowed", "arrived", "arrivedBytes"
CUT, WORDS = 8, 14  # where the switch is in the board of link.c, and how many numbers that has
BUFFERS = "4096 131072 33554432"  # least, first and most: large enough not to be the limit


def program():
    """The emulator, compiled once for each state of its source."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = servers.cache() / "link" / digest
    with servers.exclusive(servers.cache() / "link.lock"):
        if not built.exists():
            built.parent.mkdir(parents=True, exist_ok=True)
            fresh = built.with_suffix(".new")
            servers.run("cc", "-O2", "-std=gnu11", "-o", fresh, SOURCE)
            fresh.replace(built)
    return built


def end_of(record, number):
    """The words before a command that is to run at an end: 0 near, 1 far."""
    return ["nsenter", f"--net=/proc/{record['pid']}/fd/{3 + number}"]


def board(home):
    handle = os.open(home / "counters", os.O_RDWR)
    try:
        return mmap.mmap(handle, WORDS * 8)
    finally:
        os.close(handle)


def numbers(home):
    """What entered and what arrived so far, in each direction."""
    try:
        with board(home) as shared:
            words = struct.unpack(f"={WORDS}Q", shared[:])
    except (OSError, ValueError):  # not there yet, or still empty
        return {}
    if not words[0]:
        return {}
    there, back = words[2 : 2 + len(TALLY)], words[2 + len(TALLY) :]
    return {"there": dict(zip(TALLY, there)), "back": dict(zip(TALLY, back))}


def configure(record, congestion):
    for number, own in enumerate(ADDRESSES):
        prefix = end_of(record, number)
        other = ADDRESSES[1 - number]
        for words in (
            ["ip", "link", "set", "lo", "up"],
            ["ip", "address", "add", f"{own}/32", "dev", "wan"],
            ["ip", "link", "set", "wan", "mtu", 1500, "txqueuelen", 10000, "up"],
            ["ip", "route", "add", f"{other}/32", "dev", "wan", "congctl", congestion],
            [
                "sysctl",
                "-qw",
                "net.ipv4.tcp_no_metrics_save=1",
                f"net.ipv4.tcp_wmem={BUFFERS}",
                f"net.ipv4.tcp_rmem={BUFFERS}",
            ],
        ):
            servers.run(*prefix, *words)


def require(congestion):
    if os.getuid():
        raise ServerError("network namespaces need root")
    if not Path("/dev/net/tun").is_char_device():
        raise ServerError("there is no /dev/net/tun: load the module tun, or pass the device on")
    for name in ("cc", "ip", "nsenter", "sysctl"):
        if not shutil.which(name):
            raise ServerError(f"there is no {name}; run scripts/lab/prerequisites.sh link")
    offered = Path("/proc/sys/net/ipv4/tcp_available_congestion_control").read_text().split()
    if congestion not in offered:
        raise ServerError(f"this kernel has no {congestion}, only {', '.join(offered)}")


def start(home, delay=50, rate=200, loss=0.1, queue=None, congestion="cubic", seed=1, parent=0):
    """A link with a queue of `queue` bytes in each direction; by default what one RTT takes."""
    require(congestion)
    if queue is None:
        queue = int(rate * 1e6 / 8 * 2 * delay / 1e3)
    home.mkdir(parents=True, exist_ok=True)
    log = home / "link.log"
    with servers.exclusive(home / "lock"):
        if servers.lives(servers.load(home)):
            raise ServerError(f"a link runs in {home} already")
        (home / "counters").unlink(missing_ok=True)
        words = [round(delay * 1000), round(rate * 1e6), round(loss * 1e4), queue, seed]
        record = servers.launch([program(), parent, *words, home / "counters"], log)
        record |= {"delay": delay, "rate": rate, "loss": loss, "queue": queue}
        record |= {"congestion": congestion, "seed": seed}
        servers.save(home, record)
        servers.wait_until(lambda: numbers(home), record, log, 5)
        try:
            configure(record, congestion)
        except BaseException:
            servers.end(record, 5)
            raise
        return describe(home, record)


def describe(home, record):
    alive = servers.lives(record)
    about = {"ok": alive, "addresses": ADDRESSES}
    about |= {key: value for key, value in record.items() if key != "started"}
    if alive:
        about |= {"near": end_of(record, 0), "far": end_of(record, 1)} | numbers(home)
    return about


def switch(home, cut):
    with servers.exclusive(home / "lock"):
        record = servers.load(home)
        if not servers.lives(record):
            raise ServerError(f"no link runs in {home}")
        with board(home) as shared:
            shared[CUT : CUT + 8] = struct.pack("=Q", cut)
        return describe(home, record)


def main():
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("command", choices=("start", "status", "cut", "mend", "stop"))
    parser.add_argument("dir", type=Path)
    parser.add_argument("--delay", type=float, default=50)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--loss", type=float, default=0.1)
    parser.add_argument("--queue", type=int)
    parser.add_argument("--congestion", default="cubic")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parent", type=int, default=0)
    given = parser.parse_args()
    home = given.dir.absolute()
    options = {key: value for key, value in vars(given).items() if key not in ("command", "dir")}
    actions = {
        "start": lambda: start(home, **options),
        "status": lambda: describe(home, servers.load(home)),
        "cut": lambda: switch(home, 1),
        "mend": lambda: switch(home, 0),
        "stop": lambda: servers.stop(home, 5),
    }
    return servers.finish(actions[given.command])


if __name__ == "__main__":
    sys.exit(main())
