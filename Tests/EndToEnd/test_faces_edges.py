"""Images that are odd, and what becomes of them: manifests that contradict themselves, broken chains, large configs, old habits."""
from __future__ import annotations

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from conftest import Make
from conversions import Entry, payload_of
from images import make_id
from libtrust import Key, assembled, payload_and_keys
from pullers import AS_OLD_ENGINE, MEDIA_TYPES, PULLERS, pull_docker, pull_oci, pull_schema1, pull_v1
from pushers import KEY, SCHEMA_1, Pushed, composed_docker, composed_oci, composed_schema1, composed_v1, push
from samples import SAMPLES, Sample, unpack
from server import Server
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, MANIFEST, V2Client, digest, errors, expect


def refused(server: Server, image: Pushed, face: str) -> str:
    """The reason, which is the same in words whatever the dialect."""
    if face == "v1":
        engine = EngineClient(server.address)
        engine.list_images(image.repository)
        top = engine.call("GET", f"/v1/repositories/{image.repository}/tags/{image.tag}")
        if top.status != 200:
            return top.error
        answer = engine.call("GET", f"/v1/images/{top.json}/ancestry")
        assert (answer.status, answer.header("Content-Type")) == (400, "application/json"), answer.body
        return answer.error
    headers = AS_OLD_ENGINE if face == "schema1" else [("Accept", MEDIA_TYPES[face])]
    answer = expect(V2Client(server).manifest(image.repository, image.tag, headers=headers), 404)
    (code, message), = errors(answer)
    assert code == "MANIFEST_UNKNOWN"
    return message


def changed(image: Pushed, **config: object) -> Pushed:
    """The same image with another config, which its manifest names."""
    data = json.dumps(json.loads(image.config) | config).encode()
    manifest = json.loads(image.manifest)
    manifest["config"] |= {"size": len(data), "digest": digest(data)}
    return replace(image, config=data, manifest=json.dumps(manifest).encode())


@pytest.mark.parametrize("compose", [composed_docker, composed_oci])
def test_fewer_layers_in_the_config_than_in_the_manifest(shared_server: Server, compose) -> None:  # type: ignore[no-untyped-def]
    image = compose(SAMPLES["three_layers"])
    rootfs = json.loads(image.config)["rootfs"]
    image = push(shared_server, changed(image, rootfs=rootfs | {"diff_ids": rootfs["diff_ids"][:2]}), f"edges/fewer-{image.kind}")
    for face in ("v1", "schema1"):
        reason = refused(shared_server, image, face)
        assert "2" in reason and "3" in reason, reason
    native = V2Client(shared_server).manifest(image.repository, "1.0", headers=[])
    assert (native.status, native.body) == (200, image.manifest)


@pytest.mark.parametrize("config", [b" ", b"no JSON", b"[]", b'{"rootfs": 1}', b'{"rootfs": {"type": "layers", "diff_ids": ["sha256:1"]}}'])
def test_a_config_that_is_none(shared_server: Server, config: bytes) -> None:
    image = composed_docker(SAMPLES["one_layer"])
    document = json.loads(image.manifest)
    document["config"] |= {"size": len(config), "digest": digest(config)}
    image = replace(image, config=config, manifest=json.dumps(document).encode())
    image = push(shared_server, image, f"edges/config-{digest(config)[7:15]}")
    for face in ("v1", "schema1"):
        assert refused(shared_server, image, face)
    assert V2Client(shared_server).manifest(image.repository, "1.0", headers=[]).body == image.manifest


def test_a_config_that_is_too_large(make: Make) -> None:
    server = make("--limits-image-config-size", "64KiB").start()
    image = changed(composed_docker(SAMPLES["one_layer"]), **{"x-large": "x" * 70_000})
    image = push(server, image, "edges/large")
    for face in ("v1", "schema1"):
        assert "65536" in refused(server, image, face).replace(",", "")
    assert pull_oci(server, image).config == pull_docker(server, image).config == image.config, "it does not need to be read"


