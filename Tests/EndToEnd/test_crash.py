"""kill -9 at each step of a push, and SIGTERM while bytes flow: what was acknowledged is there, and nothing half-written is."""
from __future__ import annotations

import hashlib
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

import wire
from images import Image, large_layer, make_chain, make_image
from server import Server
from v1client import EngineClient, expect

STEPS = ["repository", "json", "layer", "checksum", "tag", "images"]
POINTS = [(step, n) for step in STEPS for n in ((1, 2, 3) if step in ("json", "layer", "checksum") else (1,))]


class Killed(Exception):
    pass


@pytest.fixture
def anchor(server: Server) -> list[Image]:
    """An image that was pushed, and acknowledged as a whole, before anything is killed."""
    chain = make_chain()
    EngineClient(server.address).push("anchor/kept", chain)
    return chain


def push_until(server: Server, chain: list[Image], step: str, occurrence: int = 1) -> EngineClient:
    """Pushes and kills the server right after the answer to the n-th call of a kind; the client as it was left."""
    seen: list[str] = []

    def after(done: str) -> None:
        seen.append(done)
        if seen.count(step) == occurrence:
            server.kill()
            raise Killed

    client = EngineClient(server.address, after=after)
    with pytest.raises(Killed):
        client.push("crash/test", chain)
    client.after = lambda step: None
    return client


def start_layer(server: Server, image: Image, sent: int) -> wire.Connection:
    """Begins the upload of a layer and leaves it after `sent` bytes; the last chunk's mark is never sent."""
    client = EngineClient(server.address)
    client.put_repository("crash/test", [image])
    client.put_json(image)
    headers = [("Host", server.name), ("Authorization", f"Token {client.token}"), ("Transfer-Encoding", "chunked")]
    connection = wire.Connection(server.address)
    connection.send(wire.head(f"PUT /v1/images/{image.id}/layer HTTP/1.1", headers))
    if sent:
        connection.send(wire.chunked(image.layer[:sent], size=1 << 16).removesuffix(b"0\r\n\r\n"))
    return connection


def check_store(server: Server) -> None:
    """Every object under the data folder that is named by a sum has that sum."""
    objects = [path for path in server.data.rglob("*") if path.is_file() and len(path.name) == 64 and "upload" not in str(path)]
    for path in objects:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, f"{path} is not what its name says"
    assert objects, "the layers lie under their sums"


def check_unfinished(server: Server, image: Image) -> None:
    for part in ("json", "layer", "ancestry"):
        answer = EngineClient(server.address).call("GET", f"/v1/images/{image.id}/{part}")
        assert answer.status in (400, 404) and answer.error, f"{part} of an unfinished image: {answer.status}"


def check_repeated(server: Server, anchor: list[Image], chain: list[Image]) -> None:
    """The push from its start, twice; then everything is there, byte for byte."""
    client = EngineClient(server.address)
    for _ in range(2):
        client.push("crash/test", chain)
    assert client.pull("crash/test") == chain
    assert EngineClient(server.address).pull("anchor/kept") == anchor
    assert sorted(client.list_images("crash/test")) == sorted(image.id for image in chain)
    check_store(server)


@pytest.mark.parametrize("sent", [0, 1, 65_536, 4_000_000, 8_000_000, None], ids=lambda sent: f"after_{sent}_bytes")
def test_killed_during_a_layer(server: Server, anchor: list[Image], sent: int | None) -> None:
    image = make_image(layer=large_layer(8))
    with start_layer(server, image, len(image.layer) if sent is None else sent):
        time.sleep(0.3)
        server.kill()
    server.restart()
    check_unfinished(server, image)
    assert EngineClient(server.address).pull("anchor/kept") == anchor
    check_repeated(server, anchor, [image])


@pytest.mark.parametrize("step, occurrence", POINTS)
def test_killed_after_a_step_and_the_push_repeated(server: Server, anchor: list[Image], step: str, occurrence: int) -> None:
    chain = make_chain()
    push_until(server, chain, step, occurrence)
    server.restart()
    client = EngineClient(server.address)
    finished = {"repository": 0, "json": occurrence - 1, "layer": occurrence - 1, "checksum": occurrence}.get(step, 3)
    client.put_repository("crash/test", chain)
    for image in chain[:finished]:
        assert client.get_image(image.id) == image, "a completed image was acknowledged"
    for image in chain[finished:]:
        check_unfinished(server, image)
    if step in ("tag", "images"):
        assert EngineClient(server.address).pull("crash/test") == chain
    check_repeated(server, anchor, chain)


