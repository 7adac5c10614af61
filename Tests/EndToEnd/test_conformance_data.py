"""One test for each row of the table "Data conformance" that the Open Container Initiative's conformance program prints: the contents.

Whatever it is, it is pushed, listed, asked for, pulled byte for byte, listed as what refers to it, and deleted, in this order.
"""
from __future__ import annotations

import itertools
import json
import secrets
from typing import Callable, Iterator

import pytest

from conftest import Make
from contents import CONFIG, EMPTY, EXAMPLE, LAYER, OTHER_EXAMPLE, Contents, note
from server import Server
from v2client import INDEX, MANIFEST, WAYS, V2Client, code, digest, expect, location

Row = Callable[[], Contents]
#: A row's name in the program's table → what is pushed.
ROWS: dict[str, Row] = {}


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    yield make_shared("--manifests-sparse", "any").start()


@pytest.fixture
def client(registry: Server) -> V2Client:
    return V2Client(registry)


def row(name: str) -> Callable[[Callable[[Contents], object]], Callable[[Contents], object]]:
    def add(fill: Callable[[Contents], object]) -> Callable[[Contents], object]:
        def make() -> Contents:
            contents = Contents("sha512" if "sha512" in name else "sha256")
            fill(contents)
            return contents
        ROWS[name] = make
        return fill
    return add


@row("Image")
def image(contents: Contents) -> None:
    contents.image("image", layers=4)


@row("Image Uncompressed")
def image_uncompressed(contents: Contents) -> None:
    contents.image("image-uncompressed", compressed=False)


@row("Image with Large Manifest")
def image_with_large_manifest(contents: Contents) -> None:
    made = contents.image("large", annotations={f"org.example.{number}": "A" * 10_000 for number in range(390)})
    assert 3_900_000 < len(made.data) < 4 << 20


@row("Index")
def index(contents: Contents) -> None:
    contents.platforms("index")


@row("Nested Index")
def nested_index(contents: Contents) -> None:
    contents.index([contents.platforms(), contents.platforms()], "nested")


@row("Empty Index")
def empty_index(contents: Contents) -> None:
    contents.index([], "empty")


@row("Artifact")
def artifact(contents: Contents) -> None:
    contents.artifact("artifact")


@row("Artifact Index")
def artifact_index(contents: Contents) -> None:
    contents.index([contents.artifact(), contents.artifact()], "artifact-index", artifactType=EXAMPLE)


@row("Artifact without Layers")
def artifact_without_layers(contents: Contents) -> None:
    contents.artifact("without-layers", layer=b"{}", layer_type=EMPTY)


@row("Artifacts with Subject")
def artifacts_with_subject(contents: Contents) -> None:
    subject = contents.image("image").descriptor()
    contents.image(subject=subject)
    contents.artifact("first", annotations=note(), subject=subject)
    contents.artifact("second", OTHER_EXAMPLE, annotations=note(), subject=subject)


@row("Index with Subject")
def index_with_subject(contents: Contents) -> None:
    subject = contents.platforms("index").descriptor()
    contents.index([contents.artifact(), contents.artifact()], "tagged", artifactType=EXAMPLE, annotations=note(), subject=subject)


@row("Missing Subject")
def missing_subject(contents: Contents) -> None:
    subject = {"mediaType": MANIFEST, "size": 123, "digest": digest(secrets.token_bytes(8))}
    contents.artifact("tagged", annotations=note(), subject=subject)


@row("Data Field")
def data_field(contents: Contents) -> None:
    contents.image("data", with_data=True)


