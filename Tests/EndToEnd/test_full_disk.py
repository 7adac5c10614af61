"""A disk that is full: pushes are refused with a clear message, what is there stays readable, and it goes on when there is room again."""
from __future__ import annotations

import os
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

import wire
from clients import write_layout
from conftest import Make
from contents import CONFIG, Contents
from server import Server
from v2client import MANIFEST, V2Client, digest, errors, expect, location

SIZE = 48 << 20


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of its own with little room."""
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-disk-") as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no file system can be mounted here: {mounted.stderr}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def server(make: Make, disk: Path) -> Server:
    server = make()
    server.data = disk / "data"
    return server.start()


def fill(disk: Path) -> Path:
    """Takes all the room that is left."""
    file = disk / "filler"
    with open(file, "wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"\xff" * size)
            except OSError:
                continue
    return file


def pushed(client: V2Client, tag: str) -> Contents:
    contents = Contents()
    image = contents.image(tag)
    for data in contents.blobs.values():
        client.push_blob("disk/kept", data)
    expect(client.put_manifest("disk/kept", tag, image.data), 201)
    return contents


def check_refusal(response: wire.Response) -> None:
    """In words, and as v2 gives errors."""
    assert response.status in (500, 503, 507), (response.status, response.body)
    (_, message), = errors(response)
    assert "space" in message or "room" in message or "full" in message, message


def check_kept(client: V2Client, contents: Contents, tag: str) -> None:
    assert expect(client.manifest("disk/kept", tag), 200).body == contents.tags[tag].data
    for name, data in contents.blobs.items():
        assert expect(client.blob("disk/kept", name), 200).body == data


@pytest.mark.parametrize("way", ["put", "post", "patch", "stream"])
def test_a_blob_that_does_not_fit(server: Server, way: str) -> None:
    client = V2Client(server)
    kept = pushed(client, "kept")
    large = random.Random(5).randbytes(SIZE + (4 << 20))
    if way == "post":
        answer = refused(lambda: client.post("disk/large", large, digest(large)))
    else:
        target = location(expect(client.start("disk/large"), 202))
        send = {"put": lambda: client.finish(target, digest(large), large), "patch": lambda: client.patch(target, large, 0),
                "stream": lambda: client.stream(target, large, 1 << 20)}[way]
        answer = refused(send)
    if answer:
        check_refusal(answer)
    check_kept(client, kept, "kept")
    if way in ("patch", "stream"):
        expect(client.call("DELETE", target), 204)
    check_kept(client, pushed(client, "after"), "after")


def refused(send: object) -> wire.Response | None:
    """The answer; none when the server closed the connection before the client had sent everything, as it may."""
    try:
        return send()  # type: ignore[operator]
    except (BrokenPipeError, ConnectionResetError):
        return None


def test_what_a_person_reads(server: Server, tmp_path: Path) -> None:
    """Clients show the status alone when it is one of the server's faults. (Docker the same, after five attempts in a minute.)"""
    contents = Contents()
    layer = contents.blob(random.Random(8).randbytes(SIZE), "application/vnd.oci.image.layer.v1.tar")
    config = contents.blob(b'{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}', CONFIG)
    contents.tags["1"] = contents.manifest({"mediaType": MANIFEST, "config": config, "layers": [layer]})
    layout = write_layout(tmp_path / "layout", contents)
    target = f"docker://{server.name}/disk/large:1"
    copy = ["skopeo", "copy", "--dest-tls-verify=false", f"oci:{layout}:1", target]
    copied = subprocess.run(copy, capture_output=True, text=True, timeout=120)
    assert copied.returncode != 0 and "507 Insufficient Storage" in copied.stderr, copied.stderr


def test_no_room_at_all(server: Server, disk: Path) -> None:
    """Not for a single byte, nor for the catalog's."""
    client = V2Client(server)
    kept = pushed(client, "kept")
    more = Contents()
    image = more.image("more")
    for data in more.blobs.values():
        client.push_blob("disk/kept", data)
    open_upload = location(expect(client.start("disk/kept"), 202))
    filler = fill(disk)
    blob = random.Random(6).randbytes(400_000)
    check_refusal(client.finish(open_upload, digest(blob), blob))
    for number in range(3):
        check_kept(client, kept, "kept")
        answer = client.put_manifest("disk/kept", "more", image.data)
        if answer.status != 201:
            check_refusal(answer)
    filler.unlink()
    expect(client.put_manifest("disk/kept", "more", image.data), 201)
    check_kept(client, more, "more")
    check_kept(client, pushed(client, "after"), "after")


def test_it_starts_again_on_a_full_disk_once_there_is_room(server: Server, disk: Path) -> None:
    client = V2Client(server)
    kept = pushed(client, "kept")
    filler = fill(disk)
    server.kill()
    filler.unlink()
    server.restart()
    check_kept(client, kept, "kept")
    check_kept(client, pushed(client, "after"), "after")
