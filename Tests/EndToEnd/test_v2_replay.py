"""What real engines of 2015 and 2016 sent by v2, sent again with their headers and in their order; only sums and contents are ours."""
from __future__ import annotations

import gzip
import json
import re

import pytest

import recordings
import wire
from conftest import Make
from images import archive
from recordings import Recorded
from server import Server
from v2client import adding, code, digest, errors, expect, location

#: Engine → how many requests of it were recorded, and whether it pushes manifests of schema 2.
ENGINES = {"1.10.3": (26, True), "1.9.1": (23, False), "1.6.2": (17, False)}


class Replay:
    """Which contents of ours stand for what was recorded, and where the uploads lie."""

    def __init__(self, server: Server, engine: str) -> None:
        self.server = server
        self.is_absolute = engine.startswith("1.6")
        self.contents: dict[str, bytes] = {}
        self.uploads: dict[str, str] = {}
        self.fresh: list[str] = []
        self.pushed: set[str] = set()
        self.manifest = b""

    def content(self, recorded: str) -> bytes:
        """What stands for the blob of the recorded digest."""
        return self.contents.setdefault(recorded, gzip.compress(archive({"etc/recorded": recorded.encode()})))

    def name(self, recorded: str) -> str:
        return digest(self.content(recorded))

    def place(self, target: str) -> str:
        """The upload of ours that stands for the recorded one; its query is the other server's own."""
        found = re.search(r"/blobs/uploads/([0-9a-f-]+)", target)
        assert found, target
        if found[1] not in self.uploads:
            self.uploads[found[1]] = self.fresh.pop(0)
        return self.uploads[found[1]]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_recorded_request_gets_an_answer_that_this_engine_understands(server: Server, engine: str) -> None:
    requests = [request for request in recordings.read(f"v{engine}-v2.txt") if request.kind == "v2"]
    count, schema_2 = ENGINES[engine]
    assert len(requests) == count, "the recording has been read as a whole"
    digests = upload_digests(requests)
    replay = Replay(server, engine)
    for request in requests:
        answer(request, replay, digests, schema_2)
    assert len(replay.pushed) == (4 if schema_2 else 3) and bool(replay.manifest) == schema_2


def upload_digests(requests: list[Recorded]) -> dict[str, str]:
    """Recorded upload → the digest that the engine gave it in the end."""
    found = {}
    for request in requests:
        if match := re.search(r"PUT .*/blobs/uploads/([0-9a-f-]+)\?.*digest=(sha256(?::|%3A)[0-9a-f]+)", request.first_line):
            found[match[1]] = match[2].replace("%3A", ":")
    assert len(found) >= 3
    return found


def answer(request: Recorded, replay: Replay, digests: dict[str, str], schema_2: bool) -> None:
    """Sends one request and holds the answer to what the engine needs of it."""
    method, target = request.first_line.split(" ")[:2]
    if target == "/v2/":
        assert expect(send(request, replay, target), 200).header("Docker-Distribution-API-Version") == "registry/2.0"
    elif target.endswith("/blobs/uploads/"):
        started = expect(send(request, replay, target), 202)
        assert str(started.header("Location")).startswith("http://" if replay.is_absolute else "/v2/")
        assert started.header("Range") == "0-0" and location(started).endswith(f"/{started.header('Docker-Upload-UUID')}")
        replay.fresh.append(location(started))
    elif method in ("PATCH", "PUT") and "/blobs/uploads/" in target:
        place = replay.place(target)
        recorded = digests[re.search(r"/blobs/uploads/([0-9a-f-]+)", target)[1]]  # type: ignore[index]
        data = replay.content(recorded)
        if method == "PATCH":
            done = expect(send(request, replay, place, data), 202)
            assert done.header("Range") == f"0-{len(data) - 1}"
            replay.uploads[re.search(r"/blobs/uploads/([0-9a-f-]+)", target)[1]] = location(done)  # type: ignore[index]
        else:
            body = data if ("Content-Length", "0") not in request.headers else b""
            done = expect(send(request, replay, adding(place, digest=replay.name(recorded)), body), 201)
            assert done.header("Docker-Content-Digest") == replay.name(recorded) and location(done).endswith(replay.name(recorded))
            replay.pushed.add(replay.name(recorded))
    elif method == "PUT":
        push_manifest(request, replay, target, schema_2)
    elif "/manifests/" in target:
        pulled = send(request, replay, target)
        if schema_2:
            assert expect(pulled, 200).body == replay.manifest and pulled.header("Docker-Content-Digest") == digest(replay.manifest)
            assert pulled.header("Content-Type") == "application/vnd.docker.distribution.manifest.v2+json"
        else:
            assert code(expect(pulled, 404)) in ("MANIFEST_UNKNOWN", "NAME_UNKNOWN"), "1.8 and 1.9 crash where there is no list of errors"
    else:
        name = replay.name(target.rpartition("/")[2])
        found = send(request, replay, re.sub(r"sha256:[0-9a-f]+", name, target))
        assert found.status == (200 if name in replay.pushed else 404), (request.first_line, found)
        assert method == "HEAD" or found.status == 404 or digest(found.body) == name