@row("Non-distributable Layers")
def non_distributable_layers(contents: Contents) -> None:
    """Layers that lie elsewhere need not be here."""
    away = [{"mediaType": f"application/vnd.oci.image.layer.nondistributable.v1.{kind}", "size": 12345, "digest": digest(kind.encode()),
             "urls": [f"https://store.example.com/{kind}"]} for kind in ("tar+gzip", "tar")]
    here = contents.blob(secrets.token_bytes(500), f"{LAYER}+gzip")
    config = contents.blob(json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers"}}).encode(), CONFIG)
    contents.manifest({"mediaType": MANIFEST, "config": config, "layers": [*away, here]}, "non-distributable")


@row("Custom Fields")
def custom_fields(contents: Contents) -> None:
    contents.platforms("custom", custom=True)


@row("No Layers")
def no_layers(contents: Contents) -> None:
    contents.image("no-layers", layers=0)


@row("Sparse Manifests")
def sparse_manifests(contents: Contents) -> None:
    sparse = contents.image("sparse-image")
    del contents.blobs[sparse.document["layers"][0]["digest"]]
    missing = {"mediaType": MANIFEST, "size": 1024, "digest": digest(secrets.token_bytes(8)),
               "platform": {"os": "linux", "architecture": "arm64"}}
    there = contents.image().descriptor(platform={"os": "linux", "architecture": "amd64"})
    contents.manifest({"mediaType": INDEX, "manifests": [there, missing]}, "sparse-index")


@row("Digest Algorithm sha512")
def digest_algorithm_sha512(contents: Contents) -> None:
    """Without tags, as these would need parameters."""
    contents.platforms()


@row("Tag Param")
def tag_param(contents: Contents) -> None:
    contents.platforms("tag-param")
    for number, manifest in enumerate(contents.manifests):
        contents.tags[f"tag-param-{number}"] = manifest


@row("Tag Param sha512")
def tag_param_sha512(contents: Contents) -> None:
    tag_param(contents)


@pytest.mark.parametrize("name", ROWS)
def test_contents(client: V2Client, name: str) -> None:
    contents = ROWS[name]()
    repository = "conformance/" + name.lower().replace(" ", "-")
    push(client, repository, contents, with_parameters="Tag Param" in name)
    check_tags(client, repository, sorted(contents.tags))
    check_pull(client, repository, contents)
    check_referrers(client, repository, contents)
    delete(client, repository, contents)


def push(client: V2Client, repository: str, contents: Contents, with_parameters: bool) -> None:
    for data, way in zip(contents.blobs.values(), itertools.cycle(WAYS)):
        client.push_blob(repository, data, contents.algorithm, way)
    for manifest in contents.manifests:
        tags = [tag for tag, tagged in contents.tags.items() if tagged == manifest]
        parameters = tags if with_parameters else []
        done = expect(client.put_manifest(repository, manifest.digest, manifest.data, manifest.media_type, parameters), 201)
        assert done.header("Docker-Content-Digest") == manifest.digest
        assert done.header("OCI-Subject") == manifest.document.get("subject", {}).get("digest")
        assert not with_parameters or done.header("OCI-Tag") == ", ".join(tags)
        assert expect(client.call("GET", location(done), [("Accept", INDEX), ("Accept", MANIFEST)]), 200).body == manifest.data
    for tag, manifest in contents.tags.items():
        if not with_parameters:
            done = expect(client.put_manifest(repository, tag, manifest.data, manifest.media_type), 201)
            assert done.header("Docker-Content-Digest") == manifest.digest


def check_tags(client: V2Client, repository: str, tags: list[str]) -> None:
    assert client.tag_names(repository) == tags
    if len(tags) > 1:
        assert client.tags(repository, last=tags[0]).json["tags"] == tags[1:]


def check_pull(client: V2Client, repository: str, contents: Contents) -> None:
    references = contents.tags | {manifest.digest: manifest for manifest in contents.manifests}
    for reference, manifest in references.items():
        for method, body in (("HEAD", b""), ("GET", manifest.data)):
            answer = expect(client.manifest(repository, reference, method), 200)
            fields = [answer.header(name) for name in ("Content-Type", "Content-Length", "Docker-Content-Digest")]
            assert fields == [manifest.media_type, str(len(manifest.data)), manifest.digest] and answer.body == body
    for name, data in contents.blobs.items():
        for method, body in (("HEAD", b""), ("GET", data)):
            answer = expect(client.blob(repository, name, method), 200)
            assert (answer.header("Content-Length"), answer.header("Docker-Content-Digest"), answer.body) == (str(len(data)), name, body)


def check_referrers(client: V2Client, repository: str, contents: Contents) -> None:
    for subject, manifests in contents.referrers.items():
        expected = {manifest.digest: manifest.listed for manifest in manifests}
        found = expect(client.referrers(repository, subject), 200)
        assert found.header("Content-Type") == INDEX
        assert {entry["digest"]: entry for entry in found.json["manifests"]} == expected
        for kind in {str(entry["artifactType"]) for entry in expected.values()}:
            filtered = expect(client.referrers(repository, subject, artifactType=kind), 200)
            assert filtered.header("OCI-Filters-Applied") == "artifactType"
            assert {entry["digest"] for entry in filtered.json["manifests"]} == {
                name for name, entry in expected.items() if entry["artifactType"] == kind}


def delete(client: V2Client, repository: str, contents: Contents) -> None:
    """What is deleted cannot be found from that moment on."""
    for tag in contents.tags:
        expect(client.delete(repository, f"manifests/{tag}"), 202)
        expect(client.manifest(repository, tag, "HEAD"), 404)
    for manifest in reversed(contents.manifests):
        expect(client.delete(repository, f"manifests/{manifest.digest}"), 202)
        expect(client.manifest(repository, manifest.digest, "HEAD"), 404)
    for name in contents.blobs:
        expect(client.delete(repository, f"blobs/{name}"), 202)
        expect(client.blob(repository, name, "HEAD"), 404)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_blobs(client: V2Client, algorithm: str) -> None:
    """Two rows, `Blobs sha256` and `Blobs sha512`: ordinary, empty and well-known blobs, each pushed in every way."""
    repository = f"conformance/blobs-{algorithm}"
    for data in (secrets.token_bytes(2048), secrets.token_bytes(1), b"{}", b""):
        for way in WAYS:
            name = client.push_blob(repository, data, algorithm, way)
            assert expect(client.blob(repository, name, "HEAD"), 200).header("Content-Length") == str(len(data))
            expect(client.delete(repository, f"blobs/{name}"), 202)
            expect(client.blob(repository, name), 404)


def test_bad_digest_image(client: V2Client) -> None:
    contents = Contents()
    manifest = contents.image()
    for data in contents.blobs.values():
        client.push_blob("conformance/bad-digest", data)
    assert code(expect(client.put_manifest("conformance/bad-digest", manifest.digest, manifest.data + b"  "), 400)) == "DIGEST_INVALID"
    expect(client.manifest("conformance/bad-digest", manifest.digest), 404)


def test_invalid_manifest_digest(client: V2Client) -> None:
    contents = Contents()
    manifest = contents.image(layers=1)
    for data in contents.blobs.values():
        client.push_blob("conformance/invalid-digest", data)
    for invalid in ("sha256:baddigeststring", "sha256:" + "g" * 64, "sha512:" + "0" * 64, "md5:" + "0" * 32):
        assert code(expect(client.put_manifest("conformance/invalid-digest", invalid, manifest.data), 400)) == "DIGEST_INVALID"
        assert code(expect(client.manifest("conformance/invalid-digest", invalid), 400)) == "DIGEST_INVALID"


def test_every_row_of_the_program_is_here() -> None:
    others = ["Blobs sha256", "Blobs sha512", "Bad Digest Image", "Invalid Manifest Digest"]
    assert sorted([*ROWS, *others]) == sorted(PROGRAM)


#: The program's table.
PROGRAM = """
    Artifact, Artifact Index, Artifact without Layers, Artifacts with Subject, Bad Digest Image, Blobs sha256, Blobs sha512, Custom Fields,
    Data Field, Empty Index, Image, Image Uncompressed, Index, Index with Subject, Invalid Manifest Digest, Image with Large Manifest,
    Missing Subject, Nested Index, No Layers, Non-distributable Layers, Digest Algorithm sha512, Sparse Manifests, Tag Param,
    Tag Param sha512""".strip().replace(",\n    ", ", ").split(", ")
