"""Debian's Docker engine and a private registry, by v2 over TLS: login, push, pull by another engine, search, an index; what it says."""
from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

import rootfs
import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from clients import IMMUTABLE
from conftest import Make
from engine import Engine
from images import archive
from ports import free_port, outer_address
from server import CHECKOUT, Server
from v2client import V2Client, expect

SCRIPT = CHECKOUT / "scripts/trust-certificate"


@contextmanager
def started(name: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix=f"wharf-e2e-{name}-") as folder:
        engine = Engine(Path(folder)).start()
        try:
            yield engine
        finally:
            engine.stop()


@pytest.fixture(scope="module")
def first() -> Iterator[Engine]:
    with started("first") as engine:
        yield engine


@pytest.fixture(scope="module")
def second() -> Iterator[Engine]:
    """Another machine's: it shares nothing with the first one."""
    with started("second") as engine:
        yield engine


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    """At an address of this machine that is none of loopback's, as engines forgive these any certificate."""
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-tls-") as folder:
        authority = Authority(Path(folder))
        pair = authority.server("localhost", outer_address())
        server = make_shared(*ACCOUNTS, *pair.flags, "--immutable-tags", IMMUTABLE, tls=authority.trust(),
                             listen=f"0.0.0.0:{free_port()}").start()
        logins.update({name: server.add_user(name) for name in ("alice", "bernd")})
        subprocess.run([str(SCRIPT), name_of(server), str(authority.certificate)], check=True, capture_output=True)
        try:
            yield server
        finally:
            subprocess.run([str(SCRIPT), "--remove", name_of(server)], check=True, capture_output=True)


logins: dict[str, Login] = {}


def name_of(server: Server) -> str:
    return f"{outer_address()}:{server.address[1]}"


def does(engine: Engine, *arguments: str, stdin: str = "") -> str:
    result = engine.docker(*arguments, limit=180, stdin=stdin)
    assert result.returncode == 0, f"docker {' '.join(arguments)}: {result.stderr}\n{engine.log_file.read_text()[-1500:]}"
    return result.stdout


def fails(engine: Engine, *arguments: str, stdin: str = "") -> str:
    """What it says; and no secret is in it, nor in the engine's log."""
    result = engine.docker(*arguments, stdin=stdin)
    assert result.returncode != 0, f"docker {' '.join(arguments)} succeeded: {result.stdout}"
    assert not any(secret in result.stdout + result.stderr + engine.log_file.read_text() for secret in wire.SECRETS)
    return result.stderr.strip()


def log_in(engine: Engine, server: Server, user: str) -> None:
    said = does(engine, "login", "--username", user, "--password-stdin", name_of(server), stdin=logins[user].password)
    assert "Login Succeeded" in said


def load(engine: Engine, layers: list[bytes], tag: str) -> str:
    """An image of these compressed layers in the engine's own store; its id."""
    plain = [hashlib.sha256(gzip.decompress(layer)).hexdigest() for layer in layers]
    config = json.dumps({"os": "linux", "architecture": "amd64", "config": {"Cmd": ["/bin/sh"]}, "created": "2024-05-21T10:00:00Z",
                         "rootfs": {"type": "layers", "diff_ids": [f"sha256:{name}" for name in plain]},
                         "history": [{"created": "2024-05-21T10:00:00Z", "created_by": f"layer {name[:8]}"} for name in plain]}).encode()
    names = [f"{name}/layer.tar" for name in plain]
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [tag], "Layers": names}]).encode()
    file = engine.folder / "load.tar"
    with tarfile.open(file, "w") as tar:
        for name, data in zip(["config.json", *names, "manifest.json"], [config, *layers, manifest]):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    does(engine, "load", "--quiet", "--input", str(file))
    file.unlink()
    return f"sha256:{hashlib.sha256(config).hexdigest()}"


def small(engine: Engine, tag: str, text: str) -> str:
    return load(engine, [gzip.compress(archive({"etc/one": b"one"})), gzip.compress(archive({"etc/text": text.encode()}))], tag)


def test_an_image_of_debian_goes_from_one_engine_to_another(registry: Server, first: Engine, second: Engine) -> None:
    name = f"{name_of(registry)}/alice/debian:12"
    layers = rootfs.layers()[::-1]
    image = load(first, layers, name)
    log_in(first, registry, "alice")
    assert "12: digest: sha256:" in does(first, "push", name)
    assert "Layer already exists" in does(first, "push", name)
    log_in(second, registry, "alice")
    does(second, "pull", "--quiet", name)
    assert does(second, "image", "inspect", "--format", "{{.Id}}", name).strip() == image
    file = second.folder / "saved.tar"
    does(second, "save", "--output", str(file), name)
    with tarfile.open(file) as saved:
        names = json.loads(extracted(saved, "manifest.json"))[0]["Layers"]
        found = [hashlib.sha256(extracted(saved, member)).hexdigest() for member in names]
    file.unlink()
    assert found == [hashlib.sha256(gzip.decompress(layer)).hexdigest() for layer in layers]


