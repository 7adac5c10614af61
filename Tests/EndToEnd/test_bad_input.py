"""Wrong requests: each gets a clear `{"error": "…"}` with the right status, leaves nothing behind, and the server goes on."""
from __future__ import annotations

import json
import os
import zlib
from typing import Iterator

import pytest

import wire
from images import Image, image_json, make_chain, make_id, make_image
from server import Server
from v1client import EngineClient, expect
from wire import Response

ID = "ab" * 32
TREE = "/v1/repositories/bad/input"


@pytest.fixture(autouse=True)
def server_goes_on(shared_server: Server) -> Iterator[None]:
    yield
    assert shared_server.process and shared_server.process.poll() is None, "the server has ended"
    assert shared_server.is_answering(), "the server does not answer any more"


def call(server: Server, method: str, path: str, body: bytes | None = None, **headers: str) -> Response:
    lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return wire.call(server.address, method, path, lines, body)


def open_image(server: Server) -> tuple[EngineClient, Image]:
    """An image whose JSON is there and whose layer is not."""
    image = make_image()
    client = EngineClient(server.address)
    client.put_repository("bad/input", [image])
    client.put_json(image)
    return client, image


MALFORMED = [b"", b"{", b'{"id":', b"nonsense", b'{"id" "x"}', b"\xff\xfe", b"[" * 100_000, b'{"id":1e999}', b"null"]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("path", [f"/v1/images/{ID}/json", f"{TREE}/", f"{TREE}/images", f"{TREE}/tags/latest", f"{TREE}/properties"])
def test_malformed_json_is_400(shared_server: Server, path: str, body: bytes) -> None:
    open_image(shared_server)
    answer = call(shared_server, "PUT", path, body)
    assert answer.status == 400 and answer.error


@pytest.mark.parametrize("document, text", [
    (b"[]", None), (b'"text"', None), (b"1", None), (b"{}", "Missing key `id' in JSON"),
    (image_json(make_id()), "JSON data contains invalid id"), (b'{"id": 17}', None), (b'{"id": null}', None),
    (b'{"id": "%s", "parent": "%s"}' % (ID.encode(), b"e" * 64), "Image depends on a non existing parent"),
    (b'{"id": "%s", "parent": "%s"}' % (ID.encode(), ID.encode()), None),
    (b'{"id": "%s", "parent": 5}' % ID.encode(), None), (b'{"id": "%s", "parent": "no id"}' % ID.encode(), None),
])
def test_a_json_that_does_not_describe_the_image_is_400(shared_server: Server, document: bytes, text: str | None) -> None:
    client = EngineClient(shared_server.address)
    client.put_repository("bad/document", [make_image(image_id=ID)])
    answer = client.call("PUT", f"/v1/images/{ID}/json", body=document)
    assert answer.status == 400 and answer.error and text in (None, answer.error)
    assert client.call("GET", f"/v1/images/{ID}/json").status == 404, "nothing was stored"


@pytest.mark.parametrize("part", ["json", "layer", "ancestry", "checksum", "files", "diff"])
@pytest.mark.parametrize("image_id", ["x", "A" * 64, "a" * 63, "a" * 65, "g" * 64, "..", "a" * 5000, "%00", "é".encode().hex()])
def test_what_is_no_image_id_is_refused(shared_server: Server, image_id: str, part: str) -> None:
    for method in ("PUT",) if part == "checksum" else ("GET", "PUT") if part in ("json", "layer") else ("GET",):
        answer = call(shared_server, method, f"/v1/images/{image_id}/{part}", b"{}" if method == "PUT" else None)
        assert answer.status in (400, 404, 414) and answer.error, (method, answer.status)


def test_a_layer_or_a_checksum_before_its_json_is_404(shared_server: Server) -> None:
    client = EngineClient(shared_server.address)
    image = make_image()
    client.put_repository("bad/order", [image])
    answer = client.call("PUT", f"/v1/images/{image.id}/layer", body=image.layer)
    assert (answer.status, answer.error) == (404, "Image not found")
    assert client.offer_checksum(image.id, image.tarsum(), image.payload_sum).status == 404


def test_a_checksum_before_its_layer_and_one_that_is_none_are_400(shared_server: Server) -> None:
    client, image = open_image(shared_server)
    assert client.offer_checksum(image.id, image.tarsum(), image.payload_sum).status == 400
    client.put_layer(image)
    for tarsum, payload in (("", ""), ("nonsense", "nonsense"), ("tarsum+sha256:", "sha256:"), (None, "sha1:" + "0" * 40),
                            ("tarsum+sha256:" + "g" * 64, None), ("tarsum.v9+sha256:" + "0" * 64, None), (None, None)):
        answer = client.offer_checksum(image.id, tarsum, payload)
        assert answer.status == 400 and answer.error, (tarsum, payload)
    client.put_checksum(image)


