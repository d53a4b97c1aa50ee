"""The engine's own process: llama.cpp's server on 127.0.0.1, told what to load on standard input.

Run as a file by embedded.py and by nothing else. It imports only xllamacpp and the standard library, so it starts
fast, and it ends when its standard input closes: a tutor that was killed leaves no engine behind, and nothing it saved.
"""

import json
import os
import shutil
import sys
from typing import Any


def serve(order: dict[str, Any]) -> None:
    """Load the weights, print one line with the address, then wait for the end of standard input."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["path"]
    params.n_ctx = order["context_tokens"] * order["slots"]
    params.n_parallel = order["slots"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    # A request is cancelled between batches only: 128 tokens are 3 s on two cores, and no slower than 2048.
    params.n_batch = params.n_ubatch = 128
    params.cache_ram_mib = order["cache_megabytes"]
    if order["saves"]:
        params.slot_save_path = os.path.join(order["saves"], "")  # it wants the separator at the end
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order["api_key"]]
    params.cors_origins = ""  # no web page may call it
    params.ui = False
    params.verbosity = 1  # errors only
    server = xllamacpp.Server(params)
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    if order["saves"]:
        shutil.rmtree(order["saves"], ignore_errors=True)
    os._exit(0)  # destroying the server waits for its requests, up to minutes; there is nothing to save


if __name__ == "__main__":
    try:
        serve(json.loads(sys.stdin.buffer.readline()))
    except (RuntimeError, ImportError, OSError) as failure:
        sys.stderr.write(f"engine: {failure}\n")
        sys.stderr.flush()
        os._exit(1)
