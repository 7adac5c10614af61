"""What real engines of 2015 and 2016 sent by v2, sent again with their headers and in their order; only sums and contents are ours."""
from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field

import pytest

import recordings
import wire
from conftest import Make
from images import archive, image_json
from libtrust import Key, payload_and_keys
from recordings import Recorded
from server import Server
from v2client import DOCKER_MANIFEST, adding, digest, expect, location

SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"
KEY = Key(0x1D0C)


@dataclass(frozen=True)
class Engine:
    """How many requests of it were recorded, and what it pushes."""

    requests: int
    signs: bool
    blobs: int


ENGINES = {"1.10.3": Engine(27, False, 4), "1.9.1": Engine(24, True, 3), "1.6.2": Engine(18, True, 3)}


@dataclass
class Replay:
    """Which contents of ours stand for what was recorded, and where the uploads lie."""

    server: Server
    engine: str
    requests: list[Recorded]
    repository: str = ""
    contents: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    pushed: set[str] = field(default_factory=set)
    #: The manifest as it is pushed, and what its digest is of.
    manifest: bytes = b""
    digested: bytes = b""

    def __post_init__(self) -> None:
        """The contents: a layer for each recorded one, and a config that fits them if there is one."""
        put, = (request for request in self.requests if request.first_line.startswith("PUT") and "/manifests/" in request.first_line)
        found = re.match(r"PUT /v2/(.+)/manifests/", put.first_line)
        assert found
        self.repository = found[1]
        layers = re.findall(r'"(?:blobSum|digest)": "(sha256:[0-9a-f]{64})"', put.body)
        config = None if ENGINES[self.engine].signs else layers.pop(0)
        for name in layers:
            self.contents[name] = gzip.compress(archive({"etc/recorded": name.encode(), f"etc/{self.engine}": b""}), mtime=0)
        if config:
            diff_ids = [digest(gzip.decompress(self.contents[name])) for name in layers]
            history = [{"created": "2014-05-21T10:00:00Z", "created_by": f"step {number}"} for number, _ in enumerate(layers)]
            self.contents[config] = json.dumps({
                "architecture": "amd64", "os": "linux", "config": {"Cmd": None}, "created": "2014-05-21T10:00:00Z",
                "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history}).encode()
        self.manifest, self.digested = self._signed(put.body, layers) if config is None else self._plain(put.body)

    def _plain(self, recorded: str) -> tuple[bytes, bytes]:
        document = json.loads(recorded)
        for descriptor in (document["config"], *document["layers"]):
            data = self.contents[descriptor["digest"]]
            descriptor |= {"digest": digest(data), "size": len(data)}
        data = json.dumps(document, indent=3).encode()
        return data, data

    def _signed(self, recorded: str, layers: list[str]) -> tuple[bytes, bytes]:
        """In the recorded form, of which only the head was kept: 1.6 has the version at the end and its top entry twice."""
        chain = list(dict.fromkeys(reversed(layers)))
        ids = {name: hashlib.sha256(self.contents[name]).hexdigest() for name in chain}
        documents = {name: image_json(ids[name], ids[parent] if parent else None) for parent, name in zip([None, *chain], chain)}
        head = dict(re.findall(r'^   "(name|tag|architecture)": "([^"]+)"', recorded, re.MULTILINE))
        body: dict[str, object] = head | {
            "fsLayers": [{"blobSum": digest(self.contents[name])} for name in layers],
            "history": [{"v1Compatibility": documents[name].decode()} for name in layers]}
        is_first = '"schemaVersion": 1' in recorded
        whole = {"schemaVersion": 1} | body if is_first else body | {"schemaVersion": 1}
        payload = json.dumps(whole, indent=3, ensure_ascii=False).encode()
        assert payload.decode().startswith(recorded.split('"fsLayers"')[0])
        return KEY.sign(payload), payload

    def name(self, recorded: str) -> str:
        return digest(self.contents[recorded])

    def place(self, target: str) -> str:
        """The upload of ours that stands for the recorded one; its query is the other server's own."""
        upload = upload_of(target)
        if upload not in self.uploads:
            self.uploads[upload] = self.fresh.pop(0)
        return self.uploads[upload]

    @property
    def layers(self) -> list[bytes]:
        """From the base up, each once."""
        names = [name for name in self.contents if self.contents[name][:2] == b"\x1f\x8b"]
        return [self.contents[name] for name in (reversed(names) if ENGINES[self.engine].signs else names)]


def replay(server: Server, engine: str) -> Replay:
    return Replay(server, engine, recordings.read(f"v{engine}-v2.txt"))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_recorded_request_gets_an_answer_that_this_engine_understands(server: Server, engine: str) -> None:
    played = replay(server, engine)
    assert len(played.requests) == ENGINES[engine].requests, "the recording has been read as a whole"
    digests = upload_digests(played.requests)
    for request in played.requests:
        answer(request, played, digests)
    assert len(played.pushed) == ENGINES[engine].blobs


@pytest.mark.parametrize("pusher", ENGINES)
def test_engines_pull_what_engines_of_other_ages_have_pushed(server: Server, pusher: str) -> None:
    """Each asks for the manifest and for blobs with the headers that were recorded of it."""
    pushed = replay(server, pusher)
    digests = upload_digests(pushed.requests)
    for request in pushed.requests:
        answer(request, pushed, digests)
    for engine in ENGINES:
        puller = replay(server, engine)
        pulls = [request for request in puller.requests if request.method in ("GET", "HEAD")]
        manifest, = (request for request in pulls if "/manifests/" in request.first_line)
        blobs = {request.method: request for request in pulls[pulls.index(manifest):] if "/blobs/" in request.first_line}
        pulled = expect(send(manifest, puller, f"/v2/{pushed.repository}/manifests/1.0"), 200)
        for name, plain in layers_of(pulled, ENGINES[engine].signs, pushed):
            for method, request in blobs.items():
                found = expect(send(request, puller, f"/v2/{pushed.repository}/blobs/{name}"), 200)
                assert int(found.header("Content-Length") or -1) > 0, "1.6 to 1.9 need it"
                assert method == "HEAD" or gzip.decompress(found.body) == plain and digest(found.body) == name


def layers_of(pulled: wire.Response, is_signed: bool, pushed: Replay) -> list[tuple[str, bytes]]:
    """The digest of each layer and what has to be in it, base first, after what the engine itself looks at."""
    plain = [gzip.decompress(layer) for layer in pushed.layers]
    if not is_signed:
        assert pulled.header("Content-Type") == DOCKER_MANIFEST and pulled.header("Docker-Content-Digest") == digest(pulled.body)
        document = json.loads(pulled.body)
        config = pushed.server.call("GET", f"/v2/{pushed.repository}/blobs/{document['config']['digest']}")
        assert json.loads(expect(config, 200).body)["rootfs"]["diff_ids"] == [digest(data) for data in plain], "1.10 compares them"
        return list(zip([layer["digest"] for layer in document["layers"]], plain, strict=True))
    assert pulled.header("Content-Type") == SIGNED
    payload, keys = payload_and_keys(pulled.body)
    assert pulled.header("Docker-Content-Digest") == digest(payload) and len(keys) == 1
    document = json.loads(payload)
    assert (document["schemaVersion"], document["tag"]) == (1, "1.0") and len(document["fsLayers"]) == len(document["history"])
    entries = [(entry["blobSum"], json.loads(step["v1Compatibility"])) for entry, step in zip(document["fsLayers"], document["history"])]
    entries = [entry for entry, above in zip(entries, [None, *entries]) if entry != above]
    for (_, image), below in zip(entries, [*(image for _, image in entries[1:]), {"id": None}]):
        assert re.fullmatch("[0-9a-f]{64}", image["id"]) and image.get("parent") == below["id"], "1.8.3 and later hold the chain to it"
    return list(zip([name for name, image in reversed(entries) if not image.get("throwaway")], plain, strict=True))


def upload_of(target: str) -> str:
    found = re.search(r"/blobs/uploads/([0-9a-f-]+)", target)
    assert found, target
    return found[1]


def upload_digests(requests: list[Recorded]) -> dict[str, str]:
    """Recorded upload → the digest that the engine gave it in the end."""
    found = {}
    for request in requests:
        if match := re.search(r"PUT .*/blobs/uploads/([0-9a-f-]+)\?.*digest=(sha256(?::|%3A)[0-9a-f]+)", request.first_line):
            found[match[1]] = match[2].replace("%3A", ":")
    assert len(found) >= 3
    return found


def answer(request: Recorded, played: Replay, digests: dict[str, str]) -> None:
    """Sends one request and holds the answer to what the engine needs of it."""
    method, target = request.first_line.split(" ")[:2]
    if request.kind == "search":
        names = [result["name"] for result in expect(send(request, played, target), 200).json["results"]]
        assert played.repository in names
    elif target == "/v2/":
        assert expect(send(request, played, target), 200).header("Docker-Distribution-API-Version") == "registry/2.0"
    elif target.endswith("/blobs/uploads/"):
        started = expect(send(request, played, target), 202)
        assert str(started.header("Location")).startswith("http://" if played.engine.startswith("1.6") else "/v2/")
        assert started.header("Range") == "0-0" and location(started).endswith(f"/{started.header('Docker-Upload-UUID')}")
        played.fresh.append(location(started))
    elif method in ("PATCH", "PUT") and "/blobs/uploads/" in target:
        upload(request, played, target, digests[upload_of(target)])
    elif method == "PUT":
        done = expect(send(request, played, target, played.manifest), 201)
        assert done.header("Docker-Content-Digest") == digest(played.digested), "1.6 compares it with the sum of what it has signed"
        assert location(done).endswith(f"/manifests/{digest(played.digested)}")
    elif "/manifests/" in target:
        pulled = expect(send(request, played, target), 200)
        assert pulled.body == played.manifest and pulled.header("Docker-Content-Digest") == digest(played.digested)
        assert pulled.header("Content-Type") == (SIGNED if ENGINES[played.engine].signs else DOCKER_MANIFEST)
        assert pulled.header("Content-Length") == str(len(played.manifest))
    else:
        name = played.name(target.rpartition("/")[2])
        found = send(request, played, re.sub(r"sha256:[0-9a-f]+", name, target))
        assert found.status == (200 if name in played.pushed else 404), (request.first_line, found)
        assert found.status == 404 or int(found.header("Content-Length") or -1) > 0
        assert method == "HEAD" or found.status == 404 or digest(found.body) == name


def upload(request: Recorded, played: Replay, target: str, recorded: str) -> None:
    place, data, name = played.place(target), played.contents[recorded], played.name(recorded)
    if request.method == "PATCH":
        done = expect(send(request, played, place, data), 202)
        assert done.header("Range") == f"0-{len(data) - 1}"
        played.uploads[upload_of(target)] = location(done)
    else:
        body = data if ("Content-Length", "0") not in request.headers else b""
        done = expect(send(request, played, adding(place, digest=name), body), 201)
        assert done.header("Docker-Content-Digest") == name and location(done).endswith(name)
        played.pushed.add(name)


def send(request: Recorded, played: Replay, target: str, body: bytes = b"") -> wire.Response:
    """The recorded headers, with this server's name and the length of our body."""
    is_chunked = ("Transfer-Encoding", "chunked") in request.headers
    headers = [(name, played.server.name if name == "Host" else str(len(body)) if name == "Content-Length" else value)
               for name, value in request.headers]
    with played.server.connect() as connection:
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
