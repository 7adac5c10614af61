"""Every image that old registries left behind is pulled through every dialect; the layers are the same in all of them."""
from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Callable, Iterator

import pytest

import trees
from conftest import Make
from server import Server
from trees import OldV2, report
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, INDEX, MANIFEST, V2Client, digest, expect

SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"

#: The unpacked layers of an image, base first, by their sums.
Layers = list[str]


def unpacked(layer: bytes) -> str:
    return hashlib.sha256(gzip.decompress(layer) if layer[:2] == b"\x1f\x8b" else layer).hexdigest()


def v1(server: Server, repository: str, tag: str) -> Layers:
    return [unpacked(image.layer) for image in EngineClient(server.address).pull(repository, tag)]


def schema1(server: Server, repository: str, tag: str) -> Layers:
    """As engine 1.9.1 asks, which names no types."""
    client = V2Client(server, headers=[("User-Agent", "docker/1.9.1 go/go1.4.2 kernel/3.13.0 os/linux arch/amd64")])
    answer = expect(client.manifest(repository, tag, headers=[]), 200)
    assert answer.header("Content-Type") == SCHEMA1
    document = answer.json
    assert document["signatures"]
    entries = [json.loads(history["v1Compatibility"]) for history in document["history"]]
    empty = {entry["id"] for entry in entries if entry.get("throwaway")}
    return [unpacked(_blob(client, repository, blob)) for image, blob in reversed(_seen(document)) if image not in empty]


def _seen(document: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """Ids with their layers, top first, each once: engine 1.6 writes the top twice."""
    found: list[tuple[str, str]] = []
    for layer, history in zip(document["fsLayers"], document["history"]):
        pair = (json.loads(history["v1Compatibility"])["id"], layer["blobSum"])
        if pair not in found:
            found.append(pair)
    return found


def manifest(kind: str) -> Callable[[Server, str, str], Layers]:
    """As a client asks that reads this type alone."""

    def pull(server: Server, repository: str, tag: str) -> Layers:
        client = V2Client(server)
        answer = expect(client.manifest(repository, tag, headers=[("Accept", kind)]), 200)
        assert answer.header("Content-Type") == kind
        assert answer.header("Docker-Content-Digest") == digest(answer.body)
        document = answer.json
        layers = [unpacked(_blob(client, repository, layer["digest"])) for layer in document["layers"]]
        config = json.loads(_blob(client, repository, document["config"]["digest"]))
        assert config["rootfs"]["diff_ids"] == [f"sha256:{layer}" for layer in layers]
        return layers

    return pull


def _blob(client: V2Client, repository: str, name: str) -> bytes:
    body = expect(client.blob(repository, name), 200).body
    assert digest(body) == name
    return body


DIALECTS = {"v1": v1, "schema1": schema1, "docker": manifest(DOCKER_MANIFEST), "oci": manifest(MANIFEST)}


@pytest.fixture(scope="module")
def old(make_shared: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Server, Path]]]:
    """A server for each tree, as both have repositories of the same names."""
    folder = tmp_path_factory.mktemp("old")
    found = {}
    for kind, tree, status in (("docker-registry", trees.docker_registry(folder), 1), ("distribution", trees.distribution(folder), 0)):
        server = make_shared().start()
        report(server.command("import", kind, str(tree), "--json"), status)
        found[kind] = (server, tree)
    yield found


def tags_of_docker_registry(tree: Path) -> dict[tuple[str, str], Layers]:
    """Of those that are whole."""
    found = {}
    for path in tree.glob("repositories/*/*/tag_*"):
        layers = [tree / "images" / image / "layer" for image in reversed(json.loads((tree / "images" / path.read_text() / "ancestry").read_text()))]
        if all(layer.exists() for layer in layers):
            found[f"{path.parent.parent.name}/{path.parent.name}", path.name[4:]] = [unpacked(layer.read_bytes()) for layer in layers]
    return found


def tags_of_distribution(tree: Path) -> dict[tuple[str, str], Layers]:
    """Of an index, those of its image for amd64."""
    kept = OldV2(tree)
    found = {}
    for path in kept.top.glob("repositories/**/_manifests/tags/*/current/link"):
        document = json.loads(kept.data(path.read_text()).read_bytes())
        if "manifests" in document:
            chosen = next(child for child in document["manifests"] if child["platform"]["architecture"] == "amd64")
            document = json.loads(kept.data(chosen["digest"]).read_bytes())
        names = [layer["digest"] for layer in document["layers"]] if "layers" in document else [blob for _, blob in reversed(_seen(document))]
        repository = str(path.relative_to(kept.top / "repositories")).partition("/_manifests")[0]
        found[repository, path.parents[1].name] = [unpacked(kept.data(name).read_bytes()) for name in names]
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ["docker-registry", "distribution"])
def test_every_image_through_every_dialect(old: dict[str, tuple[Server, Path]], kind: str, dialect: str) -> None:
    server, tree = old[kind]
    expected = tags_of_docker_registry(tree) if kind == "docker-registry" else tags_of_distribution(tree)
    assert len(expected) == (7 if kind == "docker-registry" else 4)
    found = {(repository, tag): DIALECTS[dialect](server, repository, tag) for repository, tag in expected}
    assert found == expected


def test_every_platform_of_an_index(old: dict[str, tuple[Server, Path]]) -> None:
    server, tree = old["distribution"]
    client = V2Client(server)
    index = expect(client.manifest("wharf/multi", "1.0", headers=[("Accept", INDEX)]), 200)
    assert index.body == OldV2(tree).data(index.header("Docker-Content-Digest") or "").read_bytes()
    for child in index.json["manifests"]:
        image = expect(client.manifest("wharf/multi", child["digest"]), 200).json
        for blob in [image["config"], *image["layers"]]:
            assert _blob(client, "wharf/multi", blob["digest"]) == OldV2(tree).data(blob["digest"]).read_bytes()
