"""Tags, lists and deletion are the same in every dialect: what one does, all see."""
from __future__ import annotations

import gzip
import json
from typing import Iterator

import pytest

import wire
from conftest import Make
from contents import Contents
from images import Image, archive, image_json, make_id, make_image
from pullers import MEDIA_TYPES, PULLERS, Pulled, pull_docker, pull_oci, pull_schema1, pull_v1
from pushers import PUSHERS, Pushed, composed_docker, composed_oci, composed_v1, push, push_chain
from samples import SAMPLES
from server import Server
from v1client import EngineClient, expect as expect_v1
from v2client import DOCKER_MANIFEST, MANIFEST, V2Client, code, digest, expect

FORMS = list(PUSHERS)
NAMES = ["three_layers", "whiteouts", "hard_links", "empty_layers", "unicode"]


def engine(server: Server, repository: str) -> EngineClient:
    """With a token for the repository."""
    client = EngineClient(server.address)
    client.list_images(repository)
    return client


def pull_all(server: Server, image: Pushed) -> dict[str, Pulled]:
    return {face: pull(server, image) for face, pull in PULLERS.items()}


def v1_tags(server: Server, repository: str) -> dict[str, str]:
    """None of a repository that there is not, or not any more."""
    answer = engine_call(server, "GET", f"/v1/repositories/{repository}/tags")
    return dict(answer.json) if answer.status == 200 else {}


def engine_call(server: Server, method: str, path: str) -> wire.Response:
    """Without a token."""
    return EngineClient(server.address).call(method, path)


def without_empty(pulled: Pulled) -> list[bytes]:
    """The archives that bring something."""
    return [archive for archive in pulled.archives if archive != bytes(1024)]


@pytest.mark.parametrize("order", [FORMS, FORMS[::-1]], ids=["forwards", "backwards"])
def test_a_tag_that_is_moved_in_one_dialect_moves_in_all(shared_server: Server, order: list[str]) -> None:
    repository = f"tags/moved-{order[0]}"
    for kind, name in zip([*order, *order], [*NAMES, *NAMES[::-1]]):
        image = push(shared_server, PUSHERS[kind](SAMPLES[name]), repository, "moving")
        expected = SAMPLES[name].layers
        for face, pulled in pull_all(shared_server, image).items():
            assert without_empty(pulled) == expected, (kind, face)
    assert V2Client(shared_server).tag_names(repository) == ["moving"] and list(v1_tags(shared_server, repository)) == ["moving"]


@pytest.mark.parametrize("kind", ["docker", "oci", "index"])
def test_a_v1_tag_of_a_manifests_id_names_the_manifest(shared_server: Server, kind: str) -> None:
    """As an engine does it that pulled the image by v1, tagged it, and pushes it again."""
    repository = f"tags/named-{kind}"
    image = push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository)
    chain = [Image(link, document, layer) for link, document, layer in whole(pull_v1(shared_server, image))]
    push_chain(shared_server, chain, repository, "again")
    before, after = (V2Client(shared_server).manifest(repository, tag) for tag in ("1.0", "again"))
    assert after.header("Docker-Content-Digest") in (digest(image.index), digest(image.manifest))
    assert kind == "index" or (after.body, after.header("Content-Type")) == (image.manifest, image.media_type)
    assert kind == "index" or after.header("Docker-Content-Digest") == before.header("Docker-Content-Digest")
    assert v1_tags(shared_server, repository) == {"1.0": chain[-1].id, "again": chain[-1].id}


def whole(pulled: Pulled) -> list[tuple[str, bytes, bytes]]:
    return list(zip(pulled.ids, pulled.documents, pulled.layers))


def test_the_id_of_a_v1_image_stays_when_its_manifest_is_pushed(shared_server: Server) -> None:
    """As `docker pull` and `docker push` by v2 do it with what was pushed by v1."""
    image = push(shared_server, composed_v1(SAMPLES["three_layers"]), "tags/kept-id")
    pulled, client = pull_docker(shared_server, image), V2Client(shared_server)
    for tag in ("again", "1.0"):
        expect(client.put_manifest("tags/kept-id", tag, pulled.manifest, DOCKER_MANIFEST), 201)
    assert v1_tags(shared_server, "tags/kept-id") == {"1.0": image.chain[-1].id, "again": image.chain[-1].id}
    assert pull_v1(shared_server, image).documents == image.documents
    assert client.manifest("tags/kept-id", "again", headers=[("Accept", DOCKER_MANIFEST)]).body == pulled.manifest


