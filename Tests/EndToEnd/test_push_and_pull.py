"""Pushing, pulling, listing and deleting with the clients of `v1client`, without any other program."""
from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

import wire
from images import Image, make_chain, make_id, make_image
from server import Server
from v1client import DocumentClient, EngineClient, documented, expect


@pytest.mark.parametrize("repository", ["wharf/three", "three", "a/b/c"])
def test_an_engine_gets_back_exactly_what_it_pushed(server: Server, repository: str) -> None:
    chain = make_chain()
    EngineClient(server.address).push(repository, chain)
    assert EngineClient(server.address).pull(repository) == chain


def test_a_second_push_skips_the_images_that_are_there(server: Server) -> None:
    chain = make_chain()
    client = EngineClient(server.address)
    client.push("wharf/three", chain, "1.0")
    longer = [*chain, make_image(chain[-1])]
    steps: list[str] = []
    again = EngineClient(server.address, after=steps.append)
    again.push("wharf/three", longer, "2.0")
    assert steps == ["repository", "json", "layer", "checksum", "tag", "images"]
    assert again.pull("wharf/three", "2.0") == longer
    assert client.list_tags("wharf/three") == {"1.0": chain[-1].id, "2.0": longer[-1].id}
    assert sorted(client.list_images("wharf/three")) == sorted(image.id for image in longer)


def test_engines_0_7_move_the_tag_with_every_image_and_send_the_sums_at_the_end(server: Server) -> None:
    chain = make_chain()
    client = EngineClient(server.address, version="0.7.6")
    client.put_repository("old/engine", chain)
    for image in chain:
        assert client.put_json(image)
        client.put_layer(image)
        expect(client.offer_checksum(image.id, image.tarsum(), None), 200)
        client.put_tag("old/engine", "latest", image.id)
    elements = [{"id": image.id, "checksum": image.tarsum()} for image in chain]
    expect(client.call("PUT", "/v1/repositories/old/engine/images", body=json.dumps(elements).encode(), index=True), 204)
    assert client.pull("old/engine") == chain


def test_an_engine_0_5_completes_an_image_by_the_sum_on_its_json(server: Server) -> None:
    image = make_image()
    client = EngineClient(server.address, version="0.5.3")
    client.put_repository("old/engine", [image])
    expect(client.call("PUT", f"/v1/images/{image.id}/json", {"X-Docker-Checksum": image.payload_sum}, image.json), 200)
    client.put_layer(image)
    assert client.get_image(image.id) == image


def test_both_spellings_of_an_unnamespaced_repository_are_one(server: Server) -> None:
    chain = make_chain(1)
    client = EngineClient(server.address)
    client.push("foo", chain)
    assert client.pull("library/foo") == chain
    client.put_tag("library/foo", "other", chain[0].id)
    assert client.list_tags("foo") == {"latest": chain[0].id, "other": chain[0].id}
    assert [result["name"] for result in client.search("foo")["results"]] == ["foo"]  # type: ignore[attr-defined]


def test_one_id_may_stand_for_different_images_in_two_repositories(server: Server) -> None:
    image_id = make_id()
    for repository in ("first/one", "second/one"):
        client = EngineClient(server.address)
        client.push(repository, [make_image(image_id=image_id)])
    first, second = (EngineClient(server.address).pull(repository) for repository in ("first/one", "second/one"))
    assert first[0].id == second[0].id == image_id and first[0].layer != second[0].layer
    for part in ("json", "layer", "ancestry"):
        answer = wire.call(server.address, "GET", f"/v1/images/{image_id}/{part}")
        assert answer.status == 409 and answer.error, "without a repository it is a refusal, never a guess"


def test_many_engines_push_to_one_repository_at_the_same_time(server: Server) -> None:
    base = make_chain(1)
    EngineClient(server.address).push("busy/one", base, "base")
    chains = {f"t{number}": [*base, middle := make_image(base[0]), make_image(middle)] for number in range(8)}

    def push(tag: str) -> None:
        EngineClient(server.address).push("busy/one", chains[tag], tag)

    with ThreadPoolExecutor(len(chains)) as pool:
        list(pool.map(push, chains))
    for tag, chain in chains.items():
        assert EngineClient(server.address).pull("busy/one", tag) == chain
    assert len(EngineClient(server.address).list_images("busy/one")) == 1 + 2 * len(chains)


def test_a_client_written_from_the_documents_pushes_without_any_checksum(server: Server) -> None:
    chain = make_chain()
    client = DocumentClient(server.address)
    client.push("reynholm/help-system-server", chain, "0.1.1")
    assert client.pull("reynholm/help-system-server", "0.1.1") == chain
    tags = documented(client.call("GET", "/v1/repositories/reynholm/help-system-server/tags"), None)
    assert tags == {"0.1.1": chain[-1].id}


def test_a_client_written_from_the_registry_document_alone_names_the_repository_when_it_tags(server: Server) -> None:
    chain = make_chain()
    client = DocumentClient(server.address)
    client.push("reynholm/help-system-server", chain, "0.1.1", index=False)
    assert client.pull("reynholm/help-system-server", "0.1.1") == chain
    above = [*chain, make_image(chain[-1])]
    client.push("reynholm/another", above[-1:], "1.0", index=False)
    assert client.pull("reynholm/another", "1.0") == above


