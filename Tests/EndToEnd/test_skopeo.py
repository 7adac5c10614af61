"""skopeo, with accounts and over TLS: what it does, and what it says when it may not."""
from __future__ import annotations

import json

import pytest

from clients import Person, Registry, simple, write_layout
from contents import Contents


def source(person: Person, contents: Contents, tag: str) -> str:
    return f"oci:{write_layout(person.folder / 'layout', contents)}:{tag}"


def test_copy_there_and_back(registry: Registry, alice: Person) -> None:
    contents = simple("1.0")
    target = f"docker://{registry.name}/alice/copied:1.0"
    alice.does("skopeo", "copy", source(alice, contents, "1.0"), target)
    alice.does("skopeo", "copy", target, f"dir:{alice.folder}/back")
    assert (alice.folder / "back/manifest.json").read_bytes() == contents.tags["1.0"].data
    for name, data in contents.blobs.items():
        assert (alice.folder / "back" / name.removeprefix("sha256:")).read_bytes() == data


def test_copy_within_the_registry_mounts_what_is_known_to_be_there(registry: Registry, alice: Person) -> None:
    made = registry.push("alice/origin", "1.0")
    alice.does("skopeo", "copy", f"docker://{registry.name}/alice/origin:1.0", f"dir:{alice.folder}/seen")
    alice.does("skopeo", "copy", f"docker://{registry.name}/alice/origin:1.0", f"docker://{registry.name}/alice/mounted:2.0")
    assert registry.client(registry.alice).manifest("alice/mounted", "2.0").body == made.data
    calls = [line for line in registry.server.log.splitlines() if "path=/v2/alice/mounted/blobs/uploads/" in line]
    assert sum("method=POST" in line and "status=201" in line for line in calls) == len(made.document["layers"]), "mounted"
    assert sum("method=PATCH" in line for line in calls) == 1, "the config alone is sent"


@pytest.mark.parametrize("everything", [True, False], ids=["all", "one"])
def test_copy_of_an_index(registry: Registry, alice: Person, everything: bool) -> None:
    contents = Contents()
    contents.platforms("multi")
    repository = f"alice/{'all' if everything else 'one'}"
    flags = ["--all"] if everything else ["--override-arch", "arm64"]
    alice.does("skopeo", "copy", *flags, source(alice, contents, "multi"), f"docker://{registry.name}/{repository}:multi")
    client = registry.client(registry.alice)
    expected = contents.manifests if everything else [contents.manifests[1]]
    assert client.manifest(repository, "multi").body == expected[-1].data
    for manifest in contents.manifests:
        assert client.manifest(repository, manifest.digest).status == (200 if manifest in expected else 404)
    alice.does("skopeo", "copy", "--override-arch", "arm64", f"docker://{registry.name}/{repository}:multi", f"dir:{alice.folder}/arm")
    assert (alice.folder / "arm/manifest.json").read_bytes() == contents.manifests[1].data


def test_inspect_and_list_tags(registry: Registry, alice: Person) -> None:
    made = registry.push("alice/inspected", "1.0")
    registry.push("alice/inspected", "2.0")
    seen = json.loads(alice.does("skopeo", "inspect", f"docker://{registry.name}/alice/inspected:1.0"))
    assert (seen["Digest"], seen["RepoTags"], seen["Architecture"]) == (made.digest, ["1.0", "2.0"], "amd64")
    assert seen["Layers"] == [layer["digest"] for layer in made.document["layers"]]
    assert alice.does("skopeo", "inspect", "--raw", f"docker://{registry.name}/alice/inspected:1.0").encode() == made.data
    listed = json.loads(alice.does("skopeo", "list-tags", f"docker://{registry.name}/alice/inspected"))
    assert listed == {"Repository": f"{registry.name}/alice/inspected", "Tags": ["1.0", "2.0"]}


def test_delete(registry: Registry, alice: Person) -> None:
    """skopeo deletes the manifest that a tag names, with all its tags."""
    made = registry.push("alice/deleted", "1.0")
    registry.client(registry.alice).put_manifest("alice/deleted", "1.0-too", made.data)
    kept = registry.push("alice/deleted", "2.0")
    alice.does("skopeo", "delete", f"docker://{registry.name}/alice/deleted:1.0")
    client = registry.client(registry.alice)
    assert client.tag_names("alice/deleted") == ["2.0"]
    assert client.manifest("alice/deleted", made.digest).status == 404
    assert client.manifest("alice/deleted", "2.0").body == kept.data


