"""`docker search` of a real engine, which still speaks v1 to find images; and its pull and login where v2 is turned off."""
from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Iterator

import pytest

from conftest import Make
from engine import Engine
from images import make_chain
from server import Server
from v1client import EngineClient

COLUMNS = "{{.Name}}|{{.Description}}|{{.StarCount}}|{{.IsOfficial}}"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-docker-") as folder:
        engine = Engine(Path(folder)).start()
        try:
            yield engine
        finally:
            engine.stop()


@pytest.fixture
def pushed(server: Server) -> Server:
    for name in ("ubuntu", "team/ubuntu-tools", "team/other"):
        EngineClient(server.address).push(name, make_chain(1))
    return server


def found(engine: Engine, server: Server, term: str, *options: str) -> list[str]:
    result = engine.docker("search", "--no-trunc", "--format", COLUMNS, *options, f"{server.name}/{term}")
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def describe(server: Server, repository: str, stars: int, official: bool, description: str) -> None:
    """Changes the stored columns, as an administration will; the table is found by its columns, not by its name."""
    for file in server.data.rglob("*"):
        if not file.is_file() or file.open("rb").read(16) != b"SQLite format 3\0":
            continue
        database = sqlite3.connect(file, timeout=10)
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
            if {"star_count", "is_official", "name"} <= columns:
                with database:
                    changed = database.execute(
                        f'UPDATE "{table}" SET star_count = ?, is_official = ?, description = ? WHERE name IN (?, ?)',
                        (stars, official, description, repository, repository.rpartition("/")[2]))
                assert changed.rowcount == 1
                return
    raise AssertionError("no table has the columns that search shows")


def test_docker_search_finds_what_was_pushed(engine: Engine, pushed: Server) -> None:
    assert found(engine, pushed, "ubuntu") == ["ubuntu||0|", "team/ubuntu-tools||0|"]
    assert found(engine, pushed, "other") == ["team/other||0|"]
    assert found(engine, pushed, "nothing-like-it") == []


def test_docker_search_obeys_its_limit(engine: Engine, pushed: Server) -> None:
    assert found(engine, pushed, "ubuntu", "--limit", "1") == ["ubuntu||0|"]


def test_docker_search_shows_stars_description_and_the_official_mark(engine: Engine, pushed: Server) -> None:
    describe(pushed, "library/ubuntu", 7, True, "A base image")
    describe(pushed, "team/ubuntu-tools", 3, False, "Tools")
    everything = ["ubuntu|A base image|7|[OK]", "team/ubuntu-tools|Tools|3|"]
    assert found(engine, pushed, "ubuntu") == everything
    assert found(engine, pushed, "ubuntu", "--filter", "stars=4") == everything[:1]
    assert found(engine, pushed, "ubuntu", "--filter", "is-official=true") == everything[:1]
    assert found(engine, pushed, "base") == everything[:1], "the description is searched too"
    table = engine.docker("search", f"{pushed.name}/ubuntu").stdout.splitlines()
    assert table[0].split()[:4] == ["NAME", "DESCRIPTION", "STARS", "OFFICIAL"]
    assert table[1].split() == ["ubuntu", "A", "base", "image", "7", "[OK]"]


def test_a_server_without_v2_says_quickly_that_it_has_nothing_for_a_pull(engine: Engine, make: Make) -> None:
    server = make("--v2", "false").start()
    EngineClient(server.address).push("team/other", make_chain(1))
    started = time.monotonic()
    result = engine.docker("pull", f"{server.name}/team/other:latest")
    assert result.returncode != 0 and ("404" in result.stderr or "not found" in result.stderr.lower()), result.stderr
    assert time.monotonic() - started < 10


def test_docker_login_is_not_taken_in_by_a_server_without_v2(engine: Engine, make: Make) -> None:
    server = make("--v2", "false").start()
    started = time.monotonic()
    result = engine.docker("login", "--username", "somebody", "--password-stdin", server.name, stdin="planted-password")
    assert result.returncode != 0 and "404" in result.stderr, result.stderr
    assert time.monotonic() - started < 10
