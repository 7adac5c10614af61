"""Layers in every form, every kind of sum, and reading them in parts."""
from __future__ import annotations

import gzip
import os
from typing import Callable

import pytest

import wire
from images import FORMS, Image, archive, image_json, large_layer, make_chain, make_id, make_image
from server import Server
from tarsum import decompress
from v1client import EngineClient, expect

Sums = tuple[str | None, str | None]

#: What a client offers: `X-Docker-Checksum` and `X-Docker-Checksum-Payload`.
SUMS: dict[str, Callable[[Image], Sums]] = {
    "payload": lambda image: (None, image.payload_sum),
    "tarsum": lambda image: (image.tarsum(), None),
    "tarsum.v1": lambda image: (image.tarsum("tarsum.v1"), None),
    "tarsum.dev": lambda image: (image.tarsum("tarsum.dev"), None),
    "tarsum_beside_the_bogus_payload_of_0.9": lambda image: (image.tarsum(), "sha256:" + "0" * 64),
    "payload_beside_an_unknown_tarsum": lambda image: ("tarsum+sha256:" + "0" * 64, image.payload_sum),
}
WRONG = ("tarsum+sha256:" + "1" * 64, "sha256:" + "2" * 64)


def push_one(server: Server, image: Image, version: str = "1.5.0") -> EngineClient:
    """Everything up to the checksum."""
    client = EngineClient(server.address, version=version)
    client.put_repository(f"layers/{image.id[:12]}", [image])
    assert client.put_json(image)
    client.put_layer(image)
    return client


@pytest.mark.parametrize("kind", SUMS)
@pytest.mark.parametrize("form", FORMS)
def test_a_layer_of_each_form_is_completed_by_each_kind_of_sum(shared_server: Server, form: str, kind: str) -> None:
    image = make_image(layer=FORMS[form]())
    client = push_one(shared_server, image)
    expect(client.offer_checksum(image.id, *SUMS[kind](image)), 200)
    assert client.get_image(image.id) == image


@pytest.mark.parametrize("layer", [b"", b"no archive at all", os.urandom(100_000), b"\x1f\x8b cut off", gzip.compress(b"text")],
                         ids=["nothing", "text", "random", "broken_gzip", "gzip_of_text"])
def test_bytes_that_are_no_archive_are_stored_by_their_payload_sum(shared_server: Server, layer: bytes) -> None:
    image = make_image(layer=layer)
    client = push_one(shared_server, image)
    expect(client.offer_checksum(image.id, WRONG[0], image.payload_sum), 200)
    assert client.get_image(image.id) == image


def test_of_a_path_that_occurs_twice_engines_before_1_3_count_the_last(shared_server: Server) -> None:
    member = archive({"etc/same": b"1"}, end_blocks=False)
    layer = gzip.compress(member + archive({"etc/same": b"2", "etc/other": b"3"}, end_blocks=False))
    for version, last_wins in (("1.0.0", True), ("1.3.3", False)):
        image = make_image(layer=layer)
        assert image.tarsum() != image.tarsum(last_wins=True)
        client = push_one(shared_server, image, version)
        expect(client.offer_checksum(image.id, image.tarsum(last_wins=last_wins), None), 200)


@pytest.mark.parametrize("offered", [WRONG, (WRONG[0], None), (None, WRONG[1]), ("tarsum.v1+sha256:" + "1" * 64, None)])
def test_a_wrong_sum_is_refused_and_the_image_stays_open_for_the_right_one(shared_server: Server, offered: Sums) -> None:
    image = make_image()
    client = push_one(shared_server, image)
    answer = client.offer_checksum(image.id, *offered)
    assert (answer.status, answer.json) == (400, {"error": "Checksum mismatch"})
    for part in ("json", "layer", "ancestry"):
        answer = client.call("GET", f"/v1/images/{image.id}/{part}")
        assert (answer.status, answer.error) == (400, "Image is being uploaded, retry later")
    client.put_checksum(image)
    assert client.get_image(image.id) == image


