"""podman, with accounts and over TLS: what it does, and what it says when it may not. (And buildah, in test_buildah.py.)"""
from __future__ import annotations

import json

import pytest

from clients import Person, Registry, simple, write_layout
from contents import Contents
from v2client import DOCKER_LIST, DOCKER_MANIFEST, INDEX, MANIFEST


def load(person: Person, tag: str = "1.0", contents: Contents | None = None) -> str:
    """An image in the person's own store; its id."""
    layout = write_layout(person.folder / f"layout-{tag}", contents or simple(tag))
    return person.does(*person.podman("pull", "--quiet", f"oci:{layout}:{tag}")).strip()


def test_login_push_and_pull(registry: Registry, alice: Person, nobody: Person) -> None:
    contents = simple("1.0")
    image = load(alice, contents=contents)
    name = f"{registry.name}/alice/podman:1.0"
    alice.does(*alice.podman("push", image, name))
    assert "Login Succeeded!" in nobody.does(*nobody.podman("login", "--username", "alice", "--password-stdin", registry.name),
                                             stdin=registry.alice.password)
    assert nobody.does(*nobody.podman("login", "--get-login", registry.name)) == "alice\n"
    assert nobody.does(*nobody.podman("pull", "--quiet", name)).strip() == image, "the id is the digest of the config"
    nobody.does(*nobody.podman("logout", registry.name))
    assert "unauthorized: authentication required" in nobody.fails(*nobody.podman("pull", name))


@pytest.mark.parametrize("form", ["oci", "v2s2"])
def test_both_forms_of_manifest(registry: Registry, alice: Person, form: str) -> None:
    image = load(alice)
    name = f"{registry.name}/alice/form-{form}:1.0"
    alice.does(*alice.podman("push", "--format", form, image, name))
    answer = registry.client(registry.alice).manifest(f"alice/form-{form}", "1.0")
    assert answer.header("Content-Type") == answer.json["mediaType"] == (MANIFEST if form == "oci" else DOCKER_MANIFEST)
    alice.does(*alice.podman("pull", "--quiet", name))


def test_search(registry: Registry, alice: Person, nobody: Person) -> None:
    """With a word it asks by v1 and, as podman sends no credentials there, shows what is public; without one it reads v2's catalog."""
    registry.push("alice/search-private", "1.0")
    registry.push("alice/search-public", "1.0")
    registry.server.run("repo", "visibility", "alice/search-public", "public")
    for person in (alice, nobody):
        found = person.does(*person.podman("search", "--format", "{{.Name}}", f"{registry.name}/search"))
        assert found.splitlines() == [f"{registry.name}/alice/search-public"]
    catalog = alice.does(*alice.podman("search", "--format", "{{.Name}}", "--limit", "100", f"{registry.name}/")).splitlines()
    assert {f"{registry.name}/alice/search-private", f"{registry.name}/alice/search-public"} <= set(catalog)
    tags = alice.does(*alice.podman("search", "--list-tags", f"{registry.name}/alice/search-private"))
    assert tags.splitlines()[1].split() == [f"{registry.name}/alice/search-private", "1.0"]


def test_a_manifest_list(registry: Registry, alice: Person) -> None:
    made = [registry.push("alice/list", tag) for tag in ("one", "two")]
    name = f"{registry.name}/alice/list"
    alice.does(*alice.podman("manifest", "create", "multi"))
    for tag, architecture in (("one", "amd64"), ("two", "arm64")):
        options = ["--authfile", str(alice.auth_file), "--arch", architecture]
        alice.does(*alice.podman("manifest", "add", *options, "multi", f"docker://{name}:{tag}"))
    alice.does(*alice.podman("manifest", "push", "--all", "multi", f"docker://{name}:multi"))
    listed = json.loads(alice.does(*alice.podman("manifest", "inspect", f"{name}:multi")))
    assert sorted(entry["digest"] for entry in listed["manifests"]) == sorted(manifest.digest for manifest in made)
    assert sorted(entry["platform"]["architecture"] for entry in listed["manifests"]) == ["amd64", "arm64"]
    answer = registry.client(registry.alice).manifest("alice/list", "multi")
    assert answer.header("Content-Type") in (INDEX, DOCKER_LIST)
    alice.does(*alice.podman("pull", "--quiet", "--arch", "arm64", f"{name}:multi"))


def test_a_wrong_password(registry: Registry, nobody: Person) -> None:
    said = nobody.fails(*nobody.podman("login", "--username", "alice", "--password-stdin", registry.name), stdin="planted-wrong")
    assert said.rstrip().endswith("invalid username/password"), said


def test_a_push_without_the_right_to_it(registry: Registry, bernd: Person, nobody: Person) -> None:
    name = f"{registry.name}/alice/not-mine:1.0"
    assert "requested access to the resource is denied" in bernd.fails(*bernd.podman("push", load(bernd), name))
    assert "unauthorized: authentication required" in nobody.fails(*nobody.podman("push", load(nobody), name))


def test_what_is_private_and_what_is_not_there_look_the_same(registry: Registry, alice: Person, bernd: Person, nobody: Person) -> None:
    registry.push("alice/private", "1.0")
    for person, repository, expected in [
            (bernd, "alice/private:1.0", "name unknown"), (bernd, "alice/missing:1.0", "name unknown"),
            (alice, "alice/missing:1.0", "name unknown"), (alice, "alice/private:2.0", "manifest unknown"),
            (nobody, "alice/private:1.0", "unauthorized: authentication required"),
            (nobody, "alice/missing:1.0", "unauthorized: authentication required")]:
        said = person.fails(*person.podman("pull", f"{registry.name}/{repository}"))
        assert expected in said, said


def test_an_immutable_tag(registry: Registry, alice: Person) -> None:
    name = f"{registry.name}/alice/released:fixed-1"
    first = load(alice, "first")
    alice.does(*alice.podman("push", first, name))
    alice.does(*alice.podman("push", first, name))
    said = alice.fails(*alice.podman("push", load(alice, "second"), name))
    assert "tag fixed-1 is immutable" in said, said


def test_a_registry_that_is_read_only(registry: Registry, alice: Person) -> None:
    registry.push("alice/read-only", "1.0")
    image = load(alice)
    with registry.with_settings("--read-only", "true"):
        alice.does(*alice.podman("pull", "--quiet", f"{registry.name}/alice/read-only:1.0"))
        said = alice.fails(*alice.podman("push", image, f"{registry.name}/alice/read-only:2.0"))
        assert "the registry is read-only" in said, said
