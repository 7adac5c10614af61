"""Storage folders of distribution are taken over: what is whole, with every byte, and what is damaged is told by its reason."""
from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import trees
from conftest import Make
from contents import Contents
from images import make_id
from server import Server
from trees import OldV2, problems, report, sums
from v2client import DOCKER_MANIFEST, V2Client, digest, expect


def test_tree_of_a_real_distribution(make: Make, tmp_path: Path) -> None:
    tree = trees.distribution(tmp_path)
    before = trees.files(tree)
    server = make().start()
    found = report(server.command("import", "distribution", str(tree), "--json"))
    assert problems(found) == [] and sums(found) == (4, 6, 0, 0)
    top = tree / "docker" / "registry" / "v2"
    client = V2Client(server)
    assert sorted(client.catalog()) == ["wharf/multi", "wharf/three-v1-10-3", "wharf/three-v1-6-2", "wharf/three-v1-9-1"]
    for link in top.glob("repositories/**/_manifests/revisions/sha256/*/link"):
        repository = str(link.relative_to(top / "repositories")).partition("/_manifests")[0]
        assert client.tag_names(repository) == ["1.0"]
        name = link.read_text()
        stored = OldV2(tree).data(name).read_bytes()
        answer = expect(client.manifest(repository, name), 200)
        assert answer.header("Docker-Content-Digest") == name
        document = json.loads(stored)
        if document["schemaVersion"] == 1:
            # distribution keeps no signatures; Wharf signs as it does.
            signed = answer.json
            assert len(signed.pop("signatures")) == 1 and signed == document
            blobs = [layer["blobSum"] for layer in document["fsLayers"]]
        else:
            assert answer.body == stored and answer.header("Content-Type") == document["mediaType"]
            blobs = [blob["digest"] for blob in [document["config"], *document["layers"]]] if "layers" in document else []
        for blob in blobs:
            assert expect(client.blob(repository, blob), 200).body == OldV2(tree).data(blob).read_bytes()
    assert trees.files(tree) == before


def test_repositories_of_any_depth_and_other_algorithms(make: Make, tmp_path: Path) -> None:
    tree = OldV2(tmp_path / "old")
    made = {"a": Contents(), "a/b/c/d": Contents(algorithm="sha512"), "library/x": Contents()}
    for name, contents in made.items():
        contents.image("1")
        contents.platforms("list")
        contents.artifact(None, subject=contents.manifests[0].descriptor())
        tree.add(name, contents)
        tree.tag(name, "1", contents.tags["1"].digest, 1400000000)
    server = make().start()
    report(server.command("import", "distribution", str(tree.top), "--json"))
    client = V2Client(server)
    for name, contents in made.items():
        assert client.tag_names(name) == ["1", "list"]
        for manifest in contents.manifests:
            assert expect(client.manifest(name, manifest.digest), 200).body == manifest.data
        for blob, data in contents.blobs.items():
            assert expect(client.blob(name, blob), 200).body == data
        first = contents.manifests[0].digest
        assert [referrer["digest"] for referrer in expect(client.referrers(name, first), 200).json["manifests"]] == [
            contents.manifests[-1].digest]
    details = server.call("GET", "/v1/repositories/a/tags/1/json").json
    assert details["last_update"] == 1400000000


