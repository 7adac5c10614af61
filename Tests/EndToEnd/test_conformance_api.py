"""One test for each row of the table "API conformance" that the Open Container Initiative's conformance program prints: the calls."""
from __future__ import annotations

import secrets
from typing import Iterator

import pytest

from conftest import Make
from contents import EXAMPLE, Contents, note
from server import Server
from v2client import INDEX, MANIFEST, WAYS, V2Client, adding, code, digest, errors, expect, location

REPOSITORY, SOURCE = "conformance/api", "conformance/api-source"
ALGORITHMS = pytest.mark.parametrize("algorithm", ["sha256", "sha512"])


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    yield make_shared("--manifests-sparse", "any").start()


@pytest.fixture
def client(registry: Server) -> V2Client:
    return V2Client(registry)


@pytest.fixture
def blob() -> bytes:
    return secrets.token_bytes(3001)


def pushed(client: V2Client, repository: str = REPOSITORY, tag: str | None = None) -> Contents:
    """An image that is there as a whole, under its digest and under the tag, if there is one."""
    contents = Contents()
    image = contents.image(tag)
    for data in contents.blobs.values():
        client.push_blob(repository, data)
    expect(client.put_manifest(repository, tag or image.digest, image.data), 201)
    return contents


def check_blob(client: V2Client, data: bytes, name: str, repository: str = REPOSITORY) -> None:
    for method, body in (("HEAD", b""), ("GET", data)):
        answer = expect(client.blob(repository, name, method), 200)
        assert (answer.header("Content-Length"), answer.header("Docker-Content-Digest"), answer.body) == (str(len(data)), name, body)


def test_ping(client: V2Client) -> None:
    expect(client.ping(), 200)


@pytest.mark.parametrize("way", WAYS)
@ALGORITHMS
def test_blob_push(client: V2Client, blob: bytes, algorithm: str, way: str) -> None:
    name = client.push_blob(REPOSITORY, blob, algorithm, way)
    check_blob(client, blob, name)
    other = digest(blob, "sha256" if algorithm == "sha512" else "sha512")
    expect(client.blob(REPOSITORY, other), 404)


