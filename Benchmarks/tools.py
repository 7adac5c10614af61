"""What the benchmarks share: how often, how large, how a rate is taken and how a result is said."""

import hashlib
import http.client
import re
import statistics
import subprocess

from servers import Server, request

ROUNDS = 5
MIB = 1 << 20
LAYER = 256 * MIB


def say(what: str, ratios: list[float], goal: str) -> None:
    print(f"{what}: {statistics.median(ratios):.2f} (of {min(ratios):.2f} to {max(ratios):.2f}); wanted {goal}", flush=True)


def rate(server: Server, path: str, *options: str) -> float:
    output = subprocess.run(
        ["wrk", "-t2", "-c16", "-d3s", *options, f"http://127.0.0.1:{server.port}{path}"], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def put_blob(server: Server, name: str, content: bytes) -> str:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("POST", f"/v2/{name}/blobs/uploads/")
    answer = connection.getresponse()
    answer.read()
    location = answer.headers["Location"].removeprefix(f"http://127.0.0.1:{server.port}")
    request(server, "PUT", f"{location}{'&' if '?' in location else '?'}digest={digest}", content)
    return digest
