"""Faces in the making: asked for by many at once, cut off by kill -9, swept with what they were made from; and where nobody may write."""
from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

import wire
from conftest import Make
from conversions import Entry, payload_of
from filesystems import Drawing, file, unpacked
from pullers import AS_OLD_ENGINE, PULLERS, Pulled
from pushers import KEY, PUSHERS, SCHEMA_1, Pushed, push
from samples import SAMPLES, Sample, Step
from server import Server
from test_sweep import stored, swept
from test_v2_crash import check_store
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, MANIFEST, V2Client, digest, expect

QUIET = ("--sweep-grace", "1s", "--sweep-interval", "never")
FACES = list(PULLERS)


def pull_all(server: Server, image: Pushed) -> dict[str, Pulled]:
    return {face: pull(server, image) for face, pull in PULLERS.items()}


def large(form: str, size: int, count: int = 2) -> Sample:
    """Layers that take a while to pack anew."""
    draw, source = Drawing(), random.Random(7)
    steps = [Step(f"ADD {number}", draw.layer(file(f"file-{number}", source.randbytes(size))), form) for number in range(count)]
    return Sample(f"large {form}", steps, draw.tree.value())


LARGE = {"v1": large("none", 6 << 20), "schema1": large("bzip2", 2 << 20), "oci": large("zstd", 6 << 20)}


@pytest.mark.parametrize("kind", PUSHERS)
def test_many_first_pulls_at_once(make: Make, kind: str) -> None:
    """All get the same, none an error, and nothing is made twice."""
    server, calm = make().start(), make().start()
    image = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), "many/at-once")
    start = threading.Barrier(20)

    def first(number: int) -> tuple[str, Pulled]:
        face = FACES[number % len(FACES)]
        start.wait()
        return face, PULLERS[face](server, image)

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(first, range(20)))
    expected = pull_all(calm, push(calm, image, "many/at-once"))
    assert [pulled for _, pulled in found] == [expected[face] for face, _ in found]
    assert " status=5" not in server.log and stored(server) == stored(calm)


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.4])
@pytest.mark.parametrize("kind", ["v1", "schema1", "oci"])
def test_killed_while_a_face_is_made(make: Make, kind: str, delay: float) -> None:
    """The next server makes it, and nothing that was pushed is lost."""
    server = make(*QUIET).start()
    sample = LARGE[kind]
    image = push(server, PUSHERS[kind](sample), "killed/often")
    face = "v1" if kind == "oci" else "docker"
    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(PULLERS[each], server, image) for each in (face, "schema1")]
        time.sleep(delay)
        server.kill()
        for failure in (future.exception() for future in asking):
            assert failure is None or isinstance(failure, (OSError, HTTPException)), failure
    server.restart()
    check_store(server)
    for each, pulled in pull_all(server, image).items():
        assert pulled.archives == sample.layers and unpacked(pulled.archives) == sample.files, each
    check_store(server)
    assert kind == "v1" or V2Client(server).manifest("killed/often", "1.0", headers=[]).body == image.manifest


def test_a_sweep_keeps_what_is_in_use_and_takes_what_is_not(make: Make) -> None:
    server = make(*QUIET).start()
    client, images = V2Client(server), {}
    for kind in PUSHERS:
        images[kind] = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), f"swept/{kind}")
    pushed_alone = {digest(data) for image in images.values() for data in [*image.layers, *image.blobs, image.config]}
    before = {kind: pull_all(server, image) for kind, image in images.items()}
    everything = stored(server)
    made = {digest(layer) for layer in before["oci"]["docker"].layers} - pushed_alone
    assert len(made) == 4 and made <= everything, "xz, bzip2, zstd and none were packed anew"
    sweep(server)
    assert stored(server) == everything
    assert {kind: pull_all(server, image) for kind, image in images.items()} == before
    for kind in ("schema1", "docker", "oci"):
        name = client.manifest(f"swept/{kind}", "1.0", "HEAD").header("Docker-Content-Digest")
        expect(client.delete(f"swept/{kind}", f"manifests/{name}"), 202)
        sweep(server)
        left = {other: image for other, image in images.items() if other not in ("schema1", "docker", "oci")}
        assert made <= stored(server), "others still need it"
        assert {other: pull_all(server, image) for other, image in left.items()} == {other: before[other] for other in left}
        for face, pulled in before[kind].items():
            assert not pulled.digest or client.manifest(f"swept/{kind}", pulled.digest).status == 404, face
    expect(client.call("DELETE", "/v2/swept/index"), 202, 204)
    assert EngineClient(server.address).call("DELETE", "/v1/repositories/swept/v1/").status == 200
    for _ in range(3):
        sweep(server)
    assert stored(server) == set(), "nothing is left, made or pushed; what was made waits for a grace of its own"
    for kind in PUSHERS:
        image = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), f"swept/{kind}")
        assert pull_all(server, image) == before[kind], "and made again, with the same digests"