def test_history_that_does_not_fit_the_layers(shared_server: Server) -> None:
    """As some tools leave it: an entry is made up for each layer."""
    image = composed_docker(SAMPLES["three_layers"])
    for number, history in enumerate(([], None, [{"created_by": "only one"}], [{"empty_layer": True}] * 3, [{"created_by": "x"}] * 9)):
        pushed = push(shared_server, changed(image, history=history), f"edges/history-{number}")
        found = pull_schema1(shared_server, pushed)
        assert found.archives == SAMPLES["three_layers"].layers, history
        created = json.loads(SAMPLES["three_layers"].members["created"])
        assert [json.loads(document).get("created") for document in found.documents] == [created] * 3
        assert pull_v1(shared_server, pushed).archives == SAMPLES["three_layers"].layers


def signed(sample: Sample, entries: list[Entry]) -> Pushed:
    image = composed_schema1(sample)
    return replace(image, documents=[entry.document for entry in entries], manifest=KEY.sign(payload_of("a/b", "c", "amd64", entries)))


def entries_of(sample: Sample) -> list[Entry]:
    image = composed_schema1(sample)
    return [Entry(digest(layer), document) for layer, document in zip(image.layers, image.documents)]


def test_every_way_to_push_schema_1(shared_server: Server) -> None:
    """With no type, as engines 1.6 to 1.9 do it, with either of its types, by digest, without indentation, and signed twice."""
    client, sample = V2Client(shared_server), SAMPLES["three_layers"]
    image = push(shared_server, composed_schema1(sample), "edges/ways", "first")
    payload, keys = payload_and_keys(image.manifest)
    compact = json.dumps(json.loads(payload), separators=(",", ":")).encode()
    signers = sorted((KEY, Key(4)), key=lambda key: key.jwk["kid"])
    twice = assembled(payload, [json.loads(key.sign(payload))["signatures"][0] for key in signers])
    ways = [("a", image.manifest, None), ("b", image.manifest, SCHEMA_1), ("c", image.manifest, SCHEMA_1.replace("prettyjws", "json")),
            (digest(payload), image.manifest, SCHEMA_1), ("d", KEY.sign(compact), SCHEMA_1), ("e", twice, SCHEMA_1)]
    for reference, data, media_type in ways:
        answer = expect(client.put_manifest("edges/ways", reference, data, media_type), 201)
        expected = digest(compact if reference == "d" else payload)
        assert answer.header("Docker-Content-Digest") == expected
        native = expect(client.manifest("edges/ways", reference, headers=[("Accept", SCHEMA_1)]), 200)
        assert payload_and_keys(native.body)[0] == (compact if reference == "d" else payload)
        assert native.body in (data, image.manifest) and native.header("Docker-Content-Digest") == expected
        for pull in (pull_v1, pull_docker, pull_oci) if not reference.startswith("sha256") else ():
            assert pull(shared_server, replace(image, tag=reference)).archives == sample.layers
    answer = client.put_manifest("edges/ways", digest(compact), image.manifest, SCHEMA_1)
    assert errors(expect(answer, 400))[0][0] == "DIGEST_INVALID"


