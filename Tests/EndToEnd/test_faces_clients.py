"""Images from one age pulled by clients of another: Debian's Docker engine, podman and skopeo on one side, a v1 client on the other.

And signatures of schema 1, checked by the implementation that the old engines' own came from.
"""
from __future__ import annotations

import json
import tarfile
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

import rootfs
from clients import Person, Registry
from conversions import config_of
from distribution import Distribution
from engine import Engine
from filesystems import FileSystem, unpacked
from images import Image, image_json, make_id
from pullers import PULLERS, Pulled, pull_schema1, pull_v1
from pushers import PUSHERS, SCHEMA_1, Pushed, composed_docker, composed_v1, push, push_chain
from samples import SAMPLES, unpack
from test_docker_engine_v2 import does, load, started
from v2client import DOCKER_MANIFEST, V2Client, code, digest, expect

#: What every client can put on this machine's disk: no extended attributes that the kernel checks.
NAMES = ["three_layers", "forty_layers", "empty_layers", "whiteouts", "hard_links", "unicode", "no_end_blocks", "no_history", "odd_members",
         "packed_by_none", "packed_by_bzip2", "packed_by_xz", "packed_by_zstd", "the_same_layer_again"]


@pytest.fixture(scope="module")
def engine(registry: Registry) -> Iterator[Engine]:
    """Logged in as Alice; engines forgive registries at a loopback address any certificate."""
    with started("faces") as engine:
        does(engine, "login", "--username", "alice", "--password-stdin", registry.name, stdin=registry.alice.password)
        yield engine


@pytest.fixture(scope="module")
def distribution() -> Iterator[Distribution]:
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-distribution-") as folder:
        registry = Distribution(Path(folder)).start()
        try:
            yield registry
        finally:
            registry.stop()


def expected_config(image: Pushed) -> bytes:
    return config_of([(document, digest(unpack(layer))) for document, layer in zip(image.documents, image.layers)])


def flattened(engine: Engine, image: str) -> FileSystem:
    """The file system that a container of this image would begin with."""
    container = does(engine, "create", image, "/none").strip()
    file = engine.folder / "exported.tar"
    does(engine, "export", "--output", str(file), container)
    does(engine, "rm", container)
    try:
        return unpacked([file.read_bytes()])
    finally:
        file.unlink()


def same_files(found: FileSystem, expected: FileSystem) -> None:
    """Everything of the image is there; engines add mount points of their own, and times of folders are theirs."""
    for path, (node, peers) in expected.items():
        own, others = found[path]
        assert (own.kind, own.mode & 0o7777, own.owner, own.data, own.target, own.device, others) == (
            node.kind, node.mode, node.owner, node.data, node.target, node.device, peers), path
    added = {path.split("/")[0] for path in found if path not in expected}
    assert added <= {".dockerenv", "dev", "etc", "proc", "sys"}, added


@pytest.mark.parametrize("name", NAMES)
def test_pushed_by_v1_and_pulled_by_the_engine(registry: Registry, engine: Engine, name: str) -> None:
    image = push(registry.server, composed_v1(SAMPLES[name]), f"alice/v1-{name}", login=registry.alice)
    reference = f"{registry.name}/{image.repository}:1.0"
    does(engine, "pull", "--quiet", reference)
    assert does(engine, "image", "inspect", "--format", "{{.Id}}", reference).strip() == digest(expected_config(image))
    same_files(flattened(engine, reference), SAMPLES[name].files)
    does(engine, "image", "rm", reference)


@pytest.mark.parametrize("name", ["three_layers", "whiteouts", "packed_by_bzip2", "empty_layers"])
@pytest.mark.parametrize("kind", ["schema1", "docker", "oci", "index"])
def test_the_engine_pulls_every_other_form(registry: Registry, engine: Engine, kind: str, name: str) -> None:
    image = push(registry.server, PUSHERS[kind](SAMPLES[name]), f"alice/{kind}-{name}", login=registry.alice)
    reference = f"{registry.name}/{image.repository}:1.0"
    does(engine, "pull", "--quiet", reference)
    same_files(flattened(engine, reference), SAMPLES[name].files)
    does(engine, "image", "rm", reference)


