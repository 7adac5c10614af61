"""A face is the same for everybody and every time; who gets which; and what an index or an artifact is to clients that know none."""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Iterator

import pytest

import wire
from conftest import Make
from contents import Contents
from libtrust import payload_and_keys
from pullers import AS_OLD_ENGINE, PULLERS, Pulled
from pushers import PUSHERS, SCHEMA_1, Pushed, composed_docker, composed_index, index_of, push
from samples import SAMPLES
from server import Server
from v1client import EngineClient
from v2client import DOCKER_LIST, DOCKER_MANIFEST, INDEX, MANIFEST, V2Client, digest, errors, expect

ACCEPTS: dict[str, wire.Headers] = {
    "old_engine": AS_OLD_ENGINE, "docker": [("Accept", DOCKER_MANIFEST)], "oci": [("Accept", MANIFEST)],
    "index": [("Accept", INDEX)], "schema1": [("Accept", SCHEMA_1)]}
#: What the headers of one answer have to say of the same thing each time.
LASTING = ("Content-Type", "Content-Length", "Docker-Content-Digest", "ETag", "X-Docker-Size", "X-Docker-Checksum-Payload")


def lasting(response: wire.Response) -> dict[str, str | None]:
    return {name: response.header(name) for name in LASTING}


@pytest.fixture(scope="module")
def pushed(shared_server: Server) -> Iterator[dict[str, Pushed]]:
    """One image in each form."""
    yield {kind: push(shared_server, compose(SAMPLES["three_layers"]), f"identity/{kind}") for kind, compose in PUSHERS.items()}


def test_two_servers_make_the_same(make: Make) -> None:
    """Whatever they were pushed before, and in whatever order they are asked."""
    names = ["packed_by_all", "unicode", "empty_layers"]
    found: list[dict[tuple[str, str, str], Pulled]] = []
    for order in (1, -1):
        server = make().start()
        images = [(compose(SAMPLES[name]), f"same/{kind}-{name}") for name in names for kind, compose in PUSHERS.items()][::order]
        pushes = [push(server, image, repository) for image, repository in images]
        pullers = list(PULLERS.items())[::order]
        found.append({(each.kind, each.sample.name, face): pull(server, each) for each in pushes for face, pull in pullers})
    assert len(found[0]) == 60 and found[0] == found[1]


@pytest.mark.parametrize("kind", PUSHERS)
def test_a_second_pull_is_the_first_again(make: Make, kind: str) -> None:
    server = make().start()
    image = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), "again/and/again")
    before = {face: pull(server, image) for face, pull in PULLERS.items()}
    answers = {name: V2Client(server).manifest("again/and/again", "1.0", headers=headers) for name, headers in ACCEPTS.items()}
    server.stop()
    server.restart()
    assert {face: pull(server, image) for face, pull in PULLERS.items()} == before
    for name, headers in ACCEPTS.items():
        again = V2Client(server).manifest("again/and/again", "1.0", headers=headers)
        assert (again.status, again.body, lasting(again)) == (answers[name].status, answers[name].body, lasting(answers[name]))


@pytest.mark.parametrize("kind", PUSHERS)
def test_head_says_what_get_says(shared_server: Server, pushed: dict[str, Pushed], kind: str) -> None:
    """Also when it is HEAD that asks first."""
    image, client = push(shared_server, PUSHERS[kind](SAMPLES["one_layer"]), f"identity/head-{kind}"), V2Client(shared_server)
    for headers in ACCEPTS.values():
        head, get = (client.manifest(image.repository, "1.0", method, headers) for method in ("HEAD", "GET"))
        assert (head.status, lasting(head), head.body) == (get.status, lasting(get), b"")
        if get.status == 200:
            payload = digest(get.body) if get.header("Content-Type") != SCHEMA_1 else get.header("Docker-Content-Digest")
            assert get.header("ETag") == f'"{payload}"' and get.header("Content-Length") == str(len(get.body))
    engine = EngineClient(shared_server.address)
    engine.list_images(image.repository)
    top = engine.list_tags(image.repository)["1.0"]
    for part in ("json", "ancestry", "layer"):
        head, get = (engine.call(method, f"/v1/images/{top}/{part}") for method in ("HEAD", "GET"))
        assert (head.status, get.status, lasting(head), head.body) == (200, 200, lasting(get), b"")


