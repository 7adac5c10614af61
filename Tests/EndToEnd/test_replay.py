"""The recorded requests of real engines, sent again in their order and with their headers; each answer is held to the rules."""
from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace

import pytest

import conversions
import recordings
import wire
from conftest import Make
from images import Image, archive, make_chain
from libtrust import Key
from recordings import Recorded
from rules import PULL_RULES, RULES, Replay, Rule, broken
from server import Server
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, INDEX, MANIFEST, V2Client, digest, expect


@pytest.fixture
def server(make: Make) -> Server:
    """Without v2: that is what these engines found, or they would have spoken it."""
    return make("--v2", "false").start()


ENGINES = {"1.3.3": 28, "1.5.0": 28, "1.6.2": 31, "1.9.1": 29, "1.10.3": 33}


@pytest.mark.parametrize("engine, count", ENGINES.items())
def test_every_recorded_request_gets_an_answer_that_this_engine_understands(server: Server, engine: str, count: int) -> None:
    requests = recordings.read(f"v{engine}-v1.txt")
    assert len(requests) == count, "the recording has been read as a whole"
    replay = Replay(server.address, recordings.images(requests))
    assert len(replay.images) == 3
    _play(requests, replay)


def test_engines_of_all_ages_push_and_pull_at_one_server(server: Server) -> None:
    for engine in ENGINES:
        requests = [request for request in recordings.read(f"v{engine}-v1.txt") if request.kind != "search"]
        _play(requests, Replay(server.address, recordings.images(requests)))


def test_todays_engines_and_podman_search_as_recorded(server: Server) -> None:
    requests = recordings.read("search-modern-v1.txt")
    assert [request.kind for request in requests] == ["ping", "search", "ping", "search", "v2", "ping"]
    EngineClient(server.address).push("wharf/three", make_chain(), "1.0")
    _play(requests, Replay(server.address, {}, repository="wharf/three"))


@pytest.mark.parametrize("kind", ["docker", "oci", "index", "schema 1"])
@pytest.mark.parametrize("engine", ["1.3.3", "1.5.0"])
def test_old_engines_pull_what_was_pushed_by_v2(make: Make, engine: str, kind: str) -> None:
    """The recorded pull, with the ids that the image has in v1 in place of the recorded ones."""
    server = make().start()
    recorded = recordings.read(f"v{engine}-v1.txt")
    pulled = recorded[next(number for number, request in enumerate(recorded) if request.kind == "put_images") + 1:]
    assert [request.kind for request in pulled if request.kind not in ("v2", "ping", "search")] == [
        "get_images", "get_tags", "ancestry", *["json", "layer"] * 3], "a pull as a whole"
    repository = next(request.words["name"] for request in pulled if request.kind == "get_images")
    chain = _pushed_by_v2(V2Client(server), repository, kind)
    names = {old: new.id for old, new in zip(recordings.images(recorded), chain, strict=True)}
    replay = Replay(server.address, {image.id: image for image in chain}, repository, tag="1.0", top=chain[-1].id)
    _play([_renamed(request, names) for request in pulled], replay, PULL_RULES)