def push_manifest(request: Recorded, replay: Replay, target: str, schema_2: bool) -> None:
    if not schema_2:
        refused = expect(send(request, replay, target, request.body.encode()), 400)
        (kind, message), = errors(refused)
        assert kind == "MANIFEST_INVALID" and message
        return
    document = json.loads(request.body)
    for descriptor in (document["config"], *document["layers"]):
        data = replay.content(descriptor["digest"])
        descriptor |= {"digest": digest(data), "size": len(data)}
    replay.manifest = json.dumps(document, indent=3).encode()
    done = expect(send(request, replay, target, replay.manifest), 201)
    assert done.header("Docker-Content-Digest") == digest(replay.manifest)


def send(request: Recorded, replay: Replay, target: str, body: bytes = b"") -> wire.Response:
    """The recorded headers, with this server's name and the length of our body."""
    is_chunked = ("Transfer-Encoding", "chunked") in request.headers
    headers = [(name, replay.server.name if name == "Host" else str(len(body)) if name == "Content-Length" else value)
               for name, value in request.headers]
    with replay.server.connect() as connection:
        connection.send(wire.head(f"{request.method} {target} HTTP/1.1", headers) + (wire.chunked(body, 73) if is_chunked else body))
        return connection.read_response(request.method)


def test_bare_go_user_agents_do_not_see_the_version(server: Server) -> None:
    """1.5.0 takes a server that shows it for one that it can push to by v2; other programs with this agent are served all the same."""
    for agent in ("Go 1.1 package http", "Go-http-client/1.1", "Go-http-client/2.0"):
        ping = expect(server.call("GET", "/v2/", User_Agent=agent), 200)
        assert ping.header("Docker-Distribution-API-Version") is None
        assert server.call("GET", "/v2/some/thing/tags/list", User_Agent=agent).header("Docker-Distribution-API-Version") == "registry/2.0"
    for agent in ("docker/1.10.3 go/go1.5.3", "curl/8", "Go-http-client/1.1 and more"):
        assert server.call("GET", "/v2/", User_Agent=agent).header("Docker-Distribution-API-Version") == "registry/2.0"


@pytest.mark.parametrize("agent, is_absolute", [
    ("docker/1.6.2 go/go1.4.2", True), ("docker/1.7.1", True), ("docker/1.8.0", False), ("docker/1.60.0", False),
    ("docker/20.10.24+dfsg1 go/go1.19", False), ("skopeo/1.9.3", False)])
def test_a_location_is_absolute_for_engines_that_need_it(make: Make, agent: str, is_absolute: bool) -> None:
    server = make("--external-url", "http://registry.example.com:5000").start()
    started = expect(server.call("POST", "/v2/some/thing/blobs/uploads/", body=b"", User_Agent=agent), 202)
    start = "http://registry.example.com:5000/v2/" if is_absolute else "/v2/"
    assert str(started.header("Location")).startswith(f"{start}some/thing/blobs/uploads/")