def sweep(server: Server) -> None:
    """Twice, with the grace in between: what is not needed is marked, then taken."""
    for _ in range(2):
        swept(server)
        time.sleep(2.2)
    swept(server)


@pytest.mark.parametrize("kind", ["v1", "oci"])
def test_a_face_that_takes_longer_than_the_grace_is_made_all_the_same(make: Make, kind: str) -> None:
    """The layers that are packed first are named by nothing until the last one is. The push itself has all the time that it needs."""
    server, sample = make().start(), large("none", 8 << 20, 8)
    image = PUSHERS[kind](sample)
    if kind == "oci":
        image = push(server, image, "longer/than-grace")
    server.stop()
    server.flags = ("--sweep-grace", "1s", "--sweep-interval", "1s")
    server.restart()
    if kind == "v1":
        image = push(server, image, "longer/than-grace")
    for face in ("v1", "docker") if kind == "oci" else ("docker", "v1"):
        assert PULLERS[face](server, image).archives == sample.layers, face
    time.sleep(3)
    assert all(pulled.archives == sample.layers for pulled in pull_all(server, image).values())
    assert " status=5" not in server.log


def test_faces_are_made_again_after_their_origin_came_back(make: Make) -> None:
    """While the server sweeps as fast as it may, and others pull."""
    server = make("--sweep-grace", "2s", "--sweep-interval", "1s").start()
    client, stop = V2Client(server), time.monotonic() + 8
    kept = push(server, PUSHERS["oci"](SAMPLES["packed_by_zstd"]), "again/kept")
    expected = pull_all(server, kept)
    rounds = 0
    while time.monotonic() < stop:
        image = push(server, PUSHERS["oci"](SAMPLES["packed_by_zstd"]), "again/gone")
        assert {face: pulled.archives for face, pulled in pull_all(server, image).items()} == {
            face: pulled.archives for face, pulled in expected.items()}
        expect(client.delete("again/gone", f"manifests/{digest(image.manifest)}"), 202)
        assert pull_all(server, kept) == expected
        time.sleep(0.3 * (rounds % 6))
        rounds += 1
    assert rounds > 3 and " status=5" not in server.log


def test_two_processes_on_one_store(make: Make) -> None:
    """What one makes, the other has; what one moves, the other shows at once, whatever it has answered before."""
    one, other, calm = make().start(), make(), make().start()
    other.data = one.data
    other.start()
    rounds = [("v1", "packed_by_all"), ("docker", "packed_by_all"), ("schema1", "packed_by_xz"), ("oci", "whiteouts")]
    for number, (kind, name) in enumerate(rounds):
        server = (one, other)[number % 2]
        image = push(server, PUSHERS[kind](SAMPLES[name]), "two/processes")
        with ThreadPoolExecutor(8) as pool:
            asked = [(face, pool.submit(PULLERS[face], each, image)) for face in FACES for each in (one, other)]
            found = [(face, future.result()) for face, future in asked]
        expected = pull_all(calm, push(calm, image, "two/processes"))
        assert [pulled for _, pulled in found] == [expected[face] for face, _ in found]
    assert " status=5" not in one.log + other.log


