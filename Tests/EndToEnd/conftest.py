"""Fixtures: a server of its own for each test, or one for all the tests of a file."""
from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

from certificates import Authority
from server import Server

pytest_plugins = ["people", "disks"]

#: Makes a server, in a folder of its own unless one is given; it is for whoever called to start it.
Make = Callable[..., Server]


def _serve() -> Iterator[Server]:
    for make in _make():
        yield make().start()


def _make() -> Iterator[Make]:
    """Servers must end with status 0 on SIGTERM, and no log may hold a secret that was sent."""
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-") as folder:
        servers: list[Server] = []

        def make(*flags: str, folder: Path = Path(folder), **more: Any) -> Server:
            own = folder / f"server-{len(servers) + 1}"
            own.mkdir(parents=True, exist_ok=True)
            servers.append(Server(own, *flags, **more))
            return servers[-1]

        try:
            yield make
            for server in servers:
                server.stop()
        finally:
            for server in servers:
                if server.process is not None:
                    server.kill()
            for server in servers:
                server.check_log()


@pytest.fixture
def server() -> Iterator[Server]:
    """A fresh server. It must end with status 0 on SIGTERM, and its log must hold no secret that was sent."""
    yield from _serve()


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    """The same for a whole file; its tests use repositories and ids of their own."""
    yield from _serve()


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes servers that are stopped, and their logs checked, after the test."""
    yield from _make()


@pytest.fixture(scope="module")
def make_shared() -> Iterator[Make]:
    """The same for a whole file."""
    yield from _make()


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    """Who signs the certificates of the tests."""
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-tls-") as folder:
        yield Authority(Path(folder))