@pytest.mark.parametrize("step", ["json", "layer", "checksum", "tag"])
def test_killed_after_a_step_and_the_push_gone_on_with(server: Server, anchor: list[Image], step: str) -> None:
    """Each answer was a promise, so that the very next call of the push works after the restart, with the token from before it."""
    image = make_image()
    client = push_until(server, [image], step)
    server.restart()
    client.address = server.address
    if step == "json":
        client.put_layer(image)
    if step in ("json", "layer"):
        client.put_checksum(image)
    if step != "tag":
        client.put_tag("crash/test", "latest", image.id)
    client.put_images("crash/test")
    assert client.pull("crash/test") == [image]
    check_repeated(server, anchor, [image])


def test_killed_again_and_again_during_pushes(server: Server, anchor: list[Image]) -> None:
    image = make_image(layer=large_layer(2))
    for sent in (10_000, 1_000_000, 2_000_000):
        with start_layer(server, image, sent):
            server.kill()
        server.restart()
    check_unfinished(server, image)
    check_repeated(server, anchor, [image])


@pytest.mark.parametrize("delay", [0.005, 0.01, 0.02, 0.04, 0.06, 0.08])
def test_killed_at_any_moment_of_a_push(server: Server, anchor: list[Image], delay: float) -> None:
    """Also between a call and its answer: every image whose completion was answered is there, and the push can be repeated."""
    chain = make_chain(12)
    answered: list[str] = []
    client = EngineClient(server.address, after=answered.append)
    with ThreadPoolExecutor(1) as pool:
        pushing = pool.submit(client.push, "crash/test", chain)
        time.sleep(delay)
        server.kill()
        if (failure := pushing.exception()) is not None:
            assert isinstance(failure, (OSError, HTTPException)), failure
    server.restart()
    reader = EngineClient(server.address)
    reader.put_repository("crash/test", chain)
    for image in chain[:answered.count("checksum")]:
        assert reader.get_image(image.id) == image
    check_repeated(server, anchor, chain)


def test_a_layer_cut_off_by_the_client_is_not_kept(server: Server, anchor: list[Image]) -> None:
    image = make_image(layer=large_layer(1))
    with start_layer(server, image, 500_000):
        time.sleep(0.2)
    check_unfinished(server, image)
    cut = Image(image.id, image.json, image.layer[:500_000])
    assert EngineClient(server.address).offer_checksum(cut.id, None, cut.payload_sum).status == 400, "no layer has been stored"
    check_repeated(server, anchor, [image])


def test_sigterm_lets_a_slow_read_come_to_its_end(server: Server) -> None:
    image = make_image(layer=large_layer(64))
    client = EngineClient(server.address)
    client.push("slow/read", [image])
    with wire.Connection(server.address) as connection:
        connection.send(wire.request(server.address, "GET", f"/v1/images/{image.id}/layer", [("Authorization", f"Token {client.token}")]))
        expect(connection.read_head(), 200)
        data = connection.read(1 << 20)
        server.terminate()
        time.sleep(1)
        data += connection.read(len(image.layer) - len(data))
    assert data == image.layer
    assert server.wait() == 0


def test_sigterm_lets_a_slow_push_of_a_layer_come_to_its_end(server: Server) -> None:
    image = make_image(layer=large_layer(4))
    with start_layer(server, image, 1 << 20) as connection:
        time.sleep(0.2)
        server.terminate()
        time.sleep(1)
        expect(connection.send(wire.chunked(image.layer[1 << 20:])).read_response(), 200)
    assert server.wait() == 0
    server.restart()
    client = EngineClient(server.address)
    client.put_repository("crash/test", [image])
    client.put_checksum(image)
    assert client.get_image(image.id) == image


def test_idle_connections_do_not_delay_the_end(server: Server) -> None:
    with wire.Connection(server.address) as unused, wire.Connection(server.address) as used:
        expect(used.send(wire.request(server.address, "GET", "/v1/_ping")).read_response(), 200)
        server.terminate()
        assert server.wait(limit=3) == 0
        assert unused.is_closed() and used.is_closed()


def test_a_second_interrupt_stops_at_once(server: Server) -> None:
    image = make_image(layer=large_layer(1))
    with start_layer(server, image, 1000):
        assert server.process
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGINT)
        server.wait(limit=3)
    server.restart()
    check_unfinished(server, image)