@pytest.mark.parametrize("tag", ["-dash", ".dot", "a" * 129, "a%20b", "a%2Fb", "%00", "a%0Ab", "%C3%A9", "a:b", "%2e%2e"])
def test_a_bad_tag_name_is_refused(shared_server: Server, tag: str) -> None:
    chain = make_chain(1)
    client = EngineClient(shared_server.address)
    client.push("bad/tagged", chain)
    answer = client.call("PUT", f"/v1/repositories/bad/tagged/tags/{tag}", body=json.dumps(chain[0].id).encode())
    assert answer.status in (400, 404) and answer.error
    assert set(client.list_tags("bad/tagged")) == {"latest"}


@pytest.mark.parametrize("body, status", [(b'"%s"' % (b"0" * 64), 404), (b'"x"', 404), (b'""', 400), (b"[]", 400), (b"{}", 400)])
def test_a_tag_must_name_an_image(shared_server: Server, body: bytes, status: int) -> None:
    client, _ = open_image(shared_server)
    answer = client.call("PUT", f"{TREE}/tags/latest", body=body)
    assert answer.error and (answer.status == status or body == b'"x"' and answer.status == 400)


@pytest.mark.parametrize("name", ["Upper/case", "upper/Case", "Upper", "a%2Fb", "..", "%2e%2e/x", "a/..", "a//b", "a/%00", "a/b%5Cc",
                                  "a/" + "b" * 300, "%C0%AF/x", "a/é%FF", "a/b%20c"])
def test_a_bad_repository_name_is_refused_and_not_stored(shared_server: Server, name: str) -> None:
    path = f"/v1/repositories/{name}"
    calls = [("PUT", f"{path}/", b"[]"), ("PUT", f"{path}/tags/x", b'"%s"' % (b"0" * 64)), ("GET", f"{path}/tags", None),
             ("GET", f"{path}/images", None), ("DELETE", f"{path}/", None)]
    for method, target, body in calls:
        with wire.Connection(shared_server.address) as connection:
            raw = wire.request(shared_server.address, method, "TARGET", [], body).replace(b"TARGET", target.encode())
            answer = connection.send(raw).read_response()
        assert answer.status in (400, 404), (method, target, answer.status)
        assert answer.header("X-Docker-Token") is None


PATHS = ["/v1/images/../../../../etc/passwd", "/v1/images/%2e%2e/%2e%2e/etc/passwd", "/v1/images/..%2f..%2f..%2fetc%2fpasswd/json",
         "/v1/..%5c..%5cetc%5cpasswd", "/v1\\images", "/v1//images//%s/json" % ID, "//v1/_ping/..", "/v1/images/%c0%ae%c0%ae/json",
         "/v1/images/%e0%80%af/json", "/v1/images/%00/json", "/v1/images/%zz/json", "/v1/images/%", "/v1/repositories//tags",
         "/v1/repositories/%2e%2e/%2e%2e/tags", "/v1/repositories/a/b/tags/..%2f..%2fx", "/v1/images/" + ID + "/json/..", "/v1/nothing",
         "/v1/images/" + "a/" * 4000, "/../../etc/passwd", "/v1/images/%s/layer%%00.txt" % ID, "/v1/images/" + ID + "/..%2f..%2fjson"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:60])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_path_tricks_find_and_make_nothing(shared_server: Server, method: str, path: str) -> None:
    before = sorted(entry.name for entry in shared_server.folder.iterdir())
    answer = call(shared_server, method, path, b'"x"' if method == "PUT" else None)
    assert answer.status in (400, 404, 405, 414), answer.status
    assert b"root:" not in answer.body and sorted(entry.name for entry in shared_server.folder.iterdir()) == before
    if path.startswith("/v1/") and answer.status != 414:
        assert answer.error


@pytest.mark.parametrize("method, path", [
    ("POST", "/v1/search"), ("PUT", "/v1/search?q=x"), ("DELETE", "/v1/search"), ("DELETE", "/v1/_ping"),
    ("POST", f"/v1/images/{ID}/json"), ("PATCH", f"{TREE}/tags/latest")])
def test_a_method_that_a_path_does_not_have_is_405(shared_server: Server, method: str, path: str) -> None:
    answer = call(shared_server, method, path, b"")
    assert answer.status == 405 and answer.error and answer.header("Allow")


