"""kill -9 in the middle of pushes by v2: what was acknowledged is there afterwards, and uploads go on where GET says."""
from __future__ import annotations

import hashlib
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

import wire
from contents import Contents
from server import Server
from v2client import OCTETS, V2Client, digest, expect, location

REPOSITORY = "crash/test"
LARGE = random.Random(4).randbytes(8 << 20)


@pytest.fixture
def anchor(server: Server) -> Contents:
    """An image that was pushed, and acknowledged as a whole, before anything is killed."""
    return push(V2Client(server), "anchor/kept", Contents(), "kept")


def push(client: V2Client, repository: str, contents: Contents, tag: str) -> Contents:
    image = contents.image(tag)
    for data in contents.blobs.values():
        client.push_blob(repository, data)
    expect(client.put_manifest(repository, tag, image.data), 201)
    return contents


def check_whole(server: Server, repository: str, contents: Contents) -> None:
    client = V2Client(server)
    for tag, manifest in contents.tags.items():
        assert expect(client.manifest(repository, tag), 200).body == manifest.data
        assert tag in client.tag_names(repository)
    for name, data in contents.blobs.items():
        assert expect(client.blob(repository, name), 200).body == data


def check_store(server: Server) -> None:
    """Every blob is what its name says."""
    files = [path for path in (server.data / "objects/blobs").rglob("*") if path.is_file()] or [
        path for path in server.data.rglob("*") if path.is_file() and re.fullmatch("[0-9a-f]{64}", path.name)]
    assert files, "the blobs lie under their digests"
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, path


def begin_patch(server: Server, target: str, data: bytes, sent: int, chunked: bool) -> wire.Connection:
    """A PATCH that is left after so many bytes."""
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(data)))
    connection = wire.Connection(server.address)
    connection.send(wire.head(f"PATCH {target} HTTP/1.1", [("Host", server.name), OCTETS, framing]))
    if sent:
        part = data[:sent]
        connection.send(wire.chunked(part, 1 << 16).removesuffix(b"0\r\n\r\n") if chunked else part)
    return connection


def offset(client: V2Client, target: str) -> int:
    """How many bytes the upload has, as GET says; 0-0 is none or one."""
    found = re.fullmatch(r"0-(\d+)", str(expect(client.status(target), 204).header("Range")))
    assert found
    return int(found[1]) + 1 if found[1] != "0" else 0


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "sized"])
@pytest.mark.parametrize("sent", [0, 65_536, 5_000_000])
def test_killed_in_the_middle_of_a_patch(server: Server, anchor: Contents, sent: int, chunked: bool) -> None:
    client = V2Client(server)
    target = location(expect(client.start(REPOSITORY), 202))
    first = LARGE[:1_000_000]
    expect(client.patch(target, first, 0), 202)
    with begin_patch(server, target, LARGE[1_000_000:], sent, chunked):
        time.sleep(0.3)
        server.kill()
    server.restart()
    reached = offset(client, target)
    assert 1_000_000 <= reached <= 1_000_000 + sent, "what was acknowledged stays, and nothing that was not sent is there"
    expect(client.patch(target, LARGE[reached:], reached), 202)
    expect(client.finish(target, digest(LARGE)), 201)
    assert client.blob(REPOSITORY, digest(LARGE)).body == LARGE
    check_whole(server, "anchor/kept", anchor)
    check_store(server)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_killed_between_patch_and_put(server: Server, anchor: Contents, algorithm: str) -> None:
    client = V2Client(server)
    target = location(expect(client.start(REPOSITORY), 202))
    for first in range(0, 4_000_000, 1_000_000):
        expect(client.patch(target, LARGE[first:first + 1_000_000], first), 202)
        server.kill()
        server.restart()
        assert offset(client, target) == first + 1_000_000
    data = LARGE[:4_000_100]
    expect(client.finish(target, digest(data, algorithm), data[4_000_000:], 4_000_000), 201)
    assert client.blob(REPOSITORY, digest(data, algorithm)).body == data
    check_whole(server, "anchor/kept", anchor)


