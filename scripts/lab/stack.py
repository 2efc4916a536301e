"""Servers for the length of a `with` block: whatever ends the block, they are stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import lite
import milvus
import s3
import servers
import sftp


def leave_on_signals():
    """Let SIGTERM and SIGHUP unwind the stack as Ctrl-C does, so that every server is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


@contextlib.contextmanager
def undisturbed():
    """Hold signals back while servers are being stopped; a second Ctrl-C must not leave one."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


@contextlib.contextmanager
def running(server, home, *arguments):
    """Start a server (module `milvus`, `lite`, `s3` or `sftp`) in `home`, and give what it says about itself.

    A server that an earlier run left behind in the same directory, because it was killed, is
    stopped first.
    """
    servers.stop(home, 8) if home.exists() else home.mkdir(parents=True)
    about = server.start(home, 0, *arguments)
    try:
        yield about
    finally:
        with undisturbed():
            servers.stop(home, 8)


def milvus_at(home, version=milvus.NEWEST, storage=None, **changes):
    """A Milvus; `common__security__authorizationEnabled=True` sets that key of its settings.

    `storage` is a bucket, as `bucket` gives it; without it files lie in `home`.
    """
    settings = {key.replace("__", "."): str(value).lower() for key, value in changes.items()}
    return running(milvus, home, settings, 120, version, storage)


def bucket(s3_server, name, root):
    """A bucket of a server that `s3_at` started, in which a Milvus keeps its files below `root`."""
    return {"url": s3_server["uri"], "bucket": name, "root": root}


def s3_at(home):
    return running(s3, home)


def lite_at(home, version=lite.NEWEST):
    return running(lite, home, 60, version)


def sftp_at(home, **changes):
    return running(sftp, home, changes)


@contextlib.contextmanager
def command(words, **options):
    """A process group of our own, ended with the block."""
    process = subprocess.Popen([str(word) for word in words], start_new_session=True, **options)
    try:
        yield process
    finally:
        with undisturbed():
            end_group(process)


def end_group(process):
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    raise servers.ServerError(f"process {process.pid} survived SIGKILL")


@contextlib.contextmanager
def alarm(deadline):
    """Leave the block with an error when the monotonic clock reaches `deadline`."""

    def ring(*_):
        raise servers.ServerError("it took too long and was stopped")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(0.001, deadline - time.monotonic()))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