@pytest.mark.parametrize("size", [1 << 30, 1 << 40])
@pytest.mark.parametrize("path", [f"/v1/images/{ID}/json", f"{TREE}/", f"{TREE}/tags/latest"])
def test_a_document_over_its_limit_is_refused_before_it_is_sent(shared_server: Server, path: str, size: int) -> None:
    open_image(shared_server)
    with wire.Connection(shared_server.address, timeout=5) as connection:
        head = wire.head(f"PUT {path} HTTP/1.1", [("Host", shared_server.name), ("Content-Length", str(size))])
        answer = connection.send(head + b"{").read_response()
    assert answer.status in (400, 413) and answer.error


def test_a_document_over_its_limit_in_chunks_is_refused_while_it_is_sent(shared_server: Server) -> None:
    client, image = open_image(shared_server)
    with wire.Connection(shared_server.address, timeout=10) as connection:
        headers = [("Host", shared_server.name), ("Transfer-Encoding", "chunked"), ("Authorization", f"Token {client.token}")]
        connection.send(wire.head(f"PUT /v1/images/{image.id}/json HTTP/1.1", headers))
        try:
            for _ in range(256):
                connection.send(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
            assert connection.read_response().status == 413
        except ConnectionError:
            pass  # closed while we were still sending; the answer may be lost then
    assert client.call("GET", f"/v1/images/{image.id}/json").status == 400, "the document before it is still the one that holds"
    assert shared_server.peak_memory() < 200 << 20


def test_a_gzip_bomb_is_bounded_in_memory_and_on_disk(shared_server: Server) -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    image = make_image(layer=b"".join(squeeze.compress(bytes(1 << 24)) for _ in range(20)) + squeeze.flush())
    assert len(image.layer) < 2 << 20
    client = EngineClient(shared_server.address)
    client.put_repository("bad/bomb", [image])
    client.put_json(image)
    answer = client.call("PUT", f"/v1/images/{image.id}/layer", body=image.layer)
    expect(answer, 200, 400, 413)
    assert shared_server.peak_memory() < 200 << 20
    stored = sum(path.stat().st_size for path in shared_server.data.rglob("*") if path.is_file())
    assert stored < 20 << 20, "what a layer unpacks to is not stored"
    assert answer.status == 200 or answer.error


@pytest.mark.parametrize("term", ["' OR 1=1 --", '"; DROP TABLE images; --', "%", "*", '"', "a AND", "NEAR(a b)", "-", "()", "name:x",
                                  "x" * 200, "ünïcödé", "🐳", "\\", "%' ESCAPE '", "^", "{}"])
def test_search_takes_every_term_literally(shared_server: Server, term: str) -> None:
    EngineClient(shared_server.address).push("bad/plain", make_chain(1))
    document = EngineClient(shared_server.address).search(term)
    expected = ["bad/plain"] if term in "bad/plain" else []
    assert [result["name"] for result in document["results"]] == expected  # type: ignore[attr-defined]
    assert document["query"] == term


def test_an_underscore_in_a_search_is_no_wildcard(shared_server: Server) -> None:
    for name in ("bad/under_score", "bad/underxscore"):
        EngineClient(shared_server.address).push(name, make_chain(1))
    found = EngineClient(shared_server.address).search("r_s")["results"]
    assert [result["name"] for result in found] == ["bad/under_score"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["%ff%fe", "%00", "%zz", "%", "x" * 5000, "x&q=%ff", "none&n=-1&page=-1&x=",
                                   "none&n=1e9&page=99999999999999999999&x="])
def test_an_odd_query_finds_nothing_or_is_refused(shared_server: Server, query: str) -> None:
    answer = call(shared_server, "GET", f"/v1/search?q=no-{query}")
    assert answer.status == 200 and answer.json["results"] == [] or answer.status == 400 and answer.error


def test_credentials_of_every_form_are_taken_for_nobody_s_and_not_logged(shared_server: Server) -> None:
    planted = os.urandom(12).hex()
    for value in (f"Token {planted}", f"Token Token signature={planted},repository=\"bad/input\",access=write", f"Basic {planted}",
                  f"Bearer {planted}", "Token", "Token ", "Basic Og==", f"token token {planted}", f"{planted}", ",,,", 'Token signature="'):
        expect(call(shared_server, "GET", "/v1/_ping", Authorization=value), 200)
        expect(call(shared_server, "GET", "/v1/search", Authorization=value), 200)
    assert planted not in shared_server.log