def test_schema_1_that_is_refused(shared_server: Server) -> None:
    client, repository = V2Client(shared_server), "edges/refused-schema-1"
    image = push(shared_server, composed_schema1(SAMPLES["one_layer"]), repository, "good")
    payload = payload_and_keys(image.manifest)[0]
    signatures = json.loads(image.manifest)["signatures"]
    other = json.loads(Key(9).sign(payload.replace(b"old", b"new")))["signatures"]
    kid = json.loads(json.dumps(signatures[0]))
    kid["header"]["jwk"]["kid"] = Key(9).jwk["kid"]
    lone = json.loads(payload)
    unverified = [payload, image.manifest.replace(b'"old"', b'"new"'), assembled(payload, []), assembled(payload, other),
                  assembled(payload, [*signatures, *other]), assembled(payload, [kid]),
                  assembled(payload, [signatures[0] | {"signature": KEY.sign(b"{}").decode().split('"signature":"')[-1].split('"')[0]}])]
    invalid = [lone | {"history": []}, lone | {"fsLayers": lone["fsLayers"] * 2}, lone | {"fsLayers": [], "history": []},
               lone | {"history": [{"v1Compatibility": "no JSON"}]}, lone | {"history": [{"v1Compatibility": "[]"}]},
               lone | {"fsLayers": [{"blobSum": "sha256:1"}]}]
    missing = [lone | {"fsLayers": [{"blobSum": digest(b"nowhere")}]}]
    refusals = [(data, 400, "MANIFEST_UNVERIFIED") for data in unverified]
    refusals += [(KEY.sign(json.dumps(document, indent=3).encode()), 400, "MANIFEST_INVALID") for document in invalid]
    refusals += [(KEY.sign(json.dumps(document, indent=3).encode()), 404, "MANIFEST_BLOB_UNKNOWN") for document in missing]
    for number, (data, status, code) in enumerate(refusals):
        answer = client.put_manifest(repository, "bad", data, SCHEMA_1)
        assert (answer.status, errors(answer)[0][0]) == (status, code), (number, data, answer.body)
    assert client.tag_names(repository) == ["good"]


def test_one_config_and_two_ways_to_pack_its_layer(shared_server: Server) -> None:
    """The v1 ids are the same and the bytes are not: each repository has its own, and nobody guesses which is meant."""
    sample = SAMPLES["one_layer"]
    image = composed_docker(sample)
    layer = gzip.compress(sample.layers[0], 1, mtime=1)
    document = json.loads(image.manifest)
    document["layers"][0] |= {"size": len(layer), "digest": digest(layer)}
    one = push(shared_server, image, "edges/packed-one")
    other = push(shared_server, replace(image, layers=[layer], manifest=json.dumps(document).encode()), "edges/packed-other")
    found = [pull_v1(shared_server, each) for each in (one, other)]
    assert found[0].documents == found[1].documents and [each.layers for each in found] == [image.layers, [layer]]
    answer = EngineClient(shared_server.address).call("GET", f"/v1/images/{found[0].ids[0]}/layer")
    assert answer.status == 409 and answer.error


def test_the_topmost_entry_of_engines_1_6_and_1_7_stands_there_twice(shared_server: Server) -> None:
    sample = SAMPLES["three_layers"]
    entries = entries_of(sample)
    image = push(shared_server, signed(sample, [*entries, entries[-1]]), "edges/twice")
    for face, pull in PULLERS.items():
        if face != "schema1":
            assert pull(shared_server, image).archives == sample.layers, face
    assert pull_v1(shared_server, image).documents == [entry.document for entry in entries]
    native = V2Client(shared_server).manifest("edges/twice", "1.0", headers=AS_OLD_ENGINE)
    assert len(native.json["history"]) == 4 and payload_and_keys(native.body)[0] == payload_and_keys(image.manifest)[0]


def test_schema_1_that_is_no_chain(shared_server: Server) -> None:
    """Nothing says that the documents have to link; an engine of 1.8.3 or newer, and v1, need it."""
    sample = SAMPLES["three_layers"]
    first, second, third = entries_of(sample)
    broken = second._replace(document=json.dumps(json.loads(second.document) | {"parent": make_id()}).encode())
    image = push(shared_server, signed(sample, [first, broken, third]), "edges/no-chain")
    assert refused(shared_server, image, "v1")
    assert V2Client(shared_server).manifest("edges/no-chain", "1.0", headers=AS_OLD_ENGINE).body == image.manifest