def test_an_unfinished_image_takes_another_json_and_layer(shared_server: Server) -> None:
    first = make_image()
    client = push_one(shared_server, first)
    second = make_image(image_id=first.id)
    assert client.put_json(second)
    client.put_layer(second)
    assert client.offer_checksum(first.id, first.tarsum(), first.payload_sum).status == 400
    client.put_checksum(second)
    assert client.get_image(first.id) == second


def test_a_complete_image_cannot_be_changed(shared_server: Server) -> None:
    image = make_image()
    client = push_one(shared_server, image)
    client.put_checksum(image)
    other = Image(image.id, image_json(image.id, comment="other"), b"other")
    answer = client.call("PUT", f"/v1/images/{image.id}/json", body=other.json)
    assert (answer.status, answer.json) == (409, {"error": "Image already exists"})
    assert client.call("PUT", f"/v1/images/{image.id}/layer", body=other.layer).status == 409
    assert client.offer_checksum(image.id, *WRONG).status == 409
    expect(client.offer_checksum(image.id, image.tarsum(), image.payload_sum), 200, 409)
    assert client.get_image(image.id) == image


@pytest.mark.parametrize("framing", ["sized", "one_byte_chunks", "expecting_100"])
def test_a_layer_may_come_in_any_framing(shared_server: Server, framing: str) -> None:
    image = make_image()
    client = EngineClient(shared_server.address)
    client.put_repository("layers/framing", [image])
    client.put_json(image)
    path, token = f"/v1/images/{image.id}/layer", ("Authorization", f"Token {client.token}")
    with wire.Connection(shared_server.address) as connection:
        if framing == "sized":
            connection.send(wire.request(shared_server.address, "PUT", path, [token], image.layer))
        else:
            expected = [("Expect", "100-continue")] if framing == "expecting_100" else []
            headers = [("Host", shared_server.name), token, ("Transfer-Encoding", "chunked"), *expected]
            connection.send(wire.head(f"PUT {path} HTTP/1.1", headers))
            if expected:
                assert connection.read_head().status == 100
            connection.send(wire.chunked(image.layer, size=1))
        expect(connection.read_response(), 200)
    client.put_checksum(image)
    assert client.get_image(image.id) == image


def test_a_broken_read_goes_on_where_it_stopped(shared_server: Server) -> None:
    image = make_image(layer=large_layer(3))
    client = EngineClient(shared_server.address)
    client.push("layers/resumed", [image])
    assert client.pull("layers/resumed", breaks=[1, 100_000, 2_999_999]) == [image]


def test_files_and_diff_tell_what_a_layer_holds(shared_server: Server) -> None:
    base = make_image(layer=archive({"etc/kept": b"1", "etc/changed": b"1"}))
    top = make_image(base, layer=gzip.compress(archive({"etc/changed": b"22", ".wh.gone": b""})))
    client = EngineClient(shared_server.address)
    client.push("layers/files", [base, top])
    files = {entry[0].rstrip("/"): entry[1:] for entry in client.call("GET", f"/v1/images/{top.id}/files").json}
    changed = next(entry for name, entry in files.items() if name.endswith("etc/changed"))
    assert changed == ["f", False, 2, 1400000001, 0o644, 1000, 0]
    assert next(entry for name, entry in files.items() if name.endswith("gone"))[1] is True
    assert next(entry for name, entry in files.items() if name.endswith("etc/link"))[0] == "s"
    diff = client.call("GET", f"/v1/images/{top.id}/diff").json
    assert set(diff) == {"deleted", "changed", "created"}
    assert any(name.endswith("gone") for name in diff["deleted"])
    assert any(name.endswith("etc/changed") for name in diff["changed"])
    assert not any(name.endswith("etc/kept") for part in diff.values() for name in part)


def test_own_reading_of_every_form_agrees() -> None:
    assert decompress(FORMS["xz"]()) == decompress(FORMS["bzip2"]()) == decompress(FORMS["gzip"]()) == FORMS["tar"]()
    assert make_chain(1)[0].tarsum().startswith("tarsum+sha256:") and len(make_id()) == 64