def test_damage_of_a_distribution_is_told_by_its_reason(tmp_path: Path) -> None:
    tree, data = OldV2(tmp_path / "old"), tmp_path / "data"
    expected: list[tuple[str, str, str]] = []

    def spoil(name: str, reason: str) -> tuple[str, Contents]:
        contents = Contents()
        contents.image("1")
        tree.add(f"damage/{name}", contents)
        expected.extend([(f"damage/{name}", f"manifest {contents.manifests[0].digest}", reason), (f"damage/{name}", "tag 1", reason)])
        return f"damage/{name}", contents

    def layer(contents: Contents) -> str:
        return contents.manifests[0].document["layers"][0]["digest"]

    tree.data(layer(spoil("blob", "blob_missing")[1])).unlink()
    tree.data(layer(spoil("bytes", "digest_differs")[1])).write_bytes(b"something else")
    repository, contents = spoil("unlinked", "blob_not_linked")
    tree.layer(repository, layer(contents)).unlink()
    _, contents = spoil("manifest", "manifest_missing")
    tree.data(contents.manifests[0].digest).unlink()
    _, contents = spoil("manifest-bytes", "digest_differs")
    tree.data(contents.manifests[0].digest).write_bytes(b"{}")
    repository, contents = spoil("link", "unreadable")
    tree.revision(repository, contents.manifests[0].digest).write_text("nonsense")
    _, contents = spoil("symbolic", "symbolic_link")
    tree.data(layer(contents)).unlink()
    tree.data(layer(contents)).symlink_to("/etc/passwd")
    _, contents = spoil("huge", "too_large")
    with open(tree.data(contents.manifests[0].digest), "r+b") as file:
        file.truncate(1 << 40)
    invalid = b'{"schemaVersion": 2, "schemaVersion": 2}'
    tree.link("damage/invalid", f"_manifests/revisions/{digest(invalid).replace(':', '/')}", tree.blob(invalid))
    expected.append(("damage/invalid", f"manifest {digest(invalid)}", "manifest_invalid"))
    # An index of which one image is damaged.
    parts = Contents()
    parts.platforms("list")
    tree.add("damage/index", parts)
    tree.data(parts.manifests[0].document["layers"][0]["digest"]).unlink()
    expected += [("damage/index", f"manifest {parts.manifests[0].digest}", "blob_missing"),
                 ("damage/index", f"manifest {parts.manifests[2].digest}", "blob_missing"), ("damage/index", "tag list", "blob_missing")]
    whole = Contents()
    whole.image("1")
    tree.add("damage/whole", whole)
    tree.tag("damage/whole", "gone", "sha256:" + "0" * 64)
    tree.link("damage/whole", "_manifests/tags/.bad/current", whole.manifests[0].digest)
    (tree.top / "repositories" / "Upper" / "_manifests").mkdir(parents=True)
    (tree.top / "repositories" / "away").symlink_to("/etc")
    expected += [("damage/whole", "manifest sha256:" + "0" * 64, "manifest_missing"), ("damage/whole", "tag gone", "manifest_missing"),
                 ("damage/whole", "tag .bad", "tag_invalid"), ("", "repository Upper", "invalid_name"),
                 ("", "repository away", "symbolic_link")]
    found = report(trees.run(data, "distribution", str(tree.root), "--json"), 1)
    assert problems(found) == sorted(expected)
    server = Server(tmp_path).start()
    try:
        client = V2Client(server)
        assert client.tag_names("damage/whole") == ["1"]
        # What is whole of a damaged index came.
        assert client.manifest("damage/index", parts.manifests[1].digest).status == 200
        assert client.tag_names("damage/index") == []
        assert b"root:" not in b"".join(path.read_bytes() for path in trees.objects(server).values())
    finally:
        server.stop()