@pytest.fixture(scope="module")
def listed(make_shared: Make) -> Iterator[tuple[Server, dict[str, Pushed]]]:
    """A server with a tag of each form in one repository, an artifact, and one repository for each."""
    server = make_shared().start()
    images = {kind: push(server, compose(SAMPLES[name]), "lists/all", kind) for (kind, compose), name in zip(PUSHERS.items(), NAMES)}
    for kind, image in images.items():
        push(server, image, f"lists/{kind}-alone")
    contents, client = Contents(), V2Client(server)
    artifact = contents.artifact()
    for data in contents.blobs.values():
        client.push_blob("lists/all", data)
    expect(client.put_manifest("lists/all", "artifact", artifact.data, MANIFEST), 201)
    yield server, images


def test_lists_agree(listed: tuple[Server, dict[str, Pushed]]) -> None:
    """Before anything was pulled, and after."""
    server, images = listed
    client = V2Client(server)
    expected = {kind: digest(image.config)[7:] if image.config else image.chain[-1].id for kind, image in images.items()}
    for pulled in (False, True):
        assert client.tag_names("lists/all") == sorted([*FORMS, "artifact"])
        assert v1_tags(server, "lists/all") == expected
        assert {kind: engine_call(server, "GET", f"/v1/repositories/lists/all/tags/{kind}").json for kind in FORMS} == expected
        assert set(expected.values()) <= set(engine(server, "lists/all").list_images("lists/all"))
        repositories = sorted(["lists/all", *(f"lists/{kind}-alone" for kind in FORMS)])
        assert client.catalog() == sorted(EngineClient(server.address).found("lists")) == repositories
        if not pulled:
            for image in images.values():
                pull_all(server, image)


def test_listing_v1_tags_reads_no_layer(make: Make) -> None:
    """The id of a tag is known from the catalog alone: the layers may even be lost."""
    server = make().start()
    image = push(server, composed_docker(SAMPLES["three_layers"]), "lists/lost")
    for path in [path for path in server.data.rglob("*") if path.is_file() and path.parent.parent.name == "sha256"]:
        path.unlink()
    assert v1_tags(server, "lists/lost") == {"1.0": digest(image.config).removeprefix("sha256:")}


@pytest.mark.parametrize("kind", FORMS)
def test_a_tag_that_one_dialect_deletes_is_gone_in_all(shared_server: Server, kind: str) -> None:
    repository, client = f"tags/deleted-{kind}", V2Client(shared_server)
    image = push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository, "kept")
    for tag in ("by-v1", "by-v2"):
        doomed = push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository, tag)
        pull_all(shared_server, doomed)
        assert client.tag_names(repository) == sorted(v1_tags(shared_server, repository)) == sorted([tag, "kept"])
        if tag == "by-v1":
            expect_v1(engine_call(shared_server, "DELETE", f"/v1/repositories/{repository}/tags/by-v1"), 200)
        else:
            expect(client.delete(repository, "manifests/by-v2"), 202)
        assert client.tag_names(repository) == list(v1_tags(shared_server, repository)) == ["kept"]
        for media_type in MEDIA_TYPES.values():
            assert code(expect(client.manifest(repository, tag, headers=[("Accept", media_type)]), 404)) == "MANIFEST_UNKNOWN"
        assert engine_call(shared_server, "GET", f"/v1/repositories/{repository}/tags/{tag}").status == 404
    pull_all(shared_server, image)


@pytest.mark.parametrize("face", ["schema1", "docker", "oci"])
@pytest.mark.parametrize("kind", ["v1", "schema1", "docker", "oci"])
def test_to_delete_a_derived_manifest_deletes_what_it_stands_for(shared_server: Server, kind: str, face: str) -> None:
    repository, client = f"tags/gone-{kind}-{face}", V2Client(shared_server)
    image = push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository)
    push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository, "too")
    kept = push(shared_server, PUSHERS[kind](SAMPLES["whiteouts"]), repository, "kept")
    found = pull_all(shared_server, image)
    pull_all(shared_server, kept)
    expect(client.delete(repository, f"manifests/{found[face].digest}"), 202)
    assert client.tag_names(repository) == list(v1_tags(shared_server, repository)) == ["kept"]
    for other in ("schema1", "docker", "oci"):
        assert client.manifest(repository, found[other].digest).status == 404, other
    answer = engine(shared_server, repository).call("GET", f"/v1/images/{found['v1'].ids[-1]}/json")
    assert answer.status == (200 if kind == "v1" else 404), "v1 knows no deletion of an image"
    pull_all(shared_server, kept)
    if kind == "v1":
        engine(shared_server, repository).put_tag(repository, "1.0", found["v1"].ids[-1])
    else:
        push(shared_server, PUSHERS[kind](SAMPLES["three_layers"]), repository)
    again = pull_all(shared_server, image)
    assert {name: each.documents for name, each in again.items()} == {name: each.documents for name, each in found.items()}


