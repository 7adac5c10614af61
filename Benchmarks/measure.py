"""Measures wharf against nginx, distribution and openssl, round by round in turn, and prints medians of ratios."""

import base64
import hashlib
import http.client
import os
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

from faces import faces
from servers import Server, distribution, nginx, request, wharf
from tools import LAYER, MIB, ROUNDS, put_blob, rate, say


def main() -> None:
    wanted = sys.argv[1:] or ["small", "accounts", "manifests", "faces", "blobs", "get", "put", "memory"]
    with tempfile.TemporaryDirectory(prefix="wharf-bench-", dir=os.environ.get("WHARF_BENCH_DIR")) as name:
        for what in wanted:
            folder = Path(name, what)
            folder.mkdir()
            {"small": small, "accounts": accounts, "manifests": manifests, "faces": faces, "blobs": blobs, "get": get, "put": put,
             "memory": memory}[what](folder)


# Images of one layer, pushed as the protocol asks.


def image_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def begin(server: Server, number: int, parent: int | None = None) -> tuple[str, dict[str, str], bytes]:
    """Declares an image and sends its document; its layer is the next thing."""
    image = image_id(number)
    document = f'{{"id":"{image}"' + (f',"parent":"{image_id(parent)}"' if parent is not None else "") + "}"
    token = {"Authorization": f'Token signature=x,repository="bench/app",access=write'}
    request(server, "PUT", "/v1/repositories/bench/app/", f'[{{"id":"{image}"}}]')
    request(server, "PUT", f"/v1/images/{image}/json", document, **token)
    return image, token, document.encode()


def push(server: Server, number: int, layer: bytes, parent: int | None = None) -> str:
    image, token, document = begin(server, number, parent)
    request(server, "PUT", f"/v1/images/{image}/layer", layer, **token)
    total = hashlib.sha256(document + b"\n" + layer).hexdigest()
    request(server, "PUT", f"/v1/images/{image}/checksum", **token, X_Docker_Checksum_Payload=f"sha256:{total}")
    return image


# Small answers: requests a second, against nginx with a static file of the same size.


def small(folder: Path) -> None:
    ours = wharf(folder)
    for number in range(20):
        push(ours, number, f"layer {number}".encode(), number - 1 if number else None)
    for tag in range(10):
        request(ours, "PUT", f"/v1/repositories/bench/app/tags/v{tag}", f'"{image_id(19)}"')
    root = folder / "root"
    root.mkdir()
    paths = {"ping": "/v1/_ping", "tags": "/v1/repositories/bench/app/tags", "ancestry": f"/v1/images/{image_id(19)}/ancestry"}
    for name, path in paths.items():
        (root / name).write_bytes(request(ours, "GET", path))
    theirs = nginx(folder, root)
    for name, path in paths.items():
        ratios = [rate(ours, path) / rate(theirs, f"/{name}") for _ in range(ROUNDS)]
        say(f"GET {name}, requests a second as a part of nginx's", ratios, "at least 0.5")
    ours.stop()
    theirs.stop()


# What a password costs: requests a second with it, and the time of a refusal.


