"""Fixtures of the tests with container tools: a registry for a file, and people before it. conftest.py has them loaded."""
from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Callable, Iterator

import pytest

from accounts import Login
from certificates import Authority
from clients import Person, Registry
from conftest import Make

Appear = Callable[[Login | None], Person]


@pytest.fixture(scope="module")
def registry(make_shared: Make, authority: Authority) -> Iterator[Registry]:
    yield Registry(make_shared, authority)


@pytest.fixture
def person(registry: Registry) -> Iterator[Appear]:
    """Folders with short names of letters and digits, as podman wants them."""
    folder = Path(tempfile.gettempdir()) / f"wharf-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield lambda login: Person(folder / (login.user if login else "nobody"), registry, login)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def alice(registry: Registry, person: Appear) -> Person:
    return person(registry.alice)


@pytest.fixture
def bernd(registry: Registry, person: Appear) -> Person:
    return person(registry.bernd)


@pytest.fixture
def nobody(person: Appear) -> Person:
    return person(None)