@pytest.mark.parametrize("dialect", ["v1", "v2"])
def test_a_repository_that_one_dialect_deletes_is_gone_in_all(make: Make, dialect: str) -> None:
    server = make().start()
    client, images = V2Client(server), {}
    for (kind, compose), name in zip(PUSHERS.items(), NAMES):
        images[kind] = push(server, compose(SAMPLES[name]), "gone/all", kind)
        pull_all(server, images[kind])
    if dialect == "v1":
        expect_v1(engine_call(server, "DELETE", "/v1/repositories/gone/all/"), 200)
    else:
        expect(client.call("DELETE", "/v2/gone/all"), 202, 204)
    assert code(expect(client.tags("gone/all"), 404)) == "NAME_UNKNOWN" and client.catalog() == []
    assert v1_tags(server, "gone/all") == {} and EngineClient(server.address).found("gone") == []
    for image in images.values():
        pull_all(server, push(server, image, "gone/all", image.tag))


def test_a_tag_that_is_immutable_is_so_in_all(make: Make) -> None:
    server = make("--immutable-tags", "*:fixed*").start()
    client = V2Client(server)
    by_v1 = push(server, composed_v1(SAMPLES["three_layers"]), "immutable/v1", "fixed")
    by_v2 = push(server, composed_oci(SAMPLES["three_layers"]), "immutable/v2", "fixed")
    before = [pull_all(server, image) for image in (by_v1, by_v2)]
    other = push(server, composed_oci(SAMPLES["whiteouts"]), "immutable/v1", "other")
    assert "fixed is immutable" in expect(client.put_manifest("immutable/v1", "fixed", other.manifest), 409).body.decode()
    assert "fixed is immutable" in expect(client.delete("immutable/v1", "manifests/fixed"), 409).body.decode()
    for face in ("docker", "oci", "schema1"):
        assert "fixed is immutable" in expect(client.delete("immutable/v1", f"manifests/{before[0][face].digest}"), 409).body.decode()
        assert "fixed is immutable" in expect(client.delete("immutable/v2", f"manifests/{before[1][face].digest}"), 409).body.decode()
    chain = [make_image()]
    engine = EngineClient(server.address)
    engine.put_repository("immutable/v2", chain)
    engine.put_image(chain[0])
    path, headers = "/v1/repositories/immutable/v2/tags/fixed", {"Content-Type": "application/json"}
    answer = engine.call("PUT", path, headers, json.dumps(chain[0].id).encode())
    assert answer.status == 409 and "fixed is immutable" in answer.error
    assert engine.call("DELETE", path).status == 409
    top = before[1]["v1"].ids[-1]
    assert engine.call("PUT", path, headers, json.dumps(top).encode()).status == 200, "to push the same again is fine"
    assert [pull_all(server, image) for image in (by_v1, by_v2)] == before


@pytest.mark.parametrize("kind", ["schema1", "docker", "oci", "index"])
def test_a_child_on_a_derived_parent(shared_server: Server, kind: str) -> None:
    """An old engine builds on an image that a new one has pushed."""
    repository = f"tags/child-{kind}"
    image = push(shared_server, PUSHERS[kind](SAMPLES["packed_by_zstd"]), repository)
    below = [Image(*each) for each in whole(pull_v1(shared_server, image))]
    name = make_id()
    layer = gzip.compress(archive({"etc/child": b"child"}), mtime=0)
    child = Image(name, image_json(name, below[-1].id), layer)
    push_chain(shared_server, [*below, child], repository, "child")
    assert v1_tags(shared_server, repository)["child"] == name
    named = Pushed(image.sample, "v1", repository=repository, tag="child")
    expected = SAMPLES["packed_by_zstd"].layers
    for face in PULLERS:
        assert without_empty(PULLERS[face](shared_server, named)) == [*expected, gzip.decompress(layer)], face
        assert without_empty(PULLERS[face](shared_server, image)) == expected, face


def test_clients_of_the_registrys_document_alone(shared_server: Server) -> None:
    """No index, no token: the id of a derived image is found in the one repository that has it."""
    sample = SAMPLES["attributes"]
    image = push(shared_server, composed_docker(sample), "tags/document-alone")
    top = v1_tags(shared_server, "tags/document-alone")["1.0"]
    answer = EngineClient(shared_server.address).call("GET", f"/v1/images/{top}/json")
    assert (answer.status, answer.json["id"]) == (200, digest(image.config).removeprefix("sha256:"))
    assert pull_schema1(shared_server, image).archives == pull_oci(shared_server, image).archives == sample.layers