def accounts(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
    command = [os.environ["WHARF_BINARY"], "user", "add", "bench", "--email", "bench@example.com", "--password-stdin"]
    (folder / "data").mkdir()
    subprocess.run(
        [*command, "--data", str(folder / "data")], input="secret\n", text=True, check=True, stdout=subprocess.DEVNULL, env=environment)
    ours = wharf(folder, "--auth", "accounts", "--limits-login-failures", "1000")
    basic = "Authorization: Basic " + base64.b64encode(b"bench:secret").decode()
    ratios = [rate(ours, "/v1/_ping", "-H", basic) / rate(ours, "/v1/_ping") for _ in range(ROUNDS)]
    say("GET ping with a password, requests a second as a part of those without", ratios, "at least 0.7")
    refusal(ours, "bench:wrong")
    ratios = [refusal(ours, "bench:wrong") / refusal(ours, "nobody:wrong") for _ in range(5 * ROUNDS)]
    say("a wrong password, time as a part of an unknown user's", ratios, "about 1")
    ours.stop()


def refusal(server: Server, login: str) -> float:
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/v1/users/", headers={"Authorization": "Basic " + base64.b64encode(login.encode()).decode()})
    if connection.getresponse().status != 401:
        raise RuntimeError("a wrong password was taken")
    return time.monotonic() - start


# The Distribution API: the same requests to distribution.


def manifests(folder: Path) -> None:
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    ours, theirs = wharf(folder), distribution(folder)
    for server in (ours, theirs):
        config = put_blob(server, "bench/app", b"{}")
        layers = [put_blob(server, "bench/app", f"layer {number}".encode()) for number in range(20)]
        text = ",".join(
            f'{{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{len(f"layer {number}")},"digest":"{digest}"}}'
            for number, digest in enumerate(layers))
        request(
            server, "PUT", "/v2/bench/app/manifests/latest",
            f'{{"schemaVersion":2,"mediaType":"{kind}","config":{{"mediaType":"application/vnd.docker.container.image.v1+json",'
            f'"size":2,"digest":"{config}"}},"layers":[{text}]}}', Content_Type=kind)
    path = "/v2/bench/app/manifests/latest"
    accept = f"Accept: {kind}"
    ratios = [rate(ours, path, "-H", accept) / rate(theirs, path, "-H", accept) for _ in range(ROUNDS)]
    say("GET of a manifest by tag, requests a second as a part of distribution's", ratios, "at least 5")
    ratios = [head_rate(ours, path, accept) / head_rate(theirs, path, accept) for _ in range(ROUNDS)]
    say("HEAD of a manifest by tag, requests a second as a part of distribution's", ratios, "at least 5")
    ours.stop()
    theirs.stop()


def head_rate(server: Server, path: str, field: str) -> float:
    """With ab: wrk waits for the body that an answer to HEAD announces."""
    output = subprocess.run(
        ["ab", "-q", "-i", "-k", "-c", "16", "-t", "3", "-n", "10000000", "-H", field, f"http://127.0.0.1:{server.port}{path}"],
        check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(output)
    return float(re.search(r"Requests per second:\s+([\d.]+)", output)[1])


def blobs(folder: Path) -> None:
    """An engine's three requests for one layer: POST, a PATCH that streams, PUT."""
    file = folder / "blob"
    ours, theirs = wharf(folder), distribution(folder)
    ratios = []
    for number in range(ROUNDS):
        with file.open("wb") as blob:
            blob.write(os.urandom(LAYER - 1) + bytes([number]))
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-r", str(file)], check=True, capture_output=True, text=True).stdout[:64]
        ratios.append(1 / (stream_blob(ours, file, digest) / stream_blob(theirs, file, digest)))
    say("PUT of a 256 MiB blob, speed as a part of distribution's", ratios, "at least 2")
    ours.stop()
    theirs.stop()


def stream_blob(server: Server, file: Path, digest: str) -> float:
    """Seconds."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("POST", f"/v2/bench/app/blobs/uploads/")
    answer = connection.getresponse()
    answer.read()
    base = f"http://127.0.0.1:{server.port}"
    location = base + answer.headers["Location"].removeprefix(base)
    output = subprocess.run(
        ["curl", "-sS", "--fail", "-D", "-", "-o", "/dev/null", "-X", "PATCH", "-H", "Transfer-Encoding: chunked", "-H", "Expect:",
         "-H", "Content-Type: application/octet-stream", "-T", str(file), location], check=True, capture_output=True, text=True).stdout
    location = base + re.search(r"(?im)^location: (\S+)", output)[1].removeprefix(base)
    request(server, "PUT", f"{location.removeprefix(base)}{'&' if '?' in location else '?'}digest=sha256:{digest}")
    return time.monotonic() - start


# A large layer out: bytes and CPU, against nginx's sendfile.


def get(folder: Path) -> None:
    layer = os.urandom(LAYER)
    ours = wharf(folder)
    image = push(ours, 0, layer)
    root = folder / "root"
    root.mkdir()
    (root / "layer").write_bytes(layer)
    del layer
    theirs = nginx(folder, root)
    speeds, costs = [], []
    for turn in range(ROUNDS + 1):
        ours_speed, ours_cost = download(ours, f"/v1/images/{image}/layer")
        theirs_speed, theirs_cost = download(theirs, "/layer")
        if turn:  # the first round warms the page cache
            speeds.append(ours_speed / theirs_speed)
            costs.append(ours_cost / theirs_cost)
    say("GET of a 256 MiB layer, bytes a second as a part of nginx's", speeds, "at least 1")
    say("GET of a 256 MiB layer, CPU a GiB as a part of nginx's", costs, "at most 1.2")
    ours.stop()
    theirs.stop()


def download(server: Server, path: str, times: int = 8) -> tuple[float, float]:
    """Bytes a second and CPU seconds a GiB of the server, for a reader that throws everything away, in the kernel (MSG_TRUNC)."""
    cpu, start = server.cpu(), time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        for _ in range(times):
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(1)
            if b" 200 " not in head:
                raise RuntimeError(head)
            rest = LAYER
            waste = bytearray(min(rest, 4 * MIB))
            while rest:
                count = connection.recv_into(waste, min(rest, len(waste)), socket.MSG_TRUNC)
                if not count:
                    raise RuntimeError("cut off")
                rest -= count
    taken = time.monotonic() - start
    return times * LAYER / taken, (server.cpu() - cpu) / (times * LAYER / (1 << 30))


# A large layer in: against what only hashes it.


def put(folder: Path) -> None:
    plain = folder / "layer.tar"
    make_tar(plain)
    packed = folder / "layer.tar.gz"
    subprocess.run(f"gzip -c {plain} > {packed}", shell=True, check=True)
    ours = wharf(folder)
    number = 0
    cases = {
        "PUT of a 256 MiB tar, speed as a part of openssl dgst -sha256": (plain, f"openssl dgst -sha256 {plain}", "at least 0.4"),
        "PUT of that tar as gzip, speed as a part of gzip -dc | openssl dgst -sha256":
            (packed, f"gzip -dc {packed} | openssl dgst -sha256", "at least 0.7"),
    }
    for name, (file, command, goal) in cases.items():
        ratios = []
        for _ in range(ROUNDS):
            start = time.monotonic()
            subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
            hashing = time.monotonic() - start
            number += 1
            image, token, _ = begin(ours, number)
            start = time.monotonic()
            upload(ours, image, token["Authorization"], file)
            ratios.append(hashing / (time.monotonic() - start))
        say(name, ratios, goal)
    ours.stop()


def make_tar(path: Path) -> None:
    """A tar of files of this machine, as large as a layer of 256 MiB."""
    with tarfile.open(path, "w") as archive:
        for file in sorted(Path("/usr/lib").rglob("*")):
            if not file.is_file() or file.is_symlink():
                continue
            room = LAYER - archive.offset - 20 * 512
            if file.stat().st_size > room - 2048:
                continue
            archive.add(file)
    with path.open("ab") as file:
        file.truncate(LAYER)


def upload(server: Server, image: str, authorization: str, file: Path) -> None:
    url = f"http://127.0.0.1:{server.port}/v1/images/{image}/layer"
    subprocess.run(
        ["curl", "-sS", "--fail", "-o", "/dev/null", "-H", f"Authorization: {authorization}", "-H", "Transfer-Encoding: chunked",
         "-H", "Expect:", "-T", str(file), url], check=True)


# Memory while eight clients push and pull.


def memory(folder: Path) -> None:
    size = 1 << 30
    ours = wharf(folder)
    block = os.urandom(MIB)
    files = []
    for number in range(8):
        files.append(folder / f"layer{number}")
        with files[-1].open("wb") as file:
            file.write(str(number).encode())
            file.write(b"".join([block] * 64))
            file.truncate(size)
    idle = ours.peak_memory()

    def client(number: int) -> None:
        image, token, document = begin(ours, 100 + number)
        upload(ours, image, token["Authorization"], files[number])
        total = hashlib.sha256(document + b"\n")
        with files[number].open("rb") as file:
            while piece := file.read(MIB):
                total.update(piece)
        request(ours, "PUT", f"/v1/images/{image}/checksum", **token, X_Docker_Checksum_Payload=f"sha256:{total.hexdigest()}")
        files[number].unlink()
        url = f"http://127.0.0.1:{ours.port}/v1/images/{image}/layer"
        subprocess.run(["curl", "-sS", "--fail", "-o", "/dev/null", url], check=True)

    failures = []

    def guarded(number: int) -> None:
        try:
            client(number)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    print(f"peak memory with eight clients pushing and pulling 1 GiB layers: {ours.peak_memory() / 1e6:.0f} MB "
          f"({idle / 1e6:.0f} MB at start); wanted under 100 MB", flush=True)
    ours.stop()


main()