def test_killed_right_after_an_upload_has_begun(server: Server) -> None:
    client = V2Client(server)
    target = location(expect(client.start(REPOSITORY), 202))
    server.kill()
    server.restart()
    assert offset(client, target) == 0
    expect(client.finish(target, digest(b"whole"), b"whole"), 201)


def test_killed_right_after_each_answer(server: Server, anchor: Contents) -> None:
    """A blob, a mount, a manifest, a deletion: each is for good once it has been answered."""
    client = V2Client(server)
    contents = Contents()
    image = contents.image("after")
    for number, data in enumerate(contents.blobs.values()):
        name = digest(data)
        client.push_blob(REPOSITORY, data, way="put") if number else expect(client.post(REPOSITORY, data, name), 201)
        server.kill()
        server.restart()
        assert client.blob(REPOSITORY, name).body == data
    expect(client.put_manifest(REPOSITORY, "after", image.data), 201)
    server.kill()
    server.restart()
    check_whole(server, REPOSITORY, contents)
    some = next(iter(contents.blobs))
    expect(client.mount("crash/mounted", some, REPOSITORY), 201)
    server.kill()
    server.restart()
    assert client.blob("crash/mounted", some).body == contents.blobs[some]
    artifact = contents.artifact(subject=image.descriptor())
    for data in contents.blobs.values():
        client.push_blob(REPOSITORY, data)
    expect(client.put_manifest(REPOSITORY, artifact.digest, artifact.data), 201)
    server.kill()
    server.restart()
    assert client.referrers(REPOSITORY, image.digest).json["manifests"] == [artifact.listed]
    expect(client.delete(REPOSITORY, f"manifests/{image.digest}"), 202)
    server.kill()
    server.restart()
    expect(client.manifest(REPOSITORY, "after"), 404)
    assert client.tag_names(REPOSITORY) == []
    check_whole(server, "anchor/kept", anchor)
    check_store(server)


@pytest.mark.parametrize("delay", [0.01, 0.04, 0.1, 0.2])
def test_killed_at_any_moment_of_pushes(server: Server, anchor: Contents, delay: float) -> None:
    """Also between a call and its answer: every push that was acknowledged is there as a whole, and the next one succeeds."""
    done: list[Contents] = []

    def many(worker: int) -> None:
        for number in range(50):
            done.append(push(V2Client(server), f"crash/{worker}", Contents(), f"tag-{number}"))

    with ThreadPoolExecutor(3) as pool:
        pushing = [pool.submit(many, worker) for worker in range(3)]
        time.sleep(delay)
        server.kill()
        for failure in (future.exception() for future in pushing):
            assert isinstance(failure, (OSError, HTTPException, AssertionError)), failure
    acknowledged = list(done)
    server.restart()
    client = V2Client(server)
    for contents in acknowledged:
        (tag, image), = contents.tags.items()
        found = [repository for repository in (f"crash/{worker}" for worker in range(3))
                 if client.manifest(repository, tag).body == image.data]
        assert len(found) == 1
        check_whole(server, found[0], contents)
    check_whole(server, "anchor/kept", anchor)
    check_whole(server, "crash/again", push(client, "crash/again", Contents(), "again"))


def test_a_patch_that_the_client_breaks_off_goes_on(server: Server) -> None:
    """The bytes that arrived are kept, without a restart."""
    client = V2Client(server)
    target = location(expect(client.start(REPOSITORY), 202))
    with begin_patch(server, target, LARGE, 3_000_000, chunked=True):
        time.sleep(0.2)
    deadline = time.monotonic() + 10
    while (reached := offset(client, target)) < 3_000_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert reached == 3_000_000
    expect(client.finish(target, digest(LARGE), LARGE[reached:], reached), 201)


def test_sigterm_lets_a_patch_come_to_its_end(server: Server) -> None:
    client = V2Client(server)
    target = location(expect(client.start(REPOSITORY), 202))
    with begin_patch(server, target, LARGE, 1 << 20, chunked=True) as connection:
        time.sleep(0.2)
        server.terminate()
        time.sleep(0.5)
        expect(connection.send(wire.chunked(LARGE[1 << 20:])).read_response(), 202)
    assert server.wait() == 0
    server.restart()
    expect(client.finish(target, digest(LARGE)), 201)
