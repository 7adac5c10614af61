"""What is private can neither be read, listed, searched nor guessed: not by a stranger with an account, and not without one."""
from __future__ import annotations

import re

import pytest

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from images import Image, make_chain, make_id
from server import Server
from v1client import EngineClient, expect

SECRET = "alice/secret-plans"


@pytest.fixture(scope="module")
def registry(make_shared: Make, authority: Authority) -> Server:
    server = make_shared(*ACCOUNTS, *authority.server().flags, tls=authority.trust()).start()
    for name in ("alice", "stranger"):
        logins[name] = server.add_user(name)
    images.extend(make_chain(2))
    EngineClient.of(server, logins["alice"]).push(SECRET, images)
    server.run("repo", "describe", SECRET, "quite unusual words")
    EngineClient.of(server, logins["alice"]).push("alice/public", make_chain(1))
    server.run("repo", "visibility", "alice/public", "public")
    EngineClient.of(server, logins["stranger"]).push("stranger/own", make_chain(1))
    return server


logins: dict[str, Login] = {}
images: list[Image] = []


def read_paths(repository: str, image_id: str) -> list[str]:
    of_repository = [f"/v1/repositories/{repository}/{part}" for part in
                     ("images", "tags", "tags/latest", "tags/latest/json", "json", "properties", f"layer/{image_id}/access")]
    of_image = [f"/v1/images/{image_id}/{part}" for part in ("json", "layer", "ancestry", "files", "diff")]
    return of_repository + of_image


def ask_all(server: Server, login: Login | None, repository: str, image_id: str, **fields: str) -> dict[str, tuple[int, object, bytes]]:
    """What each route answers: the status, the fields but those that change from answer to answer, and the body, without the names."""
    lines = [(name.replace("_", "-"), value) for name, value in fields.items()] + ([("Authorization", login.basic)] if login else [])
    found = {}
    with server.connect() as connection:
        for path in read_paths(repository, image_id):
            for method in ("GET", "HEAD"):
                answer = connection.ask(method, path, lines)
                headers = sorted((name, value) for name, value in answer.headers if name not in ("Date",))
                plain = path.replace(repository, "REPOSITORY").replace(image_id, "ID")
                found[f"{method} {plain}"] = (answer.status, headers, answer.body.replace(image_id.encode(), b"ID"))
    return found


CONDITIONS: list[dict[str, str]] = [
    {}, {"Range": "bytes=0-3"}, {"If_None_Match": "*"}, {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"X_Docker_Token": "true"}]


@pytest.mark.parametrize("fields", CONDITIONS, ids=["plain", "range", "if-none-match", "if-modified-since", "x-docker-token"])
@pytest.mark.parametrize("who", ["stranger", "anonymous"])
def test_what_is_private_looks_as_if_it_were_not_there(registry: Server, who: str, fields: dict[str, str]) -> None:
    login = logins.get(who)
    private = ask_all(registry, login, SECRET, images[1].id, **fields)
    absent = ask_all(registry, login, "alice/nothing-here", make_id(), **fields)
    nowhere = ask_all(registry, login, "no_user/nothing-here", make_id(), **fields)
    assert private == absent == nowhere
    for route, (status, headers, body) in private.items():
        expected = (401,) if who == "anonymous" else (200, 404) if re.search("json$|access$", route) else (404,)
        assert status in expected, f"{route}: {status}"
        assert images[0].id.encode() not in body and SECRET.encode() not in body and b"latest" not in body
        assert not {name for name, _ in headers} & {"X-Docker-Token", "Set-Cookie", "ETag", "X-Docker-Size", "Content-Range"}, route
    mine = ask_all(registry, logins["alice"], SECRET, images[1].id)
    assert {status for status, _, _ in mine.values()} == {200}, "the owner sees it all"


