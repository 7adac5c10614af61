"""Debian's Docker engine before a private registry: TLS that it was told to trust, a login, and a search that shows what it may."""
from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from engine import Engine
from images import make_chain
from ports import outer_address
from server import CHECKOUT, Server
from v1client import EngineClient

SCRIPT = CHECKOUT / "scripts/trust-certificate"
CERTS_D = Path("/etc/docker/certs.d")


def trust(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, env=os.environ | environment, timeout=30)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-docker-") as folder:
        engine = Engine(Path(folder)).start()
        try:
            yield engine
        finally:
            engine.stop()


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    """Its certificate is signed by an authority of its own, which no engine knows yet. Afterwards the folders are as they were.

    At an address of this machine that is none of loopback's, as engines forgive these any certificate.
    """
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-tls-") as folder:
        authority = Authority(Path(folder), "Wharf's own authority")
        pair = authority.server("localhost", outer_address())
        server = make_shared(*ACCOUNTS, *pair.flags, tls=authority.trust(), listen="0.0.0.0:0").start()
        for name in ("alice", "bernd"):
            logins[name] = server.add_user(name)
            EngineClient.of(server, logins[name]).push(f"{name}/tools", make_chain(1))
        EngineClient.of(server, logins["alice"]).push("alice/tools-public", make_chain(1))
        server.run("repo", "visibility", "alice/tools-public", "public")
        server.run("repo", "describe", "alice/tools", "Alice's own")
        server.authority = authority  # type: ignore[attr-defined]
        absent = [folder for folder in (CERTS_D, Path("/etc/containers/certs.d")) if not folder.exists()]
        try:
            yield server
        finally:
            trust("--remove", name_of(server))
            for folder in absent:
                if folder.exists() and not any(folder.iterdir()):
                    folder.rmdir()


logins: dict[str, Login] = {}


def name_of(server: Server) -> str:
    return f"{outer_address()}:{server.address[1]}"


def log_in(engine: Engine, server: Server, login: Login | None) -> None:
    """As `docker login` left it behind before there were tokens: the name and the password. (Today's: test_docker_engine_v2.py.)"""
    file = engine.folder / "config/config.json"
    file.parent.mkdir(exist_ok=True)
    auths = {name_of(server): {"auth": base64.b64encode(f"{login.user}:{login.password}".encode()).decode()}} if login else {}
    file.write_text(json.dumps({"auths": auths}))


def search(engine: Engine, server: Server, term: str = "tools") -> list[str]:
    result = engine.docker("search", "--format", "{{.Name}}", f"{name_of(server)}/{term}")
    assert result.returncode == 0, result.stderr
    return sorted(result.stdout.splitlines())


def test_search_shows_what_is_private_to_those_who_may_see_it(engine: Engine, registry: Server) -> None:
    name = name_of(registry)
    refused = engine.docker("search", f"{name}/tools")
    assert refused.returncode != 0 and "certificate" in refused.stderr, "nobody has said yet that it is to be trusted"
    installed = trust(name, str(registry.authority.certificate))  # type: ignore[attr-defined]
    assert installed.returncode == 0 and f"installed: {CERTS_D}/{name}/ca.crt" in installed.stdout, installed.stderr
    assert "Wharf's own authority" in installed.stdout
    log_in(engine, registry, None)
    assert search(engine, registry) == ["alice/tools-public"]
    log_in(engine, registry, logins["alice"])
    assert search(engine, registry) == ["alice/tools", "alice/tools-public"]
    assert search(engine, registry, "own") == ["alice/tools"], "by its description"
    log_in(engine, registry, logins["bernd"])
    assert search(engine, registry) == ["alice/tools-public", "bernd/tools"]
    key = registry.add_key(logins["alice"], "search").noted()
    log_in(engine, registry, key)
    assert search(engine, registry) == ["alice/tools", "alice/tools-public"]
    registry.run("key", "revoke", "alice", "search")
    assert engine.docker("search", f"{name}/tools").returncode != 0
    log_in(engine, registry, Login("alice", "planted-wrong").noted())
    wrong = engine.docker("search", f"{name}/tools")
    assert wrong.returncode != 0 and "planted-wrong" not in wrong.stderr
    removed = trust("--remove", name)
    assert removed.returncode == 0 and not (CERTS_D / name).exists()
    assert engine.docker("search", f"{name}/tools").returncode != 0


def test_trusting_a_certificate_touches_nothing_but_its_folder(authority: Authority, tmp_path: Path) -> None:
    folders = tmp_path / "docker", tmp_path / "containers"
    where = {"CERTS_D": ":".join(map(str, folders))}
    good = str(authority.certificate)
    assert trust("registry.example.com:5000", good, **where).returncode == 0
    assert trust("[2001:db8::1]:5000", good, **where).returncode == 0
    assert trust("registry.example.com", good, **where).returncode == 0
    for folder in folders:
        files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
        assert files == ["[2001:db8::1]:5000/ca.crt", "registry.example.com/ca.crt", "registry.example.com:5000/ca.crt"]
        assert (folder / files[2]).read_bytes() == authority.certificate.read_bytes()
    client = folders[0] / "registry.example.com:5000/client.key"
    client.write_text("of somebody else")
    assert trust("--remove", "registry.example.com:5000", **where).returncode == 0
    assert client.exists() and not (client.parent / "ca.crt").exists() and not (folders[1] / "registry.example.com:5000").exists()
    assert (folders[0] / "registry.example.com/ca.crt").exists()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "https://registry.example.com", "a b", "x:port", "-x", "--help"])
def test_what_is_no_registrys_name_makes_no_folder(authority: Authority, tmp_path: Path, name: str) -> None:
    for arguments in ((name, str(authority.certificate)), ("--remove", name)):
        result = trust(*arguments, CERTS_D=str(tmp_path / "certs.d"))
        assert result.returncode in (1, 2) and result.stderr
    assert list(tmp_path.iterdir()) == []


def test_only_a_certificate_is_installed(authority: Authority, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(authority.certificate.read_bytes() + authority.key.read_bytes())
    torn = tmp_path / "torn.pem"
    torn.write_bytes(authority.certificate.read_bytes()[:200])
    for file in (both, torn, authority.key, tmp_path / "missing", tmp_path):
        result = trust("registry.example.com:5000", str(file), CERTS_D=str(tmp_path / "certs.d"))
        assert result.returncode == 1 and result.stderr.startswith("trust-certificate: "), file
    assert not (tmp_path / "certs.d").exists()