def test_pulls_while_the_origin_goes_and_comes(make: Make) -> None:
    """Whoever asks gets all of it, or that it is not there; never a server's error."""
    server = make("--sweep-grace", "2s", "--sweep-interval", "1s").start()
    stop, seen = time.monotonic() + 6, set()

    def ask(headers: wire.Headers) -> None:
        client = V2Client(server)
        while time.monotonic() < stop:
            answer = expect(client.manifest("goes/and-comes", "1.0", headers=headers), 200, 404)
            seen.add((headers[0][1], answer.status))

    def ask_by_v1() -> None:
        while time.monotonic() < stop:
            engine = EngineClient(server.address)
            engine.call("GET", "/v1/repositories/goes/and-comes/images", index=True)
            top = engine.call("GET", "/v1/repositories/goes/and-comes/tags/1.0")
            seen.add(("tag", top.status))
            for part in ("ancestry", "json", "layer") if top.status == 200 else ():
                answer = engine.call("GET", f"/v1/images/{top.json}/{part}")
                assert answer.status in (200, 404), answer.body
                seen.add((part, answer.status))

    with ThreadPoolExecutor(5) as pool:
        asking = [pool.submit(ask, headers) for headers in ([("Accept", DOCKER_MANIFEST)], [("Accept", MANIFEST)], AS_OLD_ENGINE)]
        asking += [pool.submit(ask_by_v1) for _ in range(2)]
        client, kinds = V2Client(server), list(PUSHERS)
        while time.monotonic() < stop:
            push(server, PUSHERS[kinds[0]](SAMPLES["packed_by_all"]), "goes/and-comes")
            time.sleep(random.random() / 5)
            name = expect(client.manifest("goes/and-comes", "1.0", "HEAD", []), 200).header("Docker-Content-Digest")
            expect(client.delete("goes/and-comes", f"manifests/{name}"), 202)
            kinds.append(kinds.pop(0))
        for future in asking:
            future.result()
    assert len([status for _, status in seen if status == 200]) == 7 and " status=5" not in server.log


@pytest.mark.parametrize("kind", PUSHERS)
def test_faces_are_made_in_a_registry_that_is_read_only(make: Make, kind: str) -> None:
    server, free = make().start(), make().start()
    image = push(server, PUSHERS[kind](SAMPLES["packed_by_all"]), "read/only")
    server.stop()
    server.flags = ("--read-only", "true")
    server.restart()
    assert pull_all(server, image) == pull_all(free, push(free, image, "read/only"))
    assert V2Client(server).put_manifest("read/only", "2.0", b"{}").status == 405


def test_a_layer_that_is_damaged_is_an_error_each_time_and_harms_nothing_else(make: Make) -> None:
    """It is no archive: neither diff id nor gzip can be made of it. As it was pushed, it can be pulled."""
    server = make().start()
    whole = push(server, PUSHERS["docker"](SAMPLES["one_layer"]), "damaged/whole")
    sample = Sample("cut off", [Step("ADD", SAMPLES["three_layers"].layers[0], "xz")], {})
    image = PUSHERS["schema1"](sample)
    layer = image.layers[0][:-20]
    manifest = KEY.sign(payload_of("damaged/layer", "1.0", "amd64", [Entry(digest(layer), image.documents[0])]))
    client = V2Client(server)
    expect(client.post("damaged/layer", layer, digest(layer)), 201)
    expect(client.put_manifest("damaged/layer", "1.0", manifest, SCHEMA_1), 201)
    for _ in range(2):
        for media_type in (DOCKER_MANIFEST, MANIFEST):
            answer = expect(client.manifest("damaged/layer", "1.0", headers=[("Accept", media_type)]), 404)
            assert digest(layer) in answer.json["errors"][0]["message"]
        assert client.manifest("damaged/layer", "1.0", headers=AS_OLD_ENGINE).body == manifest
        pull_all(server, whole)