@pytest.mark.parametrize("who, expected", [("stranger", 403), ("anonymous", 401)])
def test_nothing_private_can_be_changed_and_trying_tells_nothing(registry: Server, who: str, expected: int) -> None:
    login = logins.get(who)
    image_id = images[1].id
    calls = [("PUT", "", b"[]"), ("PUT", "images", b"[]"), ("PUT", "tags/latest", b'"%s"' % image_id.encode()),
             ("DELETE", "tags/latest", None), ("DELETE", "tags", None), ("DELETE", "", None),
             ("PUT", "properties", b'{"access":"public"}'), ("PUT", "auth", b"")]
    credential = [("Authorization", login.basic)] if login else []
    with registry.connect() as connection:
        for method, path, body in calls:
            for more in ([], [("X-Docker-Token", "true")]):
                answers = [connection.ask(method, f"/v1/repositories/{name}/{path}", credential + more, body)
                           for name in (SECRET, "alice/nothing-here", "alice/public", "tools", "no_user/thing")]
                assert {(answer.status, answer.body) for answer in answers} == {(expected, answers[0].body)}, (method, path)
                assert not any(answer.header("X-Docker-Token") or answer.header("Set-Cookie") for answer in answers)
    assert EngineClient.of(registry, logins["alice"]).pull(SECRET) == images


@pytest.mark.parametrize("term", ["", "secret", "secret-plans", "alice", SECRET, "unusual", "%", "_", "*", '"', "'", "\\", "-plans"])
def test_search_does_not_find_it(registry: Server, term: str) -> None:
    for login, visible in ((logins["stranger"], {"alice/public", "stranger/own"}), (None, {"alice/public"})):
        for more in ({}, {"n": 1}, {"n": 100, "page": 2}):
            answer = EngineClient.of(registry, login).search(term, **more)
            names = {result["name"] for result in answer["results"]}  # type: ignore[attr-defined]
            assert names <= visible and answer["num_results"] <= len(visible)  # type: ignore[operator]
            assert "unusual words" not in str(answer["results"])
    assert EngineClient.of(registry, logins["alice"]).found("unusual") == [SECRET]


ODD_PATHS = [
    "/v1//repositories/{name}/tags", "//v1/repositories/{name}/tags", "/v1/repositories//{name}/tags", "/v1/repositories/{name}//tags",
    "/v1/repositories/alice%2Fsecret-plans/tags", "/v1/repositories/alice%252Fsecret-plans/tags",
    "/v1/repositories/alice/%73ecret-plans/tags", "/v1/repositories/alice//secret-plans/tags",
    "/v1/repositories/alice/./secret-plans/tags", "/v1/repositories/x/../{name}/tags",
    "/v1/repositories/stranger/own/../../{name}/tags", "/v1/repositories/{name}/tags/", "/v1/repositories/{name}/tags?x=1",
    "/v1/repositories/alice\\secret-plans/tags", "/v1/repositories/ALICE/secret-plans/tags", "/v1/repositories/{name};x/tags",
    "/v1/repositories/{name}/tags%00", "/v1/repositories/library/{name}/tags", "/v1/repositories/%2e%2e/repositories/{name}/tags",
    "/v1/images//{id}/json", "/v1/images/{id}//json", "/v1/images/{id}/json/", "/v1/images/%2E/{id}/json", "/v1/images/{ID}/json",
    "/v1/images/stranger/own/{id}/json", "/v1/private_images/{id}/json", "/v1/private_images/{id}/layer", "/v2/{name}/tags/list",
    "/v1/repositories/{name}/tags#", "http://elsewhere/v1/repositories/{name}/tags"]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_spelling_of_a_path_gets_around_it(registry: Server, path: str) -> None:
    target = path.format(name=SECRET, id=images[1].id, ID=images[1].id.upper())
    for login in (logins["stranger"], None):
        answer = registry.call("GET", target, login)
        assert answer.status in (400, 401, 404), answer.status
        assert images[0].id.encode() not in answer.body and images[1].json not in answer.body


