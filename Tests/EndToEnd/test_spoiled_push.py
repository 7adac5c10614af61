"""Blobs that are spoiled on their way: no client would send a wrong digest by itself, so a proxy changes a bit of what is sent."""
from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from certificates import Authority
from clients import Person
from corruption import Corruption
from engine import Engine
from images import archive
from pushing import CLIENTS, REPOSITORY, Plain, Pusher, check_nothing_is_there, check_pushed
from server import Server
from v2client import V2Client, errors, expect

SIZE = 100_000
MESSAGE = "provided digest did not match uploaded content"
CODE_AND_MESSAGE = f"digest invalid: {MESSAGE}"
SAID = {"skopeo": CODE_AND_MESSAGE, "podman": CODE_AND_MESSAGE, "buildah": CODE_AND_MESSAGE, "oras": MESSAGE,
        "dxf": "400 Client Error: Bad Request for url"}


@pytest.fixture
def registry(authority: Authority) -> Plain:
    return Plain(authority)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-docker-") as folder:
        engine = Engine(Path(folder)).start()
        try:
            yield engine
        finally:
            engine.stop()


def check_refusals(server: Server, proxy: Corruption) -> None:
    """As often as the client has tried: the upload was refused for its digest, nothing else was, and no blob is there under it."""
    assert proxy.refused and sum(exchange.is_spoiled for exchange in proxy.exchanges) == len(proxy.refused)
    for exchange in proxy.refused:
        assert (exchange.response.status, errors(exchange.response)) == (400, [("DIGEST_INVALID", MESSAGE)])
        name, = parse_qs(urlsplit(exchange.target).query)["digest"]
        expect(V2Client(server).blob(REPOSITORY, name), 404)
    check_nothing_is_there(server)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_spoiled_blob_is_refused(server: Server, nobody: Person, client: str) -> None:
    pusher = Pusher(nobody, client, SIZE)
    with Corruption(server) as proxy:
        said = pusher.fails(proxy.name)
    assert SAID[client] in said, said
    check_refusals(server, proxy)
    pusher.does(server.name)
    check_pushed(server)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_same_way_is_good_for_what_is_not_spoiled(server: Server, nobody: Person, client: str) -> None:
    with Corruption(server, spoils=False) as proxy:
        Pusher(nobody, client, SIZE).does(proxy.name)
    assert proxy.exchanges and not proxy.refused
    check_pushed(server)


def test_a_spoiled_blob_of_docker(server: Server, engine: Engine) -> None:
    """Which tries five times, for most of a minute."""
    layer = engine.folder / "layer.tar"
    layer.write_bytes(archive({"etc/random": secrets.token_bytes(SIZE)}))
    direct = f"{server.name}/{REPOSITORY}:1"
    assert engine.docker("import", str(layer), direct).returncode == 0
    with Corruption(server) as proxy:
        spoiled = f"{proxy.name}/{REPOSITORY}:1"
        assert engine.docker("tag", direct, spoiled).returncode == 0
        pushed = engine.docker("push", spoiled, limit=180)
    assert pushed.returncode != 0 and pushed.stderr == f"{CODE_AND_MESSAGE}\n", pushed
    check_refusals(server, proxy)
    pushed = engine.docker("push", direct)
    assert pushed.returncode == 0, pushed
    check_pushed(server)
