"""Clients that break HTTP, are slow, or vanish: they hurt nobody but themselves."""
from __future__ import annotations

import random
import socket
import ssl
import time
from typing import Iterator

import pytest

import wire
from images import large_layer, make_image
from server import Server
from v1client import EngineClient, expect

ID = "cd" * 32


@pytest.fixture(autouse=True)
def server_goes_on(shared_server: Server) -> Iterator[None]:
    yield
    assert shared_server.process and shared_server.process.poll() is None, "the server has ended"
    started = time.monotonic()
    assert shared_server.is_answering(), "the server does not answer any more"
    assert time.monotonic() - started < 1, "the server answers slowly"


def refused(server: Server, data: bytes) -> None:
    """Bytes that are no proper HTTP: an answer 4xx or 5xx other than 500, or a closed connection, soon."""
    with wire.Connection(server.address, timeout=5) as connection:
        try:
            connection.send(data)
            connection.socket.shutdown(socket.SHUT_WR)
            answer = connection.read_response()
        except ConnectionError:
            return
        assert 400 <= answer.status < 500 or answer.status in (501, 505), answer


def test_a_tls_greeting_on_the_plain_port_is_closed_within_a_second(shared_server: Server) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    greeting = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        greeting.do_handshake()
    hello = outgoing.read()
    assert hello[:2] == b"\x16\x03"
    for part in (hello, hello[:1], hello[:5]):
        with wire.Connection(shared_server.address, timeout=1) as connection:
            connection.send(part)
            try:
                while connection.socket.recv(4096):
                    pass
            except ConnectionResetError:
                pass


PUT = b"PUT /v1/images/x/json HTTP/1.1\r\nHost: x\r\n"
PING = b"GET /v1/_ping HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"GET /v1/_ping\r\n\r\n", b"GET /v1/_ping HTTP/9.9\r\nHost: x\r\n\r\n",
    b"nonsense nonsense nonsense\r\n\r\n", PING + b"broken\r\n\r\n", PING + b"A: b\x00c\r\n\r\n",
    b"GET /v1/\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /v1/ _ping HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x00" * 1000, bytes(range(256)), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    PUT + b"Content-Length: -1\r\n\r\n", PUT + b"Content-Length: ten\r\n\r\n",
    PUT + b"Content-Length: 99999999999999999999999\r\n\r\n", PUT + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    PUT + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    PUT + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"BREW /v1/_ping HTTP/1.1\r\nHost: x\r\n\r\n", b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
], ids=lambda data: repr(data[:70])[-40:])
def test_what_is_no_http_is_refused(shared_server: Server, data: bytes) -> None:
    refused(shared_server, data)


@pytest.mark.parametrize("flood", [b"".join(b"X-%d: y\r\n" % n for n in range(100_000)), b"X-Long: " + b"y" * (8 << 20) + b"\r\n"],
                         ids=["many_headers", "a_long_header"])
def test_a_flood_of_headers_is_refused(shared_server: Server, flood: bytes) -> None:
    refused(shared_server, b"GET /v1/_ping HTTP/1.1\r\nHost: x\r\n" + flood + b"\r\n")


