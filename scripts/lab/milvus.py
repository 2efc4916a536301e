#!/usr/bin/env python3
"""Starts and stops a real Milvus standalone server, 2.3.5 or 2.2.16, for demo and live tests.

  milvus.py start  DIR [--version V] [--port N] [--set KEY=VALUE]... [--timeout S]
                       [--s3 URL --bucket NAME [--root PREFIX]]
  milvus.py status DIR
  milvus.py stop   DIR [--grace S]
  milvus.py install    [--version V]

DIR holds everything the server writes. It takes twelve ports in a row; --port 0, the default for a
new DIR, looks for free ones. A DIR keeps its port and its version. --set changes a key of
milvus.yaml for this start only, such as common.security.authorizationEnabled=true. With --s3 a new
DIR of 2.3.5 keeps the files of its segments and indexes in a bucket of the server that s3.py starts,
which is made if need be, and goes on doing so. Every command prints one line of JSON. Exit status:
0 done, 1 failed, 3 (status) not healthy.

The server comes from the package index into the cache, $FERRY_CACHE or ~/.cache/milvus-ferry.
Only its two etcd ports keep to loopback; Milvus opens the others on every interface. A 2.2.16 with
a loaded collection never ends by itself, so a stop of it takes the whole grace and then kills it.
"""

import lzma
import os
import platform
import re
import shutil
import sys
import urllib.parse
import urllib.request

import s3
import servers
from servers import HOST, ServerError

NEWEST, OLD = "2.3.5", "2.2.16"
PORTS = 12
# Offsets from the first port, which is the proxy's: gRPC, and REST on the same one.
COMPONENTS = {
    "rootCoord": 2,
    "queryCoord": 3,
    "dataCoord": 4,
    "indexCoord": 5,
    "queryNode": 6,
    "indexNode": 7,
    "dataNode": 8,
}
ETCD_CLIENT, ETCD_PEER, METRICS = 9, 10, 11


