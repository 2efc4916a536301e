"""An application that writes more than fits at once: patient_client.py URI NAME DIMENSION."""

import sys

from pymilvus import Collection, connections

uri, name, dimension = sys.argv[1:]
connections.connect(uri=uri)
rows = Collection(name)
for write in range(20):
    keys = list(range(write * 100, (write + 1) * 100))
    rows.insert([keys, [write] * 100, [[float(key)] * int(dimension) for key in keys]])
