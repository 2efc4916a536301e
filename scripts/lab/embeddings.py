"""Writes a Parquet file with embeddings of a real model, as an export has them: embeddings.py FILE

The model is the one that the package wordllama brings along (256 dimensions): the embedding of a
sentence is the mean of those of its tokens, of unit length. The sentences are lines of text from
Python's own library. Nothing is fetched.
"""

import importlib.util
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pyarrow as pa
from safetensors.numpy import load_file
from tokenizers import Tokenizer

import vectordata

SENTENCES, BATCH = 100_000, 5_000


def sentences():
    found = {}
    for source in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" in source.parts:
            continue
        for line in source.read_text(errors="ignore").splitlines():
            words = line.strip(" #\t\"'")
            if words.count(" ") >= 4 and not set(words) & set("=(){}[]<>\\"):
                found[words] = True
    return list(found)[:SENTENCES]


def embeddings(texts):
    home = Path(importlib.util.find_spec("wordllama").origin).parent
    table = load_file(home / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(home / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    tokens = table.astype(np.float32)
    for at in range(0, len(texts), BATCH):
        encoded = tokenizer.encode_batch(texts[at : at + BATCH], add_special_tokens=False)
        means = np.stack([tokens[one.ids].mean(axis=0) for one in encoded])
        yield means / np.linalg.norm(means, axis=1, keepdims=True)


def main():
    vectors = np.concatenate(list(embeddings(sentences())))
    vectordata.write(Path(sys.argv[1]), {"vector": vectordata.lists(vectors)})
    print(f"{len(vectors)} embeddings of {vectors.shape[1]} dimensions")


if __name__ == "__main__":
    main()
