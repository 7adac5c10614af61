"""Reading parts of a layer, and asking whether it has changed (RFC 9110 §13, §14; v1.md §4.5)."""
from __future__ import annotations

import os

import pytest

import wire
from images import Image, archive, make_image
from server import Server
from v1client import EngineClient, expect
from wire import Response

SIZE = 5120
LAST = SIZE - 1


@pytest.fixture(scope="module")
def pushed(shared_server: Server) -> tuple[EngineClient, Image]:
    image = make_image(layer=archive({"etc/x": os.urandom(2500)}, end_blocks=False))
    assert len(image.layer) == SIZE
    client = EngineClient(shared_server.address)
    client.push("ranges/one", [image])
    return client, image


def ask(pushed: tuple[EngineClient, Image], method: str = "GET", part: str = "layer", **headers: str) -> Response:
    client, image = pushed
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.call(method, f"/v1/images/{image.id}/{part}", lines)


@pytest.mark.parametrize("asked, first, last", [
    ("0-0", 0, 0), ("10-19", 10, 19), (f"0-{LAST}", 0, LAST), (f"{LAST}-{LAST}", LAST, LAST),
    (f"{SIZE - 5}-", SIZE - 5, LAST), ("0-", 0, LAST), ("-7", SIZE - 7, LAST), (f"-{SIZE}", 0, LAST), ("-50000", 0, LAST),
    (f"500-{SIZE}", 500, LAST), (f"{LAST}-{SIZE}", LAST, LAST), ("10-99999999999999999999999", 10, LAST),
])
def test_a_range_is_answered_with_exactly_its_bytes(pushed: tuple[EngineClient, Image], asked: str, first: int, last: int) -> None:
    answer = ask(pushed, Range=f"bytes={asked}")
    assert (answer.status, answer.header("Content-Range")) == (206, f"bytes {first}-{last}/{SIZE}")
    assert answer.header("Content-Length") == str(last - first + 1)
    assert answer.header("Content-Encoding") is None and answer.header("Accept-Ranges") == "bytes"
    assert answer.body == pushed[1].layer[first:last + 1]


@pytest.mark.parametrize("asked", [f"{SIZE}-{SIZE}", f"{SIZE}-", f"{SIZE + 1}-", "50000-60000", "-0", "5-2"])
def test_a_range_past_the_end_is_416_without_a_body(pushed: tuple[EngineClient, Image], asked: str) -> None:
    answer = ask(pushed, Range=f"bytes={asked}")
    assert (answer.status, answer.header("Content-Range")) == (416, f"bytes */{SIZE}")
    assert (answer.header("Content-Length"), answer.body) == ("0", b"")


@pytest.mark.parametrize("asked", ["bytes=a-b", "bytes=", "bytes", "lines=0-1", "bytes=-", "bytes=--5", "bytes=0-1,3-4"])
def test_what_is_no_single_byte_range_gets_the_whole_layer(pushed: tuple[EngineClient, Image], asked: str) -> None:
    answer = ask(pushed, Range=asked)
    assert (answer.status, answer.body) == (200, pushed[1].layer)


def test_head_has_the_headers_of_get_and_no_body(pushed: tuple[EngineClient, Image]) -> None:
    with wire.Connection(pushed[0].address) as connection:
        path = f"/v1/images/{pushed[1].id}/layer"
        authorization = [("Authorization", f"Token {pushed[0].token}")]
        connection.send(wire.request(pushed[0].address, "HEAD", path, authorization))
        head = connection.read_response("HEAD")
        connection.send(wire.request(pushed[0].address, "GET", path, authorization))
        get = connection.read_response()
    varying = {"date", "connection", "x-request-id"}
    assert head.status == get.status == 200 and get.body == pushed[1].layer
    assert [pair for pair in head.headers if pair[0].lower() not in varying] == \
        [pair for pair in get.headers if pair[0].lower() not in varying]


def test_ranges_of_an_empty_layer_are_unsatisfiable(shared_server: Server) -> None:
    image = make_image(layer=b"")
    client = EngineClient(shared_server.address)
    client.push("ranges/empty", [image])
    answer = client.call("GET", f"/v1/images/{image.id}/layer")
    assert (answer.status, answer.header("Content-Length"), answer.body) == (200, "0", b"")
    answer = client.call("GET", f"/v1/images/{image.id}/layer", {"Range": "bytes=0-0"})
    assert (answer.status, answer.header("Content-Range"), answer.body) == (416, "bytes */0", b"")


@pytest.mark.parametrize("part", ["json", "ancestry", "layer"])
def test_what_the_client_has_already_is_not_sent_again(pushed: tuple[EngineClient, Image], part: str) -> None:
    fresh = ask(pushed, part=part)
    expect(fresh, 200)
    modified, tag = fresh.header("Last-Modified"), fresh.header("ETag")
    assert modified and tag
    for condition in ({"If_Modified_Since": modified}, {"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}, {"If_None_Match": "*"}):
        answer = ask(pushed, part=part, **condition)
        assert (answer.status, answer.body) == (304, b""), condition
    for condition in ({"If_None_Match": '"other"'}, {"If_None_Match": '"other"', "If_Modified_Since": modified}):
        assert ask(pushed, part=part, **condition).body == fresh.body


def test_if_range_with_another_tag_gets_the_whole_layer(pushed: tuple[EngineClient, Image]) -> None:
    tag = ask(pushed).header("ETag") or ""
    assert ask(pushed, Range="bytes=0-9", If_Range=tag).status == 206
    assert ask(pushed, Range="bytes=0-9", If_Range='"other"').status == 200


def test_an_unknown_image_is_404_whatever_the_condition(shared_server: Server) -> None:
    path = f"/v1/images/{'0' * 64}/layer"
    for header in ("Range", "If-Modified-Since", "If-None-Match"):
        answer = wire.call(shared_server.address, "GET", path, [(header, "bytes=0-1" if header == "Range" else "*")])
        assert answer.status == 404 and answer.error
