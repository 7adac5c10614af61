"""A Debian root file system made by debootstrap, pushed, listed by a published client, pulled back and compared."""
from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from docker_registry_client import DockerRegistryClient

import rootfs
from conftest import Make
from images import Image, make_image
from server import Server
from v1client import EngineClient


@pytest.fixture(scope="module")
def debian() -> list[Image]:
    chain: list[Image] = []
    for layer in rootfs.layers():
        chain.append(make_image(chain[-1] if chain else None, layer))
    assert sum(len(image.layer) for image in chain) > 30_000_000
    return chain


def test_a_debian_image_is_pulled_back_byte_for_byte(server: Server, debian: list[Image]) -> None:
    client = EngineClient(server.address)
    client.push("debian/bookworm", debian, "12")
    pulled = EngineClient(server.address).pull("debian/bookworm", "12", breaks=[1_000_000])
    assert [image.json for image in pulled] == [image.json for image in debian]
    assert [image.layer == pushed.layer for image, pushed in zip(pulled, debian)] == [True, True, True]
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-root-") as folder:
        for image in pulled:
            rootfs.unpack(image.layer, Path(folder))
        expected, found = rootfs.tree(rootfs.root_file_system()), rootfs.tree(Path(folder))
    assert len(found) > 5000
    assert {path: (expected.get(path), found.get(path)) for path in expected.keys() | found.keys()
            if expected.get(path) != found.get(path)} == {}


def test_the_published_registry_client_lists_it(make: Make, debian: list[Image]) -> None:
    server = make("--v2", "false").start()
    EngineClient(server.address).push("debian/bookworm", debian[:1], "12")
    client = DockerRegistryClient(f"http://{server.name}")
    assert client.api_version == 1, "it takes v1 because /v2/ is not there"
    assert client.namespaces() == ["debian"]
    assert list(client.repositories()) == ["debian/bookworm"]
    repository = client.repository("bookworm", "debian")
    assert repository.tags() == ["12"]
    assert repository.data("12")["docker_version"] == "1.5.0"
    image = repository.image("12")
    assert image.image_id == debian[0].id
    assert image.get_json()["id"] == debian[0].id and image.ancestry() == [debian[0].id]
    repository.tag("stable", debian[0].id)
    repository.refresh()
    assert sorted(repository.tags()) == ["12", "stable"]
    repository.untag("stable")
    repository.refresh()
    assert repository.tags() == ["12"]