@ALGORITHMS
def test_blob_post_only(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = digest(blob, algorithm)
    done = expect(client.post(REPOSITORY, blob, name), 201)
    assert done.header("Location") == f"/v2/{REPOSITORY}/blobs/{name}"
    assert code(expect(client.post(REPOSITORY, blob + b"!", digest(blob + b"?", algorithm)), 400)) == "DIGEST_INVALID"


@ALGORITHMS
def test_blob_post_put(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = digest(blob, algorithm)
    for query in ({}, {"digest-algorithm": algorithm}):
        started = expect(client.start(REPOSITORY, **query), 202)
        done = expect(client.finish(location(started), name, blob), 201)
        assert done.header("Location") == f"/v2/{REPOSITORY}/blobs/{name}"
        check_blob(client, blob, name)
    for wrong in (digest(blob + b"?", algorithm), f"{algorithm}:short", f"{algorithm}:" + "g" * 64, "md5:" + "0" * 32, "nothing"):
        target = location(expect(client.start(REPOSITORY), 202))
        assert code(expect(client.finish(target, wrong, blob), 400)) == "DIGEST_INVALID"
    assert code(expect(client.call("POST", f"/v2/{REPOSITORY}/blobs/uploads/?digest-algorithm=md5", body=b""), 400)) == "DIGEST_INVALID"


@pytest.mark.parametrize("last_with_put", [False, True], ids=["patches", "last_chunk_with_put"])
@ALGORITHMS
def test_blob_chunked(client: V2Client, blob: bytes, algorithm: str, last_with_put: bool) -> None:
    name = digest(blob, algorithm)
    target = location(expect(client.start(REPOSITORY), 202))
    for first in (0, 1001) if last_with_put else (0, 1001, 2002):
        chunk = blob[first:first + 1001]
        answer = expect(client.patch(target, chunk, first), 202)
        assert answer.header("Range") == f"0-{first + len(chunk) - 1}"
        target = location(answer)
    expect(client.finish(target, name, blob[2002:], 2002) if last_with_put else client.finish(target, name), 201)
    check_blob(client, blob, name)


@pytest.mark.parametrize("with_put", [False, True], ids=["patch", "put"])
@ALGORITHMS
def test_blob_chunked_out_of_order(client: V2Client, blob: bytes, algorithm: str, with_put: bool) -> None:
    """A chunk from further on or from the beginning is 416; GET then says where to go on, and so it goes on."""
    name = digest(blob, algorithm)
    target = location(expect(client.start(REPOSITORY), 202))
    for first in (0, 1001, 2002):
        wrong = first + 1001 if first < 2002 else 0
        chunk = blob[wrong:wrong + 1001]
        refused = client.finish(target, name, chunk, wrong) if with_put else client.patch(target, chunk, wrong)
        assert code(expect(refused, 416)) == "BLOB_UPLOAD_INVALID"
        status = expect(client.status(target), 204)
        assert status.header("Range") == f"0-{max(first - 1, 0)}" and location(status)
        target = location(expect(client.patch(location(status), blob[first:first + 1001], first), 202))
    expect(client.finish(target, name), 201)
    check_blob(client, blob, name)


@pytest.mark.parametrize("way", ["chunks", "stream"])
@ALGORITHMS
def test_blob_chunked_and_streamed_with_another_digest(client: V2Client, blob: bytes, algorithm: str, way: str) -> None:
    target = location(expect(client.start(REPOSITORY), 202))
    answer = client.stream(target, blob) if way == "stream" else client.patch(target, blob, 0)
    wrong = digest(blob + b"?", algorithm)
    assert code(expect(client.finish(location(expect(answer, 202)), wrong), 400)) == "DIGEST_INVALID"
    expect(client.blob(REPOSITORY, wrong), 404)


@ALGORITHMS
def test_blob_streaming(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = digest(blob, algorithm)
    streamed = expect(client.stream(location(expect(client.start(REPOSITORY), 202)), blob, size=77), 202)
    assert streamed.header("Range") == "0-3000"
    expect(client.finish(location(streamed), name), 201)
    check_blob(client, blob, name)


@ALGORITHMS
def test_blob_upload_cancel(client: V2Client, blob: bytes, algorithm: str) -> None:
    target = location(expect(client.start(REPOSITORY), 202))
    expect(client.call("DELETE", target), 204)
    for answer in (client.status(target), client.patch(target, blob), client.finish(target, digest(blob, algorithm), blob)):
        assert answer.status == 404, answer
    assert code(client.status(target)) == "BLOB_UPLOAD_UNKNOWN"


@ALGORITHMS
def test_blob_mount(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = client.push_blob(SOURCE, blob, algorithm)
    expect(client.blob(REPOSITORY, name), 404)
    mounted = expect(client.mount(REPOSITORY, name, SOURCE), 201)
    assert mounted.header("Location") == f"/v2/{REPOSITORY}/blobs/{name}" and mounted.header("Docker-Content-Digest") == name
    check_blob(client, blob, name)
    missing = blob + b"!"
    started = expect(client.mount(REPOSITORY, digest(missing, algorithm), SOURCE), 202)
    expect(client.finish(location(started), digest(missing, algorithm), missing), 201)
    check_blob(client, missing, digest(missing, algorithm))


@ALGORITHMS
def test_blob_anonymous_mount(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = client.push_blob(SOURCE, blob, algorithm)
    mounted = expect(client.mount(REPOSITORY, name), 201)
    assert mounted.header("Location") == f"/v2/{REPOSITORY}/blobs/{name}" and mounted.header("Docker-Content-Digest") == name
    check_blob(client, blob, name)


@ALGORITHMS
def test_blob_get(client: V2Client, blob: bytes, algorithm: str) -> None:
    for data in (blob, b"{}", b""):
        name = client.push_blob(REPOSITORY, data, algorithm)
        answer = expect(client.blob(REPOSITORY, name), 200)
        assert answer.body == data and answer.header("Docker-Content-Digest") == name
        assert answer.all("Content-Length") == [str(len(data))]
    assert code(expect(client.blob(REPOSITORY, digest(b"missing", algorithm)), 404)) == "BLOB_UNKNOWN"


@pytest.mark.parametrize("asked, first, last", [
    ("500-1499", 500, 1499), ("500-", 500, 2999), ("-500", 2500, 2999), ("2000-5000", 2000, 2999), ("0-0", 0, 0), ("500-0", None, None),
    ("5000-10000", None, None), ("3000-", None, None)])
@ALGORITHMS
def test_blob_get_range(client: V2Client, algorithm: str, asked: str, first: int | None, last: int | None) -> None:
    data = bytes(range(250)) * 12
    name = client.push_blob(REPOSITORY, data, algorithm)
    answer = client.blob(REPOSITORY, name, headers=[("Range", f"bytes={asked}")])
    if first is None or last is None:
        assert expect(answer, 416).header("Content-Range") == "bytes */3000"
        return
    part = data[first:last + 1]
    assert expect(answer, 206).body == part and answer.header("Content-Range") == f"bytes {first}-{last}/3000"
    assert answer.header("Content-Length") == str(len(part))


@ALGORITHMS
def test_blob_head(client: V2Client, blob: bytes, algorithm: str) -> None:
    for data in (blob, b"{}", b""):
        name = client.push_blob(REPOSITORY, data, algorithm)
        answer = expect(client.blob(REPOSITORY, name, "HEAD"), 200)
        assert answer.all("Content-Length") == [str(len(data))] and answer.header("Docker-Content-Digest") == name
    expect(client.blob(REPOSITORY, digest(b"missing", algorithm), "HEAD"), 404)


@ALGORITHMS
def test_blob_delete(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = client.push_blob(REPOSITORY, blob, algorithm)
    expect(client.delete(REPOSITORY, f"blobs/{name}"), 202)
    assert code(expect(client.delete(REPOSITORY, f"blobs/{name}"), 404)) == "BLOB_UNKNOWN"


@ALGORITHMS
def test_blob_delete_atomic(client: V2Client, blob: bytes, algorithm: str) -> None:
    name = client.push_blob(REPOSITORY, blob, algorithm)
    expect(client.delete(REPOSITORY, f"blobs/{name}"), 202)
    for method in ("HEAD", "GET"):
        expect(client.blob(REPOSITORY, name, method), 404)
    client.push_blob(REPOSITORY, blob, algorithm)
    check_blob(client, blob, name)


def test_manifest_put_by_digest(client: V2Client) -> None:
    contents = Contents()
    image = contents.image()
    for data in contents.blobs.values():
        client.push_blob(REPOSITORY, data)
    done = expect(client.put_manifest(REPOSITORY, image.digest, image.data), 201)
    assert done.header("Docker-Content-Digest") == image.digest
    assert expect(client.call("GET", location(done), [("Accept", MANIFEST)]), 200).body == image.data
    wrong = digest(image.data + b" ")
    assert code(expect(client.put_manifest(REPOSITORY, wrong, image.data), 400)) == "DIGEST_INVALID"
    assert code(expect(client.put_manifest(REPOSITORY, "sha256:baddigeststring", image.data), 400)) == "DIGEST_INVALID"


def test_manifest_put_by_tag(client: V2Client) -> None:
    contents = Contents()
    image = contents.image()
    for data in contents.blobs.values():
        client.push_blob(REPOSITORY, data)
    done = expect(client.put_manifest(REPOSITORY, "by-tag", image.data), 201)
    assert done.header("Docker-Content-Digest") == image.digest
    assert expect(client.call("GET", location(done), [("Accept", MANIFEST)]), 200).body == image.data


@ALGORITHMS
def test_manifest_put_with_tag_parameters(client: V2Client, algorithm: str) -> None:
    repository = f"conformance/parameters-{algorithm}"
    contents = Contents(algorithm)
    image = contents.image()
    for data in contents.blobs.values():
        client.push_blob(repository, data, algorithm)
    tags = [f"tag-{number}" for number in range(12)]
    done = expect(client.put_manifest(repository, image.digest, image.data, tags=tags), 201)
    assert [tag.strip() for field in done.all("OCI-Tag") for tag in field.split(",")] == tags
    assert client.tag_names(repository) == sorted(tags)
    for tag in tags:
        answer = expect(client.manifest(repository, tag), 200)
        assert answer.body == image.data and answer.header("Docker-Content-Digest") == image.digest
    many = [f"tag-{number}" for number in range(101)]
    expect(client.put_manifest(repository, image.digest, image.data, tags=many), 414)
    expect(client.put_manifest(repository, "a-tag", image.data, tags=["another"]), 400)


@pytest.mark.parametrize("known", [True, False], ids=["subject", "missing_subject"])
def test_manifest_put_with_subject(client: V2Client, known: bool) -> None:
    contents = pushed(client)
    subject = contents.manifests[0].descriptor() if known else contents.manifests[0].descriptor(digest=digest(secrets.token_bytes(9)))
    artifact = contents.artifact(subject=subject)
    for data in contents.blobs.values():
        client.push_blob(REPOSITORY, data)
    done = expect(client.put_manifest(REPOSITORY, artifact.digest, artifact.data), 201)
    assert done.header("OCI-Subject") == subject["digest"]


@pytest.mark.parametrize("reference", ["digest", "tag"])
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_manifest_get_and_head(client: V2Client, method: str, reference: str) -> None:
    """Four rows: `Manifest get by digest`, `… by tag`, `Manifest head by digest`, `… by tag`."""
    contents = pushed(client, tag="read")
    image = contents.manifests[0]
    for accept in ([("Accept", INDEX), ("Accept", MANIFEST)], [("Accept", f"{INDEX}, {MANIFEST}")], [("Accept", "*/*")], []):
        answer = expect(client.manifest(REPOSITORY, image.digest if reference == "digest" else "read", method, accept), 200)
        assert (answer.header("Content-Type"), answer.header("Content-Length"), answer.header("Docker-Content-Digest")) == (
            MANIFEST, str(len(image.data)), image.digest)
        assert answer.body == (image.data if method == "GET" else b"")
    missing = digest(secrets.token_bytes(9)) if reference == "digest" else "missing"
    answer = expect(client.manifest(REPOSITORY, missing, method), 404)
    assert method == "HEAD" or code(answer) == "MANIFEST_UNKNOWN"


def test_manifest_delete(client: V2Client) -> None:
    image = pushed(client).manifests[0]
    expect(client.delete(REPOSITORY, f"manifests/{image.digest}"), 202)
    assert code(expect(client.delete(REPOSITORY, f"manifests/{image.digest}"), 404)) == "MANIFEST_UNKNOWN"


def test_manifest_delete_atomic(client: V2Client) -> None:
    image = pushed(client, tag="deleted").manifests[0]
    expect(client.delete(REPOSITORY, f"manifests/{image.digest}"), 202)
    for reference in (image.digest, "deleted"):
        for method in ("HEAD", "GET"):
            expect(client.manifest(REPOSITORY, reference, method), 404)
    assert "deleted" not in client.tag_names(REPOSITORY)


def test_tag_listing(client: V2Client) -> None:
    repository = "conformance/listing"
    assert code(expect(client.tags(repository), 404)) == "NAME_UNKNOWN"
    image = pushed(client, repository, "b").manifests[0]
    tags = ["B", "_x", "a", "a.1", "b", "b-2"]
    expect(client.put_manifest(repository, image.digest, image.data, tags=tags), 201)
    assert expect(client.tags(repository), 200).json == {"name": repository, "tags": tags}
    assert [page.json["tags"] for page in client.pages(f"/v2/{repository}/tags/list?n=4")] == [tags[:4], tags[4:]]
    assert client.tags(repository, last="a").json["tags"] == ["a.1", "b", "b-2"]
    assert client.tags(repository, last="aa", n="1").json["tags"] == ["b"], "a tag that is not there is a place all the same"
    none = expect(client.tags(repository, n="0"), 200)
    assert none.json["tags"] == [] and none.header("Link") is None
    for number in ("-1", "x", ""):
        assert errors(expect(client.tags(repository, n=number), 400))


def test_tag_delete(client: V2Client) -> None:
    image = pushed(client, tag="kept").manifests[0]
    expect(client.put_manifest(REPOSITORY, "untagged", image.data), 201)
    expect(client.delete(REPOSITORY, "manifests/untagged"), 202)
    assert code(expect(client.delete(REPOSITORY, "manifests/untagged"), 404)) == "MANIFEST_UNKNOWN"


def test_tag_delete_atomic(client: V2Client) -> None:
    image = pushed(client, tag="stays").manifests[0]
    expect(client.put_manifest(REPOSITORY, "goes", image.data), 201)
    expect(client.delete(REPOSITORY, "manifests/goes"), 202)
    for method in ("HEAD", "GET"):
        expect(client.manifest(REPOSITORY, "goes", method), 404)
    assert "goes" not in client.tag_names(REPOSITORY) and "stays" in client.tag_names(REPOSITORY)
    assert expect(client.manifest(REPOSITORY, image.digest), 200).body == image.data
    assert expect(client.manifest(REPOSITORY, "stays"), 200).body == image.data


def test_referrers(client: V2Client) -> None:
    repository = "conformance/referrers"
    nobody = expect(client.referrers(repository, digest(b"nobody")), 200)
    assert nobody.header("Content-Type") == INDEX and nobody.json == {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
    contents = Contents()
    subject = contents.image().descriptor()
    contents.artifact(subject=subject, annotations=note())
    contents.image(subject=subject)
    contents.index([], subject=subject, annotations=note())
    for data in contents.blobs.values():
        client.push_blob(repository, data)
    for manifest in contents.manifests:
        expect(client.put_manifest(repository, manifest.digest, manifest.data, manifest.media_type), 201)
    expected = [manifest.listed for manifest in contents.referrers[str(subject["digest"])]]
    found = expect(client.referrers(repository, str(subject["digest"])), 200)
    assert found.header("Content-Type") == INDEX and found.header("OCI-Filters-Applied") is None
    assert in_order(found.json["manifests"]) == in_order(expected)
    filtered = expect(client.referrers(repository, str(subject["digest"]), artifactType=EXAMPLE), 200)
    assert filtered.header("OCI-Filters-Applied") == "artifactType" and filtered.json["manifests"] == expected[:1]
    target = adding(f"/v2/{repository}/referrers/{subject['digest']}", n="1")
    pages = [page.json["manifests"] for page in client.pages(target)]
    assert [len(page) for page in pages] == [1, 1, 1] and in_order(sum(pages, [])) == in_order(expected)
    assert code(expect(client.referrers(repository, "sha256:short"), 400)) == "DIGEST_INVALID"


def in_order(descriptors: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(descriptors, key=lambda descriptor: str(descriptor["digest"]))