@pytest.mark.parametrize("kind", PUSHERS)
def test_what_one_client_has_is_nothing_that_another_wants(shared_server: Server, pushed: dict[str, Pushed], kind: str) -> None:
    """A cache that asks whether its copy is still good asks for a face; the tag of another one is no answer to it."""
    client, faces = V2Client(shared_server), ("docker", "oci", "schema1", "old_engine")
    tags = {face: client.manifest(pushed[kind].repository, "1.0", headers=ACCEPTS[face]).header("ETag") or "" for face in faces}
    assert len(set(tags.values())) == 3 and tags["schema1"] == tags["old_engine"]
    for face in faces:
        for other, tag in tags.items():
            answer = client.manifest(pushed[kind].repository, "1.0", headers=[*ACCEPTS[face], ("If-None-Match", tag)])
            assert (answer.status, answer.header("ETag")) == (304 if tags[face] == tag else 200, tags[face]), (face, other)


@pytest.mark.parametrize("kind", ["schema1", "docker", "oci", "index"])
def test_what_was_pushed_comes_back_byte_for_byte(shared_server: Server, pushed: dict[str, Pushed], kind: str) -> None:
    image, client = pushed[kind], V2Client(shared_server)
    data = image.index or image.manifest
    for _ in range(2):
        assert expect(client.manifest(image.repository, "1.0", headers=[]), 200).body == data
        assert expect(client.manifest(image.repository, image_digest(image), headers=ACCEPTS["docker"]), 200).body == data, "by its digest"
        for face, pull in PULLERS.items():
            pull(shared_server, image)
    expect(client.put_manifest(image.repository, "other", data, INDEX if image.index else image.media_type), 201)
    for tag in ("1.0", "other"):
        answer = expect(client.manifest(image.repository, tag, headers=[]), 200)
        assert (answer.body, answer.header("Docker-Content-Digest")) == (data, image_digest(image)), "whatever the tag"


def image_digest(image: Pushed) -> str:
    """Of schema 1 it is that of what is signed."""
    if image.kind == "schema1":
        return digest(payload_and_keys(image.manifest)[0])
    return digest(image.index or image.manifest)


#: Accept and User-Agent → what somebody gets of an image that was pushed as v1, schema 1, schema 2, OCI and an OCI index.
TABLE: list[tuple[list[str], str, list[str]]] = [
    ([], "", [DOCKER_MANIFEST, SCHEMA_1, DOCKER_MANIFEST, MANIFEST, INDEX]),
    (["*/*"], "curl/8", [DOCKER_MANIFEST, SCHEMA_1, DOCKER_MANIFEST, MANIFEST, INDEX]),
    *(([], f"docker/{version} go/go1.4 kernel/3 os/linux arch/amd64", [SCHEMA_1] * 5) for version in ("1.6.2", "1.7.1", "1.8.3", "1.9.1")),
    ([], "docker/1.10.3 go/go1.5", [DOCKER_MANIFEST, SCHEMA_1, DOCKER_MANIFEST, MANIFEST, INDEX]),
    ([], "docker/1.60.0 go/go1.5", [DOCKER_MANIFEST, SCHEMA_1, DOCKER_MANIFEST, MANIFEST, INDEX]),
    ([DOCKER_MANIFEST], "docker/1.9.1 go/go1.4", [DOCKER_MANIFEST] * 5),
    ([SCHEMA_1], "", [SCHEMA_1] * 5),
    ([DOCKER_MANIFEST], "", [DOCKER_MANIFEST] * 5),
    ([MANIFEST], "", [MANIFEST] * 5),
    ([DOCKER_MANIFEST, SCHEMA_1], "", [DOCKER_MANIFEST] * 5),
    ([MANIFEST, SCHEMA_1], "", [MANIFEST] * 5),
    ([MANIFEST, DOCKER_MANIFEST], "", [DOCKER_MANIFEST, DOCKER_MANIFEST, DOCKER_MANIFEST, MANIFEST, MANIFEST]),
    ([MANIFEST, DOCKER_MANIFEST, INDEX, DOCKER_LIST], "", [DOCKER_MANIFEST, DOCKER_MANIFEST, DOCKER_MANIFEST, MANIFEST, INDEX]),
    ([DOCKER_LIST, SCHEMA_1, "application/json", DOCKER_MANIFEST], "docker/1.10.3", [DOCKER_MANIFEST] * 5),
    ([DOCKER_LIST, DOCKER_MANIFEST], "", [DOCKER_MANIFEST] * 5),
]


@pytest.mark.parametrize("accept, agent, expected", TABLE, ids=[str(number) for number in range(len(TABLE))])
@pytest.mark.parametrize("form", ["one_field", "many_fields"])
def test_who_gets_what(shared_server: Server, pushed: dict[str, Pushed], accept: list[str], agent: str, expected: list[str],
                       form: str) -> None:
    fields = [("Accept", ", ".join(accept))] if accept and form == "one_field" else [("Accept", each) for each in accept]
    headers = fields + ([("User-Agent", agent)] if agent else [])
    answers = [V2Client(shared_server).manifest(image.repository, "1.0", headers=headers) for image in pushed.values()]
    assert [answer.header("Content-Type") for answer in answers] == expected
    for answer, kind in zip(answers, expected):
        assert kind == SCHEMA_1 or answer.json["mediaType"] == kind


