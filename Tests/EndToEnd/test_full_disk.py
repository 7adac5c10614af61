"""A disk that is full: pushes are refused with a clear message, what is there stays readable, and it goes on when there is room again."""
from __future__ import annotations

import random
from pathlib import Path

import pytest

import wire
from conftest import Make
from contents import Contents
from disks import SIZE, fill
from server import Server
from v2client import V2Client, digest, errors, expect, location


@pytest.fixture
def server(make: Make, disk: Path) -> Server:
    server = make()
    server.data = disk / "data"
    return server.start()


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