@pytest.mark.parametrize("prefix", ["sha256:", ""])
def test_a_client_written_from_the_hub_document_completes_images_by_their_list(server: Server, prefix: str) -> None:
    chain = make_chain()
    client = DocumentClient(server.address)
    client.create("foo/bar", chain)
    for image in chain:
        documented(client.call("PUT", f"/v1/images/{image.id}/json", image.json))
        documented(client.call("PUT", f"/v1/images/{image.id}/layer", image.layer))
    sums = [{"id": image.id, "checksum": prefix + image.payload_sum.removeprefix("sha256:")} for image in chain]
    expect(client.call("PUT", "/v1/repositories/foo/bar/images", json.dumps(sums).encode()), 204)
    assert [client.get_image(image.id) for image in chain] == chain


def test_deleting_a_tag_and_then_the_repository_shows_at_once(server: Server) -> None:
    chain = make_chain()
    client, document = EngineClient(server.address), DocumentClient(server.address)
    client.push("wharf/three", chain, "1.0")
    client.put_tag("wharf/three", "2.0", chain[-1].id)
    documented(document.call("DELETE", "/v1/repositories/wharf/three/tags/1.0", b'""'))
    assert client.list_tags("wharf/three") == {"2.0": chain[-1].id}
    assert document.call("DELETE", "/v1/repositories/wharf/three/tags/1.0").status == 404
    documented(document.call("DELETE", "/v1/repositories/wharf/three/", b'""'))
    for path in ("tags", "tags/2.0", "images"):
        assert document.call("GET", f"/v1/repositories/wharf/three/{path}").status == 404
    assert client.search("three")["results"] == []


def test_tag_and_repository_metadata_come_from_the_pushing_engine(server: Server) -> None:
    client = EngineClient(server.address, version="0.7.2")
    client.push("wharf/three", make_chain(1))
    for path in ("tags/latest/json", "json"):
        metadata = client.call("GET", f"/v1/repositories/wharf/three/{path}").json
        assert isinstance(metadata.pop("last_update"), int)
        assert metadata == {"docker_version": "0.7.2", "docker_go_version": "go1.4.1", "arch": "amd64", "os": "linux",
                            "kernel": "3.13.0"}


def test_a_repository_is_public_until_it_is_made_private(server: Server) -> None:
    client = EngineClient(server.address)
    client.push("wharf/three", make_chain(1))
    path = "/v1/repositories/wharf/three/properties"
    assert client.call("GET", path).json == {"access": "public"}
    expect(client.call("PUT", path, body=b'{"access": "private"}'), 200)
    assert client.call("GET", path).json == {"access": "private"}
    expect(client.call("PUT", path, body=b'{"access": "secret"}'), 400)


def test_the_login_of_old_engines_succeeds_and_no_password_is_logged(server: Server) -> None:
    wire.SECRETS.add("planted-password")
    body = b'{"username":"somebody","password":"planted-password","auth":"","email":"a@b.c"}'
    answer = wire.call(server.address, "POST", "/v1/users/", [("Content-Type", "application/json; charset=utf-8")], body)
    assert (answer.status, answer.body) == (400, b'"Username or email already exists"')
    assert answer.header("Content-Length") == "34"
    basic = ("Authorization", "Basic c29tZWJvZHk6cGxhbnRlZC1wYXNzd29yZA==")
    assert wire.call(server.address, "GET", "/v1/users/", [basic]).status == 200


def test_every_request_is_one_line_of_the_log_with_an_id_of_its_own(server: Server) -> None:
    for number in range(3):
        wire.call(server.address, "GET", f"/v1/repositories/logged/{number}/tags")
    server.stop()
    lines = [line for line in server.log.splitlines() if "/v1/repositories/logged/" in line]
    assert len(lines) == 3 and all("404" in line for line in lines)
    without_number = {re.sub(r"logged/\d", "", line.split("]", 1)[-1]) for line in lines}
    assert len(without_number) == 3, "each line has an id"


def test_search_counts_pages_and_ranks(server: Server) -> None:
    image = make_chain(1)
    names = ["box", "boxes", "my/box", "sandbox", "team/tools", "team/ubuntu"]
    for name in names:
        EngineClient(server.address).push(name, image)
    client = EngineClient(server.address)

    def found(term: str | None, **more: object) -> list[str]:
        return [result["name"] for result in client.search(term, **more)["results"]]  # type: ignore[attr-defined]

    assert sorted(found(None)) == sorted(found("")) == names
    assert client.search(None)["query"] == ""
    assert found("box")[0] == "box" and sorted(found("box")) == ["box", "boxes", "my/box", "sandbox"]
    assert found("bu") == ["team/ubuntu"] and found("nothing-like-it") == []
    page = client.search("box", n=3, page=2)
    assert (page["num_pages"], page["num_results"], page["page_size"], page["page"]) == (2, 4, 3, 2)
    assert sorted(found("box", n=3) + found("box", n=3, page=2)) == ["box", "boxes", "my/box", "sandbox"]
    assert [client.search("box", n=n)["page_size"] for n in (0, 1000, "many")] == [1, 100, 25]