def test_a_collaborator_who_may_write_pushes_and_deletes(registry: Registry, bernd: Person) -> None:
    """Though the token that skopeo asks for would let its holder do anything."""
    registry.push("alice/shared", "1.0")
    registry.server.run("member", "add", "alice/shared", "bernd", "--access", "write")
    target = f"docker://{registry.name}/alice/shared"
    bernd.does("skopeo", "copy", source(bernd, simple("2.0"), "2.0"), f"{target}:2.0")
    bernd.does("skopeo", "delete", f"{target}:1.0")
    assert registry.client(registry.alice).tag_names("alice/shared") == ["2.0"]


def test_sync_to_a_folder_and_back(registry: Registry, alice: Person) -> None:
    made = {tag: registry.push("alice/synced", tag) for tag in ("1.0", "2.0")}
    alice.does("skopeo", "sync", "--src", "docker", "--dest", "dir", f"{registry.name}/alice/synced", "synced")
    folders = sorted(path.name for path in (alice.folder / "synced").iterdir())
    assert folders == ["synced:1.0", "synced:2.0"]
    alice.does("skopeo", "sync", "--src", "dir", "--dest", "docker", "synced", f"{registry.name}/alice/again")
    client = registry.client(registry.alice)
    for tag, manifest in made.items():
        assert client.manifest("alice/again/synced", tag).body == manifest.data


def test_a_wrong_password(registry: Registry, nobody: Person) -> None:
    said = nobody.fails("skopeo", "login", "--username", "alice", "--password-stdin", registry.name, stdin="planted-wrong")
    assert "invalid username/password" in said
    said = nobody.fails("skopeo", "inspect", "--creds", "alice:wrong", f"docker://{registry.name}/alice/inspected:1.0")
    assert "invalid username/password" in said or "unauthorized" in said, said


def test_a_push_without_the_right_to_it(registry: Registry, bernd: Person, nobody: Person) -> None:
    target = f"docker://{registry.name}/alice/not-mine:1.0"
    said = bernd.fails("skopeo", "copy", source(bernd, simple("1.0"), "1.0"), target)
    assert "requested access to the resource is denied" in said, said
    said = nobody.fails("skopeo", "copy", source(nobody, simple("1.0"), "1.0"), target)
    assert "unauthorized: authentication required" in said, said


def test_what_is_private_and_what_is_not_there_look_the_same(registry: Registry, alice: Person, bernd: Person, nobody: Person) -> None:
    registry.push("alice/private", "1.0")
    for person, repository, expected in [
            (bernd, "alice/private", "name unknown"), (bernd, "alice/missing", "name unknown"), (alice, "alice/missing", "name unknown"),
            (alice, "alice/private:missing", "manifest unknown"), (nobody, "alice/private", "unauthorized: authentication required"),
            (nobody, "alice/missing", "unauthorized: authentication required")]:
        said = person.fails("skopeo", "inspect", f"docker://{registry.name}/{repository}")
        assert expected in said, said


def test_an_immutable_tag(registry: Registry, alice: Person) -> None:
    made = registry.push("alice/released", "fixed-1")
    said = alice.fails("skopeo", "copy", source(alice, simple("other"), "other"), f"docker://{registry.name}/alice/released:fixed-1")
    assert "tag fixed-1 is immutable" in said, said
    said = alice.fails("skopeo", "delete", f"docker://{registry.name}/alice/released:fixed-1")
    assert "tag fixed-1 is immutable" in said, said
    assert registry.client(registry.alice).manifest("alice/released", "fixed-1").body == made.data


def test_a_registry_that_is_read_only(registry: Registry, alice: Person) -> None:
    registry.push("alice/read-only", "1.0")
    with registry.with_settings("--read-only", "true"):
        alice.does("skopeo", "inspect", f"docker://{registry.name}/alice/read-only:1.0")
        said = alice.fails("skopeo", "copy", source(alice, simple("1.0"), "1.0"), f"docker://{registry.name}/alice/read-only:2.0")
        assert "the registry is read-only" in said, said
        said = alice.fails("skopeo", "delete", f"docker://{registry.name}/alice/read-only:1.0")
        assert "the registry is read-only" in said, said


def test_deletion_that_is_turned_off(registry: Registry, alice: Person) -> None:
    made = registry.push("alice/undeletable", "1.0")
    with registry.with_settings("--deletion-manifests", "false"):
        said = alice.fails("skopeo", "delete", f"docker://{registry.name}/alice/undeletable:1.0")
        assert "the deletion of manifests is switched off" in said, said
    assert registry.client(registry.alice).manifest("alice/undeletable", "1.0").body == made.data
