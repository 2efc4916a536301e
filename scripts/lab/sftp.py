#!/usr/bin/env python3
"""Starts and stops a private OpenSSH server that serves SFTP on loopback only.

  sftp.py start DIR [--port N] [--set KEY=VALUE]...
  sftp.py status DIR
  sftp.py stop  DIR [--grace S]

It needs no rights: keys, configuration and log lie in DIR and the server runs as the caller, who is
the only one that can log in, with the key in DIR. DIR/files is where the demo and the tests put
what they ship. --set adds a line to sshd_config, such as MaxStartups=2:100:2 or RekeyLimit=1M.
Every command prints one line of JSON. Exit status: 0 done, 1 failed, 3 (status) not running.
"""

import argparse
import getpass
import os
import shutil
import socket
import sys
from pathlib import Path

import servers
from servers import HOST, ServerError


def binary():
    """Where sshd is: it is seldom on the PATH of a normal user, and must be called by full path."""
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found:
        raise ServerError("there is no sshd; install it with: apt-get install -y openssh-server")
    if os.getuid() == 0:
        # As root, sshd refuses to start without the directory that it locks connections into.
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
    return found


def keys(home):
    """A host key and a client key, made once, and the two lists that tie them together."""
    for name in ("host_key", "client_key"):
        if not (home / name).exists():
            servers.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", home / name
            )
    public = (home / "client_key.pub").read_text()
    (home / "authorized_keys").write_text(public)
    (home / "authorized_keys").chmod(0o600)


def configure(home, port, changes, host=HOST):
    host_key = (home / "host_key.pub").read_text().split()[:2]
    (home / "known_hosts").write_text(f"[{host}]:{port} {' '.join(host_key)}\n")
    lines = {
        "ListenAddress": host,
        "Port": port,
        "HostKey": home / "host_key",
        "PidFile": "none",
        "AuthorizedKeysFile": home / "authorized_keys",
        # A session whose link is taken away ends by itself.
        "ClientAliveInterval": 15,
        "ClientAliveCountMax": 4,
        # DIR may lie below a directory that others may write to, such as /tmp.
        "StrictModes": "no",
        "PermitRootLogin": "prohibit-password",
        "PubkeyAuthentication": "yes",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "UsePAM": "no",
        "AllowUsers": getpass.getuser(),
        "Subsystem": "sftp internal-sftp",
        "ForceCommand": "internal-sftp",
        "LogLevel": "VERBOSE",
    }
    text = "".join(f"{key} {value}\n" for key, value in (lines | changes).items())
    (home / "sshd_config").write_text(text)


def greeting(port):
    """The server's first words, such as SSH-2.0-OpenSSH_9.2p1; None where nothing answers."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            words = connection.recv(255).decode(errors="replace").strip()
            return words if words.startswith("SSH-") else None
    except OSError:
        return None


def describe(home, record):
    alive = servers.lives(record)
    port = record.get("port")
    version = greeting(port) if alive else None
    return {
        "ok": bool(version),
        "version": version,
        "port": port,
        "pid": record["pid"] if alive else None,
        "user": getpass.getuser(),
        "uri": f"sftp://{getpass.getuser()}@{HOST}:{port}" if port else None,
        "key": str(home / "client_key"),
        "knownHosts": str(home / "known_hosts"),
        "files": str(home / "files"),
        "dir": str(home),
        "log": str(home / "sshd.log"),
    }


def start(home, port, changes):
    sshd = binary()
    log = home / "sshd.log"
    (home / "files").mkdir(parents=True, exist_ok=True)
    with servers.exclusive(home / "lock"):
        record = servers.load(home)
        if servers.lives(record):
            raise ServerError(f"a server runs in {home} already, process {record['pid']}")
        keys(home)
        with servers.exclusive(servers.cache() / "ports.lock"):
            port = servers.claim_ports(port or record.get("port") or 0, 1, 31000)
            configure(home, port, changes)
            servers.run(sshd, "-t", "-f", home / "sshd_config")
            command = [sshd, "-D", "-e", "-f", home / "sshd_config"]
            record = {"port": port} | servers.launch(command, log, cwd=home)
            servers.save(home, record)
            servers.wait_until(lambda: greeting(port), record, log, 20)
        return describe(home, record)


def main():
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("command", choices=("start", "status", "stop"))
    parser.add_argument("dir", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--grace", type=float, default=5)
    given = parser.parse_args()
    home = given.dir.absolute()
    actions = {
        "start": lambda: start(home, given.port, dict(map(servers.setting, given.set))),
        "status": lambda: describe(home, servers.load(home)),
        "stop": lambda: servers.stop(home, given.grace),
    }
    return servers.finish(actions[given.command])


if __name__ == "__main__":
    sys.exit(main())
