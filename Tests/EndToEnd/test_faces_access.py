"""What is made for one repository is seen in that repository alone, and by nobody who may not pull there."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import pytest

from accounts import ACCOUNTS, Login
from conftest import Make
from conversions import EMPTY_LAYER
from pullers import AS_OLD_ENGINE, MEDIA_TYPES, PULLERS, Pulled
from pushers import KEY, PUSHERS, SCHEMA_1, Pushed, push
from samples import SAMPLES
from server import Server
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, V2Client, code, digest, errors, expect

KINDS = list(PUSHERS)
CLEARTEXT = ("--cleartext-credentials", "true")


@dataclass
class Everything:
    """All that a repository holds of an image, once every face of it was pulled."""

    image: Pushed
    faces: dict[str, Pulled]

    @property
    def blobs(self) -> set[str]:
        return {digest(data) for face in self.faces.values() for data in [*face.layers, *([face.config] if face.config else [])]}

    @property
    def manifests(self) -> set[str]:
        return {face.digest for face in self.faces.values() if face.digest}

    @property
    def ids(self) -> set[str]:
        return {name for face in self.faces.values() for name in face.ids}


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    server = make_shared(*ACCOUNTS, *CLEARTEXT).start()
    for name in ("alice", "bernd"):
        logins[name] = server.add_user(name)
        push(server, PUSHERS["docker"](SAMPLES["one_layer"]), f"{name}/other", login=logins[name])
    for kind in KINDS:
        image = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), f"alice/{kind}", login=logins["alice"])
        everything[kind] = Everything(image, {face: pull(server, image, logins["alice"]) for face, pull in PULLERS.items()})
    yield server


logins: dict[str, Login] = {}
everything: dict[str, Everything] = {}


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_sees_what_is_private(registry: Server, kind: str) -> None:
    what = everything[kind]
    bernd, nobody = V2Client(registry, logins["bernd"]), V2Client(registry)
    assert len(what.manifests) >= 3 and len(what.blobs) >= 9
    for reference in ["1.0", *what.manifests]:
        for media_type in MEDIA_TYPES.values():
            headers = [("Accept", media_type)]
            assert code(expect(bernd.manifest(f"alice/{kind}", reference, headers=headers), 404)) == "NAME_UNKNOWN"
            expect(nobody.manifest(f"alice/{kind}", reference, headers=headers), 401)
        expect(bernd.manifest(f"alice/{kind}", reference, headers=AS_OLD_ENGINE), 404)
    for name in what.blobs:
        assert code(expect(bernd.blob(f"alice/{kind}", name), 404)) == "NAME_UNKNOWN"
        expect(nobody.blob(f"alice/{kind}", name), 401)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("user", ["alice", "bernd"])
def test_nothing_is_seen_from_another_repository(registry: Server, user: str, kind: str) -> None:
    """Not by its owner either; the empty layer, which everybody knows, may be anywhere."""
    what, client, other = everything[kind], V2Client(registry, logins[user]), f"{user}/other"
    for name in what.blobs - {digest(EMPTY_LAYER)}:
        assert code(expect(client.blob(other, name), 404)) == "BLOB_UNKNOWN"
    for name in what.manifests:
        assert code(expect(client.manifest(other, name), 404)) == "MANIFEST_UNKNOWN"
    engine = EngineClient.of(registry, logins[user])
    engine.list_images(other)
    for image in what.ids:
        for part in ("json", "ancestry", "layer"):
            assert engine.call("GET", f"/v1/images/{image}/{part}").status == 404, (image, part)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_can_take_what_is_private(registry: Server, kind: str) -> None:
    """Neither by a mount, nor by a manifest that names it."""
    what, bernd = everything[kind], V2Client(registry, logins["bernd"])
    for name in what.blobs - {digest(EMPTY_LAYER)}:
        expect(bernd.mount("bernd/other", name, f"alice/{kind}"), 202)
    for face in ("docker", "oci"):
        answer = bernd.put_manifest("bernd/other", "stolen", what.faces[face].manifest, MEDIA_TYPES[face])
        assert {code for code, _ in errors(expect(answer, 404))} == {"MANIFEST_BLOB_UNKNOWN"}
    answer = bernd.put_manifest("bernd/other", "stolen", KEY.sign(what.faces["schema1"].manifest), SCHEMA_1)
    assert {code for code, _ in errors(expect(answer, 404))} == {"MANIFEST_BLOB_UNKNOWN"}
    assert bernd.tag_names("bernd/other") == ["1.0"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_owner_can_mount_what_was_made(registry: Server, kind: str) -> None:
    what, alice = everything[kind], V2Client(registry, logins["alice"])
    pulled = what.faces["docker"]
    for data in [*pulled.layers, pulled.config]:
        expect(alice.mount(f"alice/mounted-{kind}", digest(data), f"alice/{kind}"), 201)
    expect(alice.put_manifest(f"alice/mounted-{kind}", "1.0", pulled.manifest, DOCKER_MANIFEST), 201)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_pull_may_be_the_first_to_ask(registry: Server, kind: str) -> None:
    """Faces are made for strangers too, where these may read; what they get is what its owner gets."""
    repository = f"alice/public-{kind}"
    image = push(registry, PUSHERS[kind](SAMPLES["packed_by_all"]), repository, login=logins["alice"])
    registry.run("repo", "visibility", repository, "public")
    for face in ("schema1", "docker", "oci"):
        found, owned = PULLERS[face](registry, image, None), everything[kind].faces[face]
        assert (found.documents, found.config, found.layers) == (owned.documents, owned.config, owned.layers)
    assert PULLERS["v1"](registry, image, logins["bernd"]) == everything[kind].faces["v1"]


def test_what_was_read_with_a_token_is_not_for_caches(registry: Server) -> None:
    what = everything["docker"]
    engine = EngineClient.of(registry, logins["alice"])
    engine.list_images("alice/docker")
    for part in ("json", "ancestry", "layer"):
        answer = engine.call("GET", f"/v1/images/{what.faces['v1'].ids[-1]}/{part}")
        assert answer.status == 200 and "public" not in (answer.header("Cache-Control") or "private")
