"""buildah, with accounts and over TLS: an image from nothing, pushed and pulled, and what it says when it may not."""
from __future__ import annotations

from clients import Person, Registry


def build(person: Person, text: str) -> str:
    """An image with one file; its id."""
    file = person.folder / "file"
    file.write_text(text)
    container = person.does(*person.buildah("from", "scratch")).strip()
    person.does(*person.buildah("copy", container, str(file), "/etc/file"))
    person.does(*person.buildah("config", "--cmd", "/bin/true", "--label", f"text={text}", container))
    return person.does(*person.buildah("commit", "--quiet", "--rm", container)).strip()


def test_build_push_and_pull(registry: Registry, alice: Person, nobody: Person) -> None:
    name = f"{registry.name}/alice/built:1.0"
    image = build(alice, "one")
    alice.does(*alice.buildah("push", image, f"docker://{name}"))
    nobody.does(*nobody.buildah("login", "--username", "alice", "--password-stdin", registry.name), stdin=registry.alice.password)
    assert nobody.does(*nobody.buildah("pull", "--quiet", name)).strip() == image
    container = nobody.does(*nobody.buildah("from", "--pull-never", name)).strip()
    folder = nobody.does(*nobody.buildah("mount", container)).strip()
    assert nobody.run("cat", f"{folder}/etc/file").stdout == "one"


def test_an_image_upon_another_sends_only_what_is_new(registry: Registry, alice: Person) -> None:
    name = f"{registry.name}/alice/layers"
    base = build(alice, "base")
    alice.does(*alice.buildah("push", base, f"docker://{name}:base"))
    container = alice.does(*alice.buildah("from", base)).strip()
    alice.does(*alice.buildah("copy", container, str(alice.auth_file), "/etc/other"))
    upper = alice.does(*alice.buildah("commit", "--quiet", "--rm", container)).strip()
    alice.does(*alice.buildah("push", upper, f"docker://{name}:upper"))
    client = registry.client(registry.alice)
    lower, higher = (client.manifest("alice/layers", tag).json["layers"] for tag in ("base", "upper"))
    assert len(higher) == 2 and higher[0] == lower[0]
    calls = registry.server.log.splitlines()
    finished = [line for line in calls if "method=PUT path=/v2/alice/layers/blobs/uploads/" in line and "status=201" in line]
    assert len(finished) == 4, "a layer and a config each"


def test_what_it_says_when_it_may_not(registry: Registry, alice: Person, bernd: Person, nobody: Person) -> None:
    private = f"{registry.name}/alice/private:1.0"
    registry.push("alice/private", "1.0")
    registry.push("alice/released", "fixed-1")
    said = nobody.fails(*nobody.buildah("login", "--username", "alice", "--password-stdin", registry.name), stdin="planted-wrong")
    assert "invalid username/password" in said, said
    said = bernd.fails(*bernd.buildah("push", build(bernd, "x"), f"docker://{registry.name}/alice/not-mine:1.0"))
    assert "requested access to the resource is denied" in said, said
    assert "name unknown" in bernd.fails(*bernd.buildah("pull", private))
    assert "name unknown" in alice.fails(*alice.buildah("pull", f"{registry.name}/alice/missing:1.0"))
    assert "unauthorized: authentication required" in nobody.fails(*nobody.buildah("pull", private))
    image = build(alice, "y")
    said = alice.fails(*alice.buildah("push", image, f"docker://{registry.name}/alice/released:fixed-1"))
    assert "tag fixed-1 is immutable" in said, said
    with registry.with_settings("--read-only", "true"):
        said = alice.fails(*alice.buildah("push", image, f"docker://{registry.name}/alice/built:2.0"))
        assert "the registry is read-only" in said, said