def test_an_image_of_debian_is_pushed_by_the_engine_and_pulled_by_v1(registry: Registry, engine: Engine) -> None:
    """And built upon, pushed by v1, and pulled by the engine again."""
    layers, reference = rootfs.layers()[::-1], f"{registry.name}/alice/debian"
    name = load(engine, layers, f"{reference}:12")
    does(engine, "push", "--quiet", f"{reference}:12")
    image = Pushed(SAMPLES["one_layer"], "docker", repository="alice/debian", tag="12")
    pulled = pull_v1(registry.server, image, registry.alice)
    assert [digest(archive) for archive in pulled.archives] == [digest(unpack(layer)) for layer in layers]
    assert f"sha256:{pulled.ids[-1]}" == name, "as an engine of 2016 would have called it"
    chain = [Image(*each) for each in zip(pulled.ids, pulled.documents, pulled.layers)]
    child = make_id()
    chain.append(Image(child, image_json(child, chain[-1].id), composed_v1(SAMPLES["one_layer"]).layers[0]))
    push_chain(registry.server, chain, "alice/debian", "child", registry.alice)
    does(engine, "pull", "--quiet", f"{reference}:child")
    found = does(engine, "image", "inspect", "--format", "{{json .RootFS.Layers}}", f"{reference}:child")
    assert json.loads(found) == [digest(unpack(image.layer)) for image in chain], "which the engine has unpacked and checked"


@pytest.mark.parametrize("name", ["three_layers", "whiteouts", "unicode", "forty_layers"])
def test_pushed_by_the_engine_and_pulled_in_every_form(registry: Registry, engine: Engine, name: str) -> None:
    reference = f"{registry.name}/alice/engine-{name}:1.0"
    identity = load(engine, [step.packed for step in SAMPLES[name].steps if step.layer is not None], reference)
    does(engine, "push", "--quiet", reference)
    image = Pushed(SAMPLES[name], "docker", repository=f"alice/engine-{name}")
    for face, pull in PULLERS.items():
        found: Pulled = pull(registry.server, image, registry.alice)
        assert unpacked(found.archives) == SAMPLES[name].files, face
        assert face not in ("docker", "oci") or digest(found.config) == identity


@pytest.mark.parametrize("name", NAMES)
def test_pushed_by_v1_and_pulled_by_podman(registry: Registry, alice: Person, name: str) -> None:
    image = push(registry.server, composed_v1(SAMPLES[name]), f"alice/podman-{name}", login=registry.alice)
    reference = f"{registry.name}/{image.repository}:1.0"
    assert "sha256:" + alice.does(*alice.podman("pull", "--quiet", reference)).strip() == digest(expected_config(image))
    mounted = Path(alice.does(*alice.podman("image", "mount", reference)).strip())
    found = rootfs.tree(mounted)
    assert set(found) == set(SAMPLES[name].files)
    for path, (node, peers) in SAMPLES[name].files.items():
        assert found[path][1:3] == node.owner and int(str(found[path][0]), 8) & 0o7777 == node.mode, path
        assert node.kind != tarfile.REGTYPE or (mounted / path).read_bytes() == node.data
        assert (mounted / path).lstat().st_nlink == len(peers) or node.kind == tarfile.DIRTYPE
    alice.does(*alice.podman("image", "unmount", reference))


@pytest.mark.parametrize("kind", ["v1", "schema1"])
def test_what_old_clients_pushed_is_inspected_and_copied_by_skopeo(registry: Registry, alice: Person, kind: str) -> None:
    image = push(registry.server, PUSHERS[kind](SAMPLES["packed_by_all"]), f"alice/skopeo-{kind}", login=registry.alice)
    reference = f"docker://{registry.name}/{image.repository}:1.0"
    seen = json.loads(alice.does("skopeo", "inspect", reference))
    raw = alice.does("skopeo", "inspect", "--raw", reference).encode()
    assert (seen["Digest"], seen["RepoTags"], seen["Architecture"], seen["Os"]) == (digest(raw), ["1.0"], "amd64", "linux")
    assert seen["Layers"] == [layer["digest"] for layer in json.loads(raw)["layers"]]
    assert (seen["Env"], seen["Labels"], seen["DockerVersion"]) == (["PATH=/usr/bin:/bin"], {"b": "2", "a": "1"}, "1.9.1")
    assert alice.does("skopeo", "inspect", "--config", "--raw", reference).encode() == expected_config(image)
    alice.does("skopeo", "copy", reference, f"oci:{alice.folder}/layout:1.0")
    found = oci_layout(alice.folder / "layout")
    assert found == SAMPLES["packed_by_all"].layers and unpacked(found) == SAMPLES["packed_by_all"].files
    alice.does("skopeo", "copy", "--format", "oci", reference, f"docker://{registry.name}/alice/skopeo-{kind}-oci:1.0")
    again = Pushed(image.sample, "oci", repository=f"alice/skopeo-{kind}-oci")
    assert pull_v1(registry.server, again, registry.alice).archives == found