def test_a_token_for_the_own_repository_opens_no_other(registry: Server) -> None:
    listed = registry.call("GET", "/v1/repositories/stranger/own/images", logins["stranger"])
    write = registry.call("PUT", "/v1/repositories/stranger/own/", logins["stranger"], body=b"[]", X_Docker_Token="true")
    delete = registry.call("DELETE", "/v1/repositories/stranger/own/", logins["stranger"], X_Docker_Token="true")
    assert [answer.status for answer in (listed, write, delete)] == [200, 200, 202]
    for answer in (listed, write, delete):
        token = answer.header("X-Docker-Token") or ""
        with registry.connect() as connection:
            for path in read_paths(SECRET, images[1].id):
                answers = [connection.ask("GET", path.replace(SECRET, name), [("Authorization", token)])
                           for name in (SECRET, "alice/nothing-here")]
                assert answers[0].status in (403, 404) and answers[0].body == answers[1].body, path
        for method, path in (("PUT", "tags/latest"), ("DELETE", "tags/latest"), ("DELETE", ""), ("PUT", "auth"), ("PUT", "properties")):
            expect(registry.call(method, f"/v1/repositories/{SECRET}/{path}", Authorization=token, body=b'"x"'), 403)
    read = listed.header("X-Docker-Token") or ""
    for method, path in (("PUT", "tags/new"), ("DELETE", "tags/latest"), ("DELETE", "")):
        expect(registry.call(method, f"/v1/repositories/stranger/own/{path}", Authorization=read, body=b'"x"'), 403)
    expect(registry.call("PUT", f"/v1/images/{make_id()}/json", Authorization=read, body=b"{}"), 403)


def test_a_registry_that_asks_for_its_user_learns_only_what_the_user_may_know(registry: Server) -> None:
    """`GET …/layer/ID/access` (v1.md §2.6.6): the image is one that the user may read, wherever it is."""
    for login, own, expected in ((logins["alice"], "alice/public", True), (logins["stranger"], "stranger/own", False)):
        path = f"/v1/repositories/{own}/layer/{images[1].id}/access"
        assert registry.call("GET", path, login).json == {"access": expected}
        token = registry.call("GET", f"/v1/repositories/{own}/images", login).header("X-Docker-Token") or ""
        assert registry.call("GET", path, Authorization=token).json == {"access": expected}
        assert registry.call("GET", path.replace(images[1].id, make_id()), login).json == {"access": False}


def test_a_wrong_password_is_refused_on_every_route(registry: Server) -> None:
    """Also where nobody needs one: who shows a password wants to be told that it is wrong."""
    wrong = Login("alice", "planted-but-wrong").noted()
    for path in [*read_paths("alice/public", images[1].id), "/v1/_ping", "/v1/search", "/v1/users/", "/_ping"][::4]:
        expect(registry.call("GET", path, wrong), 401)


def test_what_is_public_is_everybodys_to_pull_and_nobodys_to_push(registry: Server) -> None:
    for login in (logins["stranger"], None):
        client = EngineClient.of(registry, login)
        chain = client.pull("alice/public")
        assert len(chain) == 1
        push = client.call("PUT", "/v1/repositories/alice/public/", {"Content-Type": "application/json"}, b"[]", index=True)
        expect(push, 403 if login else 401)
        answer = registry.call("GET", f"/v1/images/{chain[0].id}/layer", login)
        assert answer.body == chain[0].layer


def test_without_anonymous_pull_the_public_is_whoever_is_logged_in(make: Make) -> None:
    server = make(*ACCOUNTS, "--anonymous-pull", "false", "--new-repositories", "public").start()
    alice, other = server.add_user("alice"), server.add_user("other")
    chain = make_chain(1)
    EngineClient.of(server, alice).push("alice/app", chain)
    assert EngineClient.of(server, other).pull("alice/app") == chain
    assert EngineClient.of(server, other).found("app") == ["alice/app"]
    for path in ["/v1/search?q=app", *read_paths("alice/app", chain[0].id)]:
        expect(server.call("GET", path), 401)
        expect(server.call("GET", path, Authorization="Basic Og=="), 401)
    assert wire.call(server.address, "GET", "/v1/_ping").status == 200