def test_a_blob_is_not_shown_where_it_has_no_link(make: Make, tmp_path: Path) -> None:
    """A manifest that names somebody else's blob as a foreign layer does not open it."""
    tree = OldV2(tmp_path / "old")
    secret = Contents()
    secret.image("1")
    tree.add("team/secret", secret)
    stolen = secret.manifests[0].document["layers"][0]
    thief = Contents()
    thief.manifest({"mediaType": DOCKER_MANIFEST, "config": thief.blob(b"{}", "application/vnd.docker.container.image.v1+json"), "layers": [
        stolen | {"mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "urls": ["https://example.com/layer"]}]}, "1")
    tree.add("team/thief", thief)
    server = make().start()
    report(server.command("import", "distribution", str(tree.root), "--json"))
    client = V2Client(server)
    expect(client.manifest("team/thief", "1"), 200)
    expect(client.blob("team/thief", stolen["digest"]), 404)
    expect(client.blob("team/secret", stolen["digest"]), 200)


def test_signatures_that_are_kept_apart(make: Make, tmp_path: Path) -> None:
    """distribution up to 2.4 kept what was signed and the signatures apart."""
    old = trees.distribution(tmp_path)
    source = make().start()
    report(source.command("import", "distribution", str(old), "--json"))
    repository = "wharf/three-v1-9-1"
    signed = expect(V2Client(source).manifest(repository, "1.0", headers=[
        ("Accept", "application/vnd.docker.distribution.manifest.v1+prettyjws")]), 200)
    name = signed.header("Docker-Content-Digest") or ""
    signature = json.dumps(signed.json["signatures"][0]).encode()
    tree = OldV2(old)
    folder = f"_manifests/revisions/{name.replace(':', '/')}/signatures"
    link = tree.link(repository, f"{folder}/{digest(signature).replace(':', '/')}", tree.blob(signature))
    server = make().start()
    report(server.command("import", "distribution", str(old), "--repository", repository, "--json"))
    answer = expect(V2Client(server).manifest(repository, name), 200)
    assert answer.json == signed.json and answer.header("Docker-Content-Digest") == name
    # Old versions took the signatures for garbage, and left the links to them.
    tree.data(digest(signature)).unlink()
    bare = make().start()
    report(bare.command("import", "distribution", str(old), "--repository", repository, "--json"))
    again = expect(V2Client(bare).manifest(repository, name), 200)
    assert again.header("Docker-Content-Digest") == name and again.json["signatures"] != signed.json["signatures"]
    # A signature of something else.
    link.write_text(tree.blob(signature.replace(b'"signature": "', b'"signature": "AAAA')))
    other = make().start()
    found = report(other.command("import", "distribution", str(old), "--repository", repository, "--json"), 1)
    assert problems(found) == [(repository, f"manifest {name}", "manifest_invalid"), (repository, "tag 1.0", "manifest_invalid")]


@pytest.mark.parametrize("way", ["hard", "reflink"])
def test_blobs_are_linked_where_that_is_possible(make: Make, tmp_path: Path, way: str) -> None:
    tree, server = OldV2(tmp_path / "old"), make(folder=tmp_path).start()
    contents = Contents()
    contents.image("1", layers=4)
    tree.add("team/app", contents)
    spoilt = Contents()
    spoilt.image("1")
    tree.add("team/spoilt", spoilt)
    layer = spoilt.manifests[0].document["layers"][1]["digest"]
    tree.data(layer).write_bytes(b"something else")
    before = trees.files(tree.root)
    found = report(server.command("import", "distribution", str(tree.root), "--link", way, "--json"), 1)
    assert {problem[2] for problem in problems(found)} == {"digest_differs"}
    assert trees.files(tree.root) == before
    stored = trees.objects(server)
    assert layer not in stored
    shared = [name for name in contents.blobs if stored[name].stat().st_ino == tree.data(name).stat().st_ino]
    client = V2Client(server)
    for name, data in contents.blobs.items():
        assert expect(client.blob("team/app", name), 200).body == data
    if way == "hard":
        assert sorted(shared) == sorted(contents.blobs)
        assert found["notes"] == [f"{len(contents.blobs) + 2} blobs were taken over by hard links"]
        # The old registry goes; what was taken over stays.
        for name in contents.blobs:
            tree.data(name).unlink()
        for name, data in contents.blobs.items():
            assert expect(client.blob("team/app", name), 200).body == data
    else:
        assert shared == [] and len(found["notes"]) == 1, found["notes"]


def test_links_to_another_file_system_become_copies(make: Make, tmp_path: Path) -> None:
    if os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("there is no other file system")
    folder = Path("/dev/shm") / f"wharf-{make_id()[:8]}"
    tree, server = OldV2(folder), make().start()
    try:
        contents = Contents()
        contents.image("1", layers=3)
        tree.add("team/app", contents)
        found = report(server.command("import", "distribution", str(folder), "--link", "hard", "--json"))
        assert found["notes"] == [
            f"{len(contents.blobs)} blobs were copied, because they could not be taken over by hard links: the data folder is on another file "
            "system, or on one that cannot do that, or the server's user may not read the old files"]
    finally:
        subprocess.run(["rm", "-r", str(folder)], check=True)
    for name, data in contents.blobs.items():
        assert expect(V2Client(server).blob("team/app", name), 200).body == data
