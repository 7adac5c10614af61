"""Fixtures: a server of its own for each test, or one for all the tests of a file."""
from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Iterator

import pytest

from server import Server


def _serve() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-") as folder:
        server = Server(Path(folder)).start()
        try:
            yield server
            server.stop()
        finally:
            if server.process is not None:
                server.kill()
            server.check_log()


@pytest.fixture
def server() -> Iterator[Server]:
    """A fresh server. It must end with status 0 on SIGTERM, and its log must hold no secret that was sent."""
    yield from _serve()


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    """The same for a whole file; its tests use repositories and ids of their own."""
    yield from _serve()