def install(version):
    """The directory with the unpacked server."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise ServerError(f"the packaged Milvus {version} runs on Linux x86-64 only")
    requirements = [f"milvus=={version}", "setuptools<70"]
    return servers.python_with(f"milvus-{version}", requirements, unpack) / "server"


def unpack(home):
    (packed,) = home.glob("lib/python*/site-packages/milvus/data")
    target = home / "server"
    target.mkdir()
    for file in packed.glob("bin/*.lzma"):
        with lzma.open(file) as source, open(target / file.stem, "wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        file.unlink()
    (target / "milvus").chmod(0o755)
    # The packaged configuration has blanks such as {{ proxy_port(int): 19530 }}: take the defaults.
    template = (packed / "config.yaml.template").read_text()
    (target / "milvus.yaml").write_text(re.sub(r"{{[^:}]*:?\s*(.*?)\s*}}", r"\1", template))
    for logging in packed.glob("glog.conf"):  # 2.2 has none
        shutil.copy(logging, target)


def bucket_settings(storage):
    """The settings of a server that keeps its files in a bucket."""
    address = urllib.parse.urlsplit(storage["url"])
    return {
        "common.storageType": "minio",
        "minio.address": address.hostname,
        "minio.port": address.port,
        "minio.bucketName": storage["bucket"],
        "minio.rootPath": storage["root"],
        "minio.accessKeyID": s3.ACCESS_KEY,
        "minio.secretAccessKey": s3.SECRET_KEY,
    }


def configure(home, version, server, first, changes, storage):
    """Write DIR/configs: the packaged settings with ours and the caller's over them, and etcd's."""
    configs, data, logs = home / "configs", home / "data", home / "logs"
    for folder in (configs, data, logs):
        folder.mkdir(parents=True, exist_ok=True)
    for logging in server.glob("glog.conf"):
        shutil.copy(logging, configs)
    client, peer = (f"http://{HOST}:{first + port}" for port in (ETCD_CLIENT, ETCD_PEER))
    index_coord = first + COMPONENTS["indexCoord"]
    etcd = {
        "name": "default",
        "data-dir": f"{data}/etcd",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
    }
    ours = {
        "etcd.endpoints": f"{HOST}:{first + ETCD_CLIENT}",
        # Milvus hands its embedded etcd no ports; without this file it takes 2379 and 2380.
        "etcd.config.path": f"{configs}/etcd.yaml",
        "etcd.data.dir": f"{data}/etcd",
        "etcd.log.level": "warn",
        "etcd.log.path": f"{logs}/etcd.log",
        "localStorage.path": str(data),
        "rocksmq.path": f"{data}/rocksmq",
        "log.file.rootPath": '""',
        # By default a stop waits up to 30 minutes for loaded collections to move elsewhere.
        "common.gracefulStopTimeout": 2,
        # After a kill, the next start waits until the lease of the killed server has run out.
        "common.session.ttl": 10,
        "proxy.ip": HOST,
        "proxy.port": first,
        "proxy.internalPort": first + 1,
        # One address from 2.3 on; 2.2 wants the host alone, and the port in its own key, below.
        "indexCoord.address": HOST if version.startswith("2.2.") else f"{HOST}:{index_coord}",
    }
    for component, offset in COMPONENTS.items():
        ours |= {f"{component}.ip": HOST, f"{component}.port": first + offset}
    if storage:
        ours |= bucket_settings(storage)
    (configs / "etcd.yaml").write_text(nested(etcd))
    packaged = flat((server / "milvus.yaml").read_text())
    (configs / "milvus.yaml").write_text(nested(packaged | ours | changes))


def flat(text):
    """Dotted key to value, from YAML of nothing but nested maps, as the packaged file is."""
    values, path = {}, []
    for line in text.splitlines():
        found = re.match(r"( *)([\w.-]+): *(.*)", line)
        if not found:
            continue
        indent, key, value = len(found[1]), found[2], re.sub(r"(^|\s)#.*", "", found[3]).strip()
        path = [outer for outer in path if outer[0] < indent] + [(indent, key)]
        if value:
            values[".".join(name for _, name in path)] = value
    return values


def nested(values):
    """The YAML of a map from dotted key to value."""
    lines, open_path = [], []
    for dotted, value in sorted(values.items()):
        *path, last = dotted.split(".")
        shared = len(os.path.commonprefix([path, open_path]))
        for depth in range(shared, len(path)):
            lines.append(f"{'  ' * depth}{path[depth]}:")
        lines.append(f"{'  ' * len(path)}{last}: {value}")
        open_path = path
    return "\n".join(lines) + "\n"


def is_healthy(first):
    try:
        with urllib.request.urlopen(f"http://{HOST}:{first + METRICS}/healthz", timeout=2) as reply:
            return reply.read().strip() == b"OK" and servers.answers(first)
    except OSError:
        return False


def storage_of(record, version, asked):
    """Where the files of a server are to lie; None on its disk. A directory never changes that."""
    if asked and version != NEWEST:
        raise ServerError(f"a Milvus {version} that keeps its files in S3 ends with a fault")
    known = record.get("storage")
    if record and asked and asked != known:
        raise ServerError(f"the files of this server lie in {known or 'its directory'}")
    return asked or known


def describe(home, record):
    about = servers.about(home, record, home / "logs/milvus.log", is_healthy)
    return about | {"storage": record.get("storage")}


def start(home, port, changes, timeout, version=None, storage=None):
    log = home / "logs/milvus.log"
    with servers.exclusive(home / "lock"):
        record = servers.load(home)
        if servers.lives(record):
            raise ServerError(f"a server runs in {home} already, process {record['pid']}")
        version = servers.version_of(home, record, version, NEWEST)
        storage = storage_of(record, version, storage)
        server = install(version)
        with servers.exclusive(servers.cache() / "ports.lock"):
            first = servers.claim_ports(port or record.get("port") or 0, PORTS, 20000)
            configure(home, version, server, first, changes, storage)
            environment = {
                key: os.environ[key] for key in ("PATH", "HOME", "TZ") if key in os.environ
            }
            environment |= {
                "DEPLOY_MODE": "STANDALONE",
                "METRICS_PORT": str(first + METRICS),
                "MILVUSCONF": f"{home}/configs",
                "LD_LIBRARY_PATH": str(server),
            }
            command = [server / "milvus", "run", "standalone"]
            record = {"port": first, "version": version, "storage": storage}
            record |= servers.launch(command, log, cwd=home, env=environment)
            servers.save(home, record)
            servers.wait_until(lambda: is_healthy(first), record, log, timeout)
        return describe(home, record)


def wanted_storage(given):
    if not given.s3:
        return None
    if not given.bucket:
        raise ServerError("--s3 needs a --bucket")
    return {"url": given.s3, "bucket": given.bucket, "root": given.root}


def add_options(parser):
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--s3", metavar="URL")
    parser.add_argument("--bucket", metavar="NAME")
    parser.add_argument("--root", metavar="PREFIX", default="files")


def main():
    return servers.milvus_command(
        sys.modules[__name__],
        (NEWEST, OLD),
        120,
        lambda home, given: start(
            home,
            given.port,
            dict(map(servers.setting, given.set)),
            given.timeout,
            given.version,
            wanted_storage(given),
        ),
        add_options,
    )


if __name__ == "__main__":
    sys.exit(main())