@pytest.mark.parametrize("accept", ["application/vnd.example", INDEX, DOCKER_LIST])
@pytest.mark.parametrize("kind", ["v1", "schema1", "docker", "oci"])
def test_who_wants_nothing_that_there_is_is_told_what_there_is(shared_server: Server, pushed: dict[str, Pushed], kind: str,
                                                               accept: str) -> None:
    answer = expect(V2Client(shared_server).manifest(pushed[kind].repository, "1.0", headers=[("Accept", accept)]), 404)
    (code, message), = errors(answer)
    assert code == "MANIFEST_UNKNOWN"
    assert {"v1": "v1", "schema1": "manifest.v1", "docker": DOCKER_MANIFEST, "oci": MANIFEST}[kind] in message, message


def without_amd64(image: Pushed) -> Pushed:
    """The same index, but for the image that most want."""
    document = json.loads(image.index)
    kept = [entry for entry in document["manifests"] if entry["platform"]["architecture"] != "amd64"]
    return replace(image, index=json.dumps(document | {"manifests": kept}).encode())


def test_an_index_without_the_platform_is_its_first_image(shared_server: Server) -> None:
    image = push(shared_server, without_amd64(composed_index(SAMPLES["three_layers"])), "identity/without-amd64")
    for face, pull in PULLERS.items():
        found = pull(shared_server, image)
        assert (found.archives, found.top["architecture"]) == ([bytes(1024)], "arm64"), face


def test_the_platform_is_a_setting(make: Make) -> None:
    """It counts for what is pushed from then on."""
    server = make("--faces-platform", "linux/arm64").start()
    image = push(server, composed_index(SAMPLES["three_layers"]), "platform/arm64")
    for face, pull in PULLERS.items():
        assert pull(server, image).top["architecture"] == "arm64", face
    server.stop()
    server.flags = ()
    server.restart()
    later = push(server, composed_index(SAMPLES["three_layers"]), "platform/amd64")
    for face, pull in PULLERS.items():
        assert (pull(server, image).top["architecture"], pull(server, later).top["architecture"]) == ("arm64", "amd64"), face


def test_a_list_of_docker(shared_server: Server) -> None:
    image = composed_docker(SAMPLES["three_layers"])
    other = composed_docker(replace(SAMPLES["one_layer"], members=SAMPLES["one_layer"].members | {"architecture": '"arm64"'}))
    listed = index_of([(other.manifest, "arm64", {}), (image.manifest, "amd64", {})], DOCKER_LIST)
    client = V2Client(shared_server)
    push(shared_server, other, "identity/list", "arm64")
    push(shared_server, image, "identity/list", "amd64")
    expect(client.put_manifest("identity/list", "1.0", listed, DOCKER_LIST), 201)
    tagged = replace(image, kind="index", repository="identity/list")
    for face, pull in PULLERS.items():
        assert pull(shared_server, tagged).archives == SAMPLES["three_layers"].layers, face
    assert client.manifest("identity/list", "1.0", headers=[("Accept", DOCKER_LIST)]).body == listed
    assert client.manifest("identity/list", "1.0", headers=[("Accept", INDEX), ("Accept", MANIFEST)]).header("Content-Type") == MANIFEST


def test_what_is_no_image_is_itself_alone(shared_server: Server) -> None:
    """An artifact, an attestation, and an index in which there is nothing else."""
    client, repository = V2Client(shared_server), "identity/artifacts"
    contents = Contents()
    artifact = contents.artifact()
    for data in contents.blobs.values():
        client.push_blob(repository, data)
    image = push(shared_server, composed_index(SAMPLES["three_layers"]), repository, "image")
    attestation = image.children[1]
    index = index_of([(attestation, "unknown", {})])
    for tag, data, kind in [("artifact", artifact.data, MANIFEST), ("attestation", attestation, MANIFEST), ("index", index, INDEX)]:
        expect(client.put_manifest(repository, tag, data, kind), 201)
        assert expect(client.manifest(repository, tag), 200).body == data
        for headers in (ACCEPTS["docker"], ACCEPTS["schema1"], ACCEPTS["old_engine"]):
            (code, message), = errors(expect(client.manifest(repository, tag, headers=headers), 404))
            assert code == "MANIFEST_UNKNOWN" and message
    assert client.tag_names(repository) == ["artifact", "attestation", "image", "index"]
    engine = EngineClient(shared_server.address)
    assert engine.list_images(repository) == [digest(image.config).removeprefix("sha256:")]
    assert list(engine.list_tags(repository)) == ["image"]
    for tag in ("artifact", "attestation", "index"):
        assert engine.call("GET", f"/v1/repositories/{repository}/tags/{tag}").status == 404