def test_a_long_target_is_refused(shared_server: Server) -> None:
    refused(shared_server, b"GET /v1/images/" + b"a" * (4 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n")


def test_random_bytes_are_refused(shared_server: Server) -> None:
    source = random.Random(2)
    for _ in range(50):
        refused(shared_server, source.randbytes(source.randrange(1, 3000)) + b"\r\n\r\n")


@pytest.mark.parametrize("length", [1 << 62, (1 << 63) - 1])
def test_a_huge_length_announced_for_a_layer_takes_no_memory(shared_server: Server, length: int) -> None:
    image = make_image()
    client = EngineClient(shared_server.address)
    client.put_repository("bad/huge", [image])
    client.put_json(image)
    before = shared_server.peak_memory()
    with wire.Connection(shared_server.address) as connection:
        headers = [("Host", shared_server.name), ("Content-Length", str(length)), ("Authorization", f"Token {client.token}")]
        connection.send(wire.head(f"PUT /v1/images/{image.id}/layer HTTP/1.1", headers) + b"begun")
        time.sleep(0.3)
    assert shared_server.peak_memory() - before < 16 << 20
    client.put_layer(image)
    client.put_checksum(image)
    assert client.get_image(image.id) == image


def test_pipelined_requests_are_answered_in_their_order(shared_server: Server) -> None:
    image = make_image()
    client = EngineClient(shared_server.address)
    client.push("bad/pipeline", [image])
    token = [("Authorization", f"Token {client.token}")]
    paths = ["/v1/_ping", f"/v1/images/{image.id}/layer", "/v1/nothing", f"/v1/images/{image.id}/json", f"/v1/images/{image.id}/layer"]
    data = b"".join(wire.request(shared_server.address, "GET", path, token) for path in paths)
    put = wire.request(shared_server.address, "PUT", "/v1/repositories/bad/pipeline/tags/second", token, b'"%s"' % image.id.encode())
    with wire.Connection(shared_server.address) as connection:
        connection.send(data + put + wire.request(shared_server.address, "GET", "/v1/repositories/bad/pipeline/tags", token))
        answers = [connection.read_response() for _ in range(len(paths) + 2)]
    assert [answer.status for answer in answers] == [200, 200, 404, 200, 200, 200, 200]
    assert answers[1].body == answers[4].body == image.layer and answers[3].body == image.json
    assert answers[6].json == {"latest": image.id, "second": image.id}


def test_a_connection_serves_many_requests_and_http_1_0_one(shared_server: Server) -> None:
    with wire.Connection(shared_server.address) as connection:
        for _ in range(100):
            expect(connection.send(wire.request(shared_server.address, "GET", "/v1/_ping")).read_response(), 200)
    with wire.Connection(shared_server.address, timeout=3) as connection:
        expect(connection.send(b"GET /v1/_ping HTTP/1.0\r\n\r\n").read_response(), 200)
        assert connection.is_closed()


def test_many_slow_clients_do_not_hold_up_the_others(shared_server: Server) -> None:
    image = make_image(layer=large_layer(16))
    client = EngineClient(shared_server.address)
    client.push("bad/slow", [image])
    token = [("Authorization", f"Token {client.token}")]
    connections = [wire.Connection(shared_server.address) for _ in range(120)]
    try:
        for number, connection in enumerate(connections):
            whole = wire.request(shared_server.address, "GET", f"/v1/images/{image.id}/layer", token)
            connection.send(whole if number % 3 == 0 else whole[:-2] if number % 3 == 1 else whole[:7])
        for _ in range(5):
            started = time.monotonic()
            expect(wire.call(shared_server.address, "GET", "/v1/repositories/bad/slow/tags"), 200)
            assert time.monotonic() - started < 1
        assert client.get_image(image.id) == image
    finally:
        for connection in connections:
            connection.socket.close()


def test_requests_cut_off_anywhere_leave_no_trace(shared_server: Server) -> None:
    image = make_image()
    client = EngineClient(shared_server.address)
    client.put_repository("bad/cut", [image])
    token = ("Authorization", f"Token {client.token}")
    json_put = wire.request(shared_server.address, "PUT", f"/v1/images/{image.id}/json", [token], image.json)
    for length in range(1, len(json_put) - 1, 7):
        with wire.Connection(shared_server.address) as connection:
            connection.send(json_put[:length])
    assert client.call("GET", f"/v1/images/{image.id}/json").status == 404
    client.put_json(image)
    chunks = wire.head(f"PUT /v1/images/{image.id}/layer HTTP/1.1", [("Host", "x"), token, ("Transfer-Encoding", "chunked")])
    chunks += wire.chunked(image.layer, size=100)
    for length in [*range(1, len(chunks) - 6, 7), len(chunks) - 5, len(chunks) - 2]:
        with wire.Connection(shared_server.address) as connection:
            connection.send(chunks[:length])
    assert client.offer_checksum(image.id, image.tarsum(), image.payload_sum).status == 400, "no layer has been stored"
    client.put_layer(image)
    client.put_checksum(image)
    assert client.get_image(image.id) == image


def test_a_broken_chunk_in_a_layer_is_not_taken_for_its_end(shared_server: Server) -> None:
    image = make_image()
    client = EngineClient(shared_server.address)
    client.put_repository("bad/chunk", [image])
    client.put_json(image)
    head = wire.head(f"PUT /v1/images/{image.id}/layer HTTP/1.1",
                     [("Host", "x"), ("Authorization", f"Token {client.token}"), ("Transfer-Encoding", "chunked")])
    refused(shared_server, head + wire.chunked(image.layer).removesuffix(b"0\r\n\r\n") + b"XX\r\n")
    assert client.offer_checksum(image.id, image.tarsum(), image.payload_sum).status == 400, "no layer has been stored"