def extracted(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    assert member
    return member.read()


def test_search_finds_what_was_pushed(registry: Server, first: Engine) -> None:
    """By v1, which engines still use for it: logged in with the token that v2 has given them."""
    name = f"{name_of(registry)}/alice/found:1"
    small(first, name, "found")
    log_in(first, registry, "alice")
    does(first, "push", "--quiet", name)
    assert does(first, "search", "--format", "{{.Name}}", f"{name_of(registry)}/found").splitlines() == ["alice/found"]
    log_in(first, registry, "bernd")
    assert does(first, "search", "--format", "{{.Name}}", f"{name_of(registry)}/found") == ""
    log_in(first, registry, "alice")


def test_an_index_of_several_platforms(registry: Server, first: Engine, second: Engine) -> None:
    name = f"{name_of(registry)}/alice/multi"
    images = {}
    log_in(first, registry, "alice")
    for architecture in ("amd64", "arm64"):
        images[architecture] = small(first, f"{name}:{architecture}", architecture)
        does(first, "push", "--quiet", f"{name}:{architecture}")
    does(first, "manifest", "create", f"{name}:all", f"{name}:amd64", f"{name}:arm64")
    does(first, "manifest", "annotate", "--arch", "arm64", f"{name}:all", f"{name}:arm64")
    does(first, "manifest", "push", f"{name}:all")
    listed = V2Client(registry, logins["alice"]).manifest("alice/multi", "all")
    assert listed.header("Content-Type") == "application/vnd.docker.distribution.manifest.list.v2+json"
    assert [entry["platform"]["architecture"] for entry in listed.json["manifests"]] == ["amd64", "arm64"]
    log_in(second, registry, "alice")
    for architecture, image in images.items():
        does(second, "pull", "--quiet", "--platform", f"linux/{architecture}", f"{name}:all")
        assert does(second, "image", "inspect", "--format", "{{.Id}}", f"{name}:all").strip() == image


def test_what_a_person_reads(registry: Server, first: Engine) -> None:
    host = name_of(registry)
    name = f"{host}/alice/messages"
    log_in(first, registry, "alice")
    small(first, f"{name}:1", "one")
    does(first, "push", "--quiet", f"{name}:1")
    first.docker("tag", f"{name}:1", f"{name}:fixed-1")
    does(first, "push", "--quiet", f"{name}:fixed-1")
    does(first, "push", "--quiet", f"{name}:fixed-1")
    small(first, f"{name}:fixed-1", "two")
    assert "tag fixed-1 is immutable" in fails(first, "push", f"{name}:fixed-1")
    assert "manifest unknown" in fails(first, "pull", f"{name}:missing")
    assert "name unknown" in fails(first, "pull", f"{host}/alice/missing:1")
    log_in(first, registry, "bernd")
    assert "denied: requested access to the resource is denied" in fails(first, "push", f"{name}:1")
    assert "name unknown" in fails(first, "pull", f"{name}:1")
    does(first, "logout", host)
    assert "unauthorized: authentication required" in fails(first, "pull", f"{name}:1")
    assert "unauthorized: authentication required" in fails(first, "push", f"{name}:1")
    said = fails(first, "login", "--username", "alice", "--password-stdin", host, stdin=Login("alice", "planted-wrong").noted().password)
    assert "unauthorized" in said and "incorrect" in said


def test_a_registry_that_is_read_only(registry: Server, first: Engine) -> None:
    name = f"{name_of(registry)}/alice/read-only:1"
    small(first, name, "read-only")
    log_in(first, registry, "alice")
    does(first, "push", "--quiet", name)
    flags = registry.flags
    registry.stop()
    registry.flags = (*flags, "--read-only", "true")
    try:
        registry.start()
        does(first, "pull", "--quiet", name)
        small(first, name, "changed")
        assert "the registry is read-only" in fails(first, "push", name)
        log_in(first, registry, "alice")
    finally:
        registry.stop()
        registry.flags = flags
        registry.start()
    expect(V2Client(registry, logins["alice"]).manifest("alice/read-only", "1"), 200)
