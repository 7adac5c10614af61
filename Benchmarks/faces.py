"""What another face of an image costs: to derive it, and to pull it when it is there."""

import hashlib
import http.client
import json
import os
import subprocess
import threading
import time
import zlib
from pathlib import Path

from servers import Server, request, wharf
from tools import MIB, ROUNDS, put_blob, rate, say

LAYERS = 40
SIZE = 2048 * MIB // LAYERS

OCI = "application/vnd.oci.image.manifest.v1+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"


def faces(folder: Path) -> None:
    ours = wharf(folder)
    derive(ours, folder)
    ratios = [rate(ours, "/v2/bench/large/manifests/1.0", "-H", f"Accept: {DOCKER}")
              / rate(ours, "/v2/bench/large/manifests/1.0", "-H", f"Accept: {OCI}") for _ in range(ROUNDS)]
    say("GET of a derived manifest by tag, requests a second as a part of those of the pushed one", ratios, "about 1")
    ours.stop()


def derive(ours: Server, folder: Path) -> None:
    """The v1 chain of an image of 40 layers and 2 GiB, while somebody else asks for what is there."""
    taken, hashed, reads, waits = [], [], [], []
    for turn in range(3):
        layers = [push_layer(ours, folder, turn * LAYERS + number) for number in range(LAYERS)]
        put_image(ours, layers)
        files = [folder / f"layer-{number}" for number in range(LAYERS)]
        start = time.monotonic()
        subprocess.run(["openssl", "dgst", "-sha256", *map(str, files)], check=True, stdout=subprocess.DEVNULL)
        hashed.append(time.monotonic() - start)
        image = json.loads(request(ours, "GET", "/v1/repositories/bench/large/tags"))["1.0"]
        before, start = read_bytes(ours), time.monotonic()
        with Somebody(ours) as somebody:
            request(ours, "GET", f"/v1/images/{image}/json", Authorization='Token signature=x,repository="bench/large",access=read')
        taken.append((time.monotonic() - start) / hashed[-1])
        reads.append((read_bytes(ours) - before) / (LAYERS * SIZE))
        waits.append(somebody.longest * 1000)
    say("the v1 chain of an image of 40 layers and 2 GiB, time as a part of openssl dgst -sha256 of its layers", taken, "about 1")
    say("bytes that it reads, as a part of the layers'", reads, "at most 1")
    say("the longest that a ping waits meanwhile, in milliseconds", waits, "nothing to be noticed")
    say("memory at its peak, in MiB", [ours.peak_memory() / MIB], "independent of the layers")


def push_layer(ours: Server, folder: Path, number: int) -> tuple[str, int, str]:
    """A gzip that is stored and not packed: its digest, size and diff id."""
    plain = os.urandom(SIZE - 64 - SIZE // 65535 * 5 - 5)
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    packed = packer.compress(plain) + packer.flush()
    (folder / f"layer-{number % LAYERS}").write_bytes(packed)
    return put_blob(ours, "bench/large", packed), len(packed), f"sha256:{hashlib.sha256(plain).hexdigest()}"


def put_image(ours: Server, layers: list[tuple[str, int, str]]) -> None:
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff_id for _, _, diff_id in layers]},
    }).encode()
    document = {
        "schemaVersion": 2, "mediaType": OCI,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": put_blob(ours, "bench/large", config), "size": len(config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest, "size": size} for digest, size, _ in layers],
    }
    request(ours, "PUT", "/v2/bench/large/manifests/1.0", json.dumps(document), Content_Type=OCI)


def read_bytes(server: Server) -> int:
    """What the process has read from files, out of the page cache or not."""
    return int(next(line for line in Path(f"/proc/{server.process.pid}/io").read_text().splitlines() if line.startswith("rchar")).split()[1])


class Somebody:
    """Pings on one connection, all the time."""

    def __init__(self, server: Server) -> None:
        self.longest = 0.0
        self.server = server
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.ping)

    def ping(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        while not self.is_over.is_set():
            start = time.monotonic()
            connection.request("GET", "/v1/_ping")
            connection.getresponse().read()
            self.longest = max(self.longest, time.monotonic() - start)
            time.sleep(0.002)

    def __enter__(self) -> "Somebody":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()