def test_the_config_type_of_engine_1_10(shared_server: Server) -> None:
    """It calls a config `application/octet-stream`."""
    image = composed_docker(SAMPLES["empty_layers"])
    document = json.loads(image.manifest)
    document["config"]["mediaType"] = "application/octet-stream"
    image = push(shared_server, replace(image, manifest=json.dumps(document).encode()), "edges/octets")
    for pull in (pull_v1, pull_schema1, pull_oci):
        found = pull(shared_server, image)
        assert [archive for archive in found.archives if archive != bytes(1024)] == SAMPLES["empty_layers"].layers
    native = V2Client(shared_server).manifest("edges/octets", "1.0", headers=[("Accept", DOCKER_MANIFEST)])
    assert native.body == image.manifest


def test_what_a_client_pushes_itself_is_no_longer_derived(shared_server: Server) -> None:
    """It outlives what it was made from."""
    client, sample = V2Client(shared_server), SAMPLES["packed_by_xz"]
    origin = push(shared_server, composed_schema1(sample), "edges/own")
    for face in ("docker", "oci"):
        pulled = PULLERS[face](shared_server, origin)
        expect(client.put_manifest("edges/own", face, pulled.manifest, MEDIA_TYPES[face]), 201)
    expect(client.delete("edges/own", f"manifests/{digest(payload_and_keys(origin.manifest)[0])}"), 202)
    assert client.tag_names("edges/own") == ["docker", "oci"]
    for tag, media_type in (("docker", DOCKER_MANIFEST), ("oci", MANIFEST)):
        answer = expect(client.manifest("edges/own", tag, headers=[]), 200)
        assert answer.header("Content-Type") == media_type
        for face, pull in PULLERS.items():
            found = pull(shared_server, Pushed(sample, tag, repository="edges/own", tag=tag))
            assert [archive for archive in found.archives if archive != bytes(1024)] == sample.layers, (tag, face)


def test_pulls_while_a_tag_moves(shared_server: Server) -> None:
    """Back and forth between what was pushed by v1 and by v2: each answer is the face of one of the two."""
    images = [composed_v1(SAMPLES["packed_by_xz"]), composed_docker(SAMPLES["three_layers"])]
    expected = [SAMPLES["packed_by_xz"].layers, SAMPLES["three_layers"].layers]
    pushed = [push(shared_server, image, "edges/moving") for image in images]
    stop, done = time.monotonic() + 4, threading.Event()

    def move() -> int:
        engine, client, count = EngineClient(shared_server.address), V2Client(shared_server), 0
        engine.list_images("edges/moving")
        while not done.is_set():
            engine.put_tag("edges/moving", "1.0", pushed[0].chain[-1].id)
            expect(client.put_manifest("edges/moving", "1.0", images[1].manifest, DOCKER_MANIFEST), 201)
            count += 1
        return count

    def read(face: str) -> set[int]:
        seen = set()
        while time.monotonic() < stop:
            found = PULLERS[face](shared_server, pushed[0])
            seen.add(expected.index([archive for archive in found.archives if archive != bytes(1024)]))
        return seen

    def read_v1() -> set[int]:
        """In steps, between which the tag may move: each id that is named can be read."""
        engine, seen = EngineClient(shared_server.address), set()
        engine.list_images("edges/moving")
        while time.monotonic() < stop:
            chain = [engine.get_image(image).layer for image in engine.get_ancestry(engine.list_tags("edges/moving")["1.0"])[::-1]]
            seen.add(expected.index([unpack(layer) for layer in chain if unpack(layer) != bytes(1024)]))
        return seen

    with ThreadPoolExecutor(5) as pool:
        moving = pool.submit(move)
        try:
            reading = [pool.submit(read_v1), *(pool.submit(read, face) for face in ("docker", "oci"))]
            seen = [future.result() for future in reading]
        finally:
            done.set()
        assert moving.result() > 3 and set().union(*seen) == {0, 1}
    assert " status=5" not in shared_server.log