def oci_layout(folder: Path) -> list[bytes]:
    """The archives of the one image in it, the base first."""
    def read(descriptor: dict[str, str]) -> bytes:
        return (folder / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()
    listed, = json.loads((folder / "index.json").read_text())["manifests"]
    return [unpack(read(layer)) for layer in json.loads(read(listed))["layers"]]


def test_skopeo_copies_by_schema_1(registry: Registry, alice: Person) -> None:
    """As it does for registries that know nothing newer; skopeo makes the manifest, and signs it."""
    image = push(registry.server, composed_docker(SAMPLES["three_layers"]), "alice/newer", login=registry.alice)
    at = f"docker://{registry.name}/alice"
    alice.does("skopeo", "copy", "--format", "v2s1", f"{at}/newer:1.0", f"{at}/older:1.0")
    client = registry.client(registry.alice)
    assert expect(client.manifest("alice/older", "1.0", headers=[]), 200).header("Content-Type") == SCHEMA_1
    older = Pushed(image.sample, "schema1", repository="alice/older")
    for face, pull in PULLERS.items():
        assert unpacked(pull(registry.server, older, registry.alice).archives) == SAMPLES["three_layers"].files, face


@pytest.mark.parametrize("name", ["empty_layers", "unicode", "no_layers", "no_history"])
@pytest.mark.parametrize("kind", ["v1", "docker", "index"])
def test_distribution_accepts_what_wharf_signs(registry: Registry, distribution: Distribution, kind: str, name: str) -> None:
    image = push(registry.server, PUSHERS[kind](SAMPLES[name]), f"alice/signed-{kind}-{name}", login=registry.alice)
    found = pull_schema1(registry.server, image, registry.alice)
    signed = registry.client(registry.alice).manifest(image.repository, "1.0", headers=[("Accept", SCHEMA_1)]).body
    other = V2Client(distribution)  # type: ignore[arg-type]
    for layer in {*found.layers}:
        other.push_blob(image.repository, layer)
    for before, after in (('"tag": "1.0"', '"tag": "1.1"'), ('"architecture"', '"Architecture"')):
        tampered = signed.replace(before.encode(), after.encode(), 1)
        assert tampered != signed
        answer = expect(other.put_manifest(image.repository, "1.0", tampered, SCHEMA_1), 400)
        assert answer.json["errors"][0]["code"] == "MANIFEST_UNVERIFIED"
    answer = expect(other.put_manifest(image.repository, "1.0", signed, SCHEMA_1), 201)
    assert answer.header("Docker-Content-Digest") == found.digest
    again = expect(other.manifest(image.repository, "1.0", headers=[("Accept", SCHEMA_1)]), 200)
    assert again.header("Docker-Content-Digest") == found.digest


def test_wharf_accepts_what_distribution_signs(registry: Registry, distribution: Distribution) -> None:
    image, other = composed_docker(SAMPLES["empty_layers"]), V2Client(distribution)  # type: ignore[arg-type]
    for data in [*image.layers, image.config]:
        other.push_blob("alice/theirs", data)
    expect(other.put_manifest("alice/theirs", "1.0", image.manifest, DOCKER_MANIFEST), 201)
    signed = expect(other.manifest("alice/theirs", "1.0", headers=[]), 200)
    assert signed.header("Content-Type") == SCHEMA_1
    client = registry.client(registry.alice)
    for layer in signed.json["fsLayers"]:
        client.push_blob("alice/theirs", other.blob("alice/theirs", layer["blobSum"]).body)
    for before, after in ((b'"tag": "1.0"', b'"tag": "1.1"'), (b'"kid": "', b'"kid": "A')):
        tampered = signed.body.replace(before, after, 1)
        assert tampered != signed.body
        assert code(expect(client.put_manifest("alice/theirs", "1.0", tampered, SCHEMA_1), 400)) == "MANIFEST_UNVERIFIED"
    accepted = expect(client.put_manifest("alice/theirs", "1.0", signed.body, SCHEMA_1), 201)
    assert accepted.header("Docker-Content-Digest") == signed.header("Docker-Content-Digest")
    pushed = push(registry.server, image, "alice/ours", login=registry.alice)
    ours, theirs = (pull_schema1(registry.server, each, registry.alice)
                    for each in (pushed, Pushed(image.sample, "schema1", repository="alice/theirs")))
    assert ours.documents == theirs.documents, "both follow the same rules"
    assert unpacked(theirs.archives) == SAMPLES["empty_layers"].files
