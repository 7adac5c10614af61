"""The recorded requests of real engines, sent again in their order and with their headers; each answer is held to the rules."""
from __future__ import annotations

import re

import pytest

import recordings
import wire
from conftest import Make
from images import make_chain
from recordings import Recorded
from rules import Replay, broken
from server import Server
from v1client import EngineClient


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


def _play(requests: list[Recorded], replay: Replay) -> None:
    problems: list[str] = []
    for group in _groups(requests):
        connections = [wire.Connection(replay.address).send(_adapted(request, replay)) for request in group]
        for request, connection in zip(group, connections):
            with connection:
                response = connection.read_response(request.method)
                problems += [f"{request.first_line}: {problem}" for problem in broken(request, response, replay)]
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
