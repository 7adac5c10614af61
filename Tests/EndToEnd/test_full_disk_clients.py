"""A disk that is full, as people with clients see it: what they read, that nothing half-written shows, and that it goes on later."""
from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from certificates import Authority
from clients import Person
from conftest import Make
from disks import fill
from pushing import CLIENTS, Plain, Pusher, check_nothing_is_there, check_pushed
from server import Server

LAYER = 24 << 20
STATUS = "received unexpected HTTP status: 507 Insufficient Storage"
#: What clients say that show the status alone, as most do of the server's own faults. (Docker as well, after five attempts in a minute.)
SAID = {"skopeo": STATUS, "podman": STATUS, "buildah": STATUS, "dxf": "507 Server Error: Insufficient Storage for url",
        "oras": "no space left on the registry"}


@pytest.fixture
def registry(authority: Authority) -> Plain:
    return Plain(authority)


@pytest.fixture
def server(make: Make, disk: Path) -> Server:
    server = make()
    server.data = disk / "data"
    return server.start()


def logged(server: Server, expected: str) -> str:
    """The log, which is written a moment after the answers, once it has this."""
    deadline = time.monotonic() + 5
    while expected not in server.log and time.monotonic() < deadline:
        time.sleep(0.02)
    return server.log


@pytest.mark.parametrize("left", [0, 1 << 20], ids=["nothing", "little"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_push_that_does_not_fit(server: Server, disk: Path, nobody: Person, client: str, left: int) -> None:
    """There is no room at all, or some for the beginning of the layer."""
    pusher = Pusher(nobody, client, LAYER)
    filler = fill(disk, left)
    said = pusher.fails(server.name)
    assert SAID[client] in said, said
    assert re.findall(r" method=(\w+) .* status=507 ", logged(server, " status=507 ")) == [
        "POST" if left == 0 else "PUT" if client in ("oras", "dxf") else "PATCH"]
    check_nothing_is_there(server)
    filler.unlink()
    check_nothing_is_there(server)
    pusher.does(server.name)
    check_pushed(server)