def _pushed_by_v2(client: V2Client, repository: str, kind: str) -> list[Image]:
    """An image of three layers, and what v1 has to make of it (v1.md §9.2), base first."""
    plain = [archive({f"etc/layer{number}": f"layer {number}".encode() * 20}) for number in range(3)]
    layers = [gzip.compress(data, mtime=0) for data in plain]
    config = json.dumps({
        "os": "linux", "architecture": "amd64", "created": "2024-05-01T00:00:00Z", "config": {"Cmd": ["/bin/sh"], "Env": ["A=<b>"]},
        "rootfs": {"type": "layers", "diff_ids": [digest(data) for data in plain]},
        "history": [{"created": "2024-05-01T00:00:00Z", "created_by": f"step {number}"} for number in range(3)]}).encode()
    links = conversions.chain_of(config)
    for blob in (*layers, config):
        client.push_blob(repository, blob)
    if kind == "schema 1":
        entries = conversions.entries_of(config, [digest(layer) for layer in layers])
        document = Key(7).sign(conversions.payload_of(repository, "1.0", "amd64", entries))
        expect(client.put_manifest(repository, "1.0", document, None), 201)
        return [Image(entry.id, entry.document, layer) for entry, layer in zip(entries, layers, strict=True)]
    media_type = DOCKER_MANIFEST if kind == "docker" else MANIFEST
    manifest = conversions.manifest_of(media_type, config, [
        {"mediaType": conversions.LAYERS[media_type]["gzip"], "size": len(layer), "digest": digest(layer)} for layer in layers])
    expect(client.put_manifest(repository, digest(manifest) if kind == "index" else "1.0", manifest, media_type), 201)
    if kind == "index":
        listed = {"mediaType": media_type, "digest": digest(manifest), "size": len(manifest),
                  "platform": {"os": "linux", "architecture": "amd64"}}
        index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [listed]}).encode()
        expect(client.put_manifest(repository, "1.0", index, INDEX), 201)
    return [Image(link.id, link.document, layer) for link, layer in zip(links, layers, strict=True)]


def _renamed(request: Recorded, names: dict[str, str]) -> Recorded:
    old = request.words.get("id", "")
    if old not in names:
        return request
    return replace(request, words=request.words | {"id": names[old]}, first_line=request.first_line.replace(old, names[old]))


def _play(requests: list[Recorded], replay: Replay, rules: dict[str, Rule] = RULES) -> None:
    problems: list[str] = []
    for group in _groups(requests):
        connections = [wire.Connection(replay.address).send(_adapted(request, replay)) for request in group]
        for request, connection in zip(group, connections):
            with connection:
                response = connection.read_response(request.method)
                problems += [f"{request.first_line}: {problem}" for problem in broken(request, response, replay, rules)]
                if ("Connection", "close") in request.headers and not connection.is_closed():
                    problems.append(f"{request.first_line}: the connection stays open")
            replay.token = response.header("X-Docker-Token") or replay.token
    assert not problems, "\n".join(problems)


def _groups(requests: list[Recorded]) -> list[list[Recorded]]:
    """Requests that the engine sent on parallel connections stand in one group."""
    groups: list[list[Recorded]] = []
    for request in requests:
        if request.at_once:
            groups[-1].append(request)
        else:
            groups.append([request])
    return groups


def _adapted(request: Recorded, replay: Replay) -> bytes:
    """The request as recorded, but for this server: its address and tokens, our layers and their sums."""
    replay.repository = request.words.get("name", replay.repository)
    body = request.body.encode()
    if request.kind == "put_json":
        body = replay.images[request.words["id"]].json
    elif request.kind == "put_layer":
        body = wire.chunked(replay.images[request.words["id"]].layer, size=73)
    elif request.kind == "put_tag":
        replay.tag, replay.top = request.words["tag"], request.body.strip('"')
    headers = [(name, _adapted_value(name.lower(), value, request, replay, body)) for name, value in request.headers]
    return wire.head(request.first_line, headers) + body


def _adapted_value(name: str, value: str, request: Recorded, replay: Replay, body: bytes) -> str:
    image = replay.images.get(request.words.get("id", ""))
    if name == "host":
        return "%s:%d" % replay.address
    if name == "content-length":
        return str(len(body))
    if name == "x-docker-endpoints":
        return re.sub(r"//[^/]+/", "//%s:%d/" % replay.address, value)
    if name == "authorization" and value.startswith("Token"):
        assert replay.token is not None, "the engine had got a token here"
        assert value.startswith("Token Token "), "engines put their own word before the token that they were given"
        return f"Token {replay.token}"
    if name == "x-docker-checksum" and image:
        return image.tarsum()
    if name == "x-docker-checksum-payload" and image:
        return image.payload_sum
    return value
