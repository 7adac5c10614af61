"""v2 with accounts: the challenge, tokens and Basic, who may do what, and what a refusal looks like."""
from __future__ import annotations

import re
from typing import Iterator

import pytest

import wire
from accounts import ACCOUNTS, Login
from conftest import Make
from contents import Contents
from server import Server
from v2client import V2Client, adding, code, digest, errors, expect, location

PUBLIC = ["alice/public"]
CLEARTEXT = ("--cleartext-credentials", "true")


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Iterator[Server]:
    server = make_shared(*ACCOUNTS, *CLEARTEXT).start()
    for name in ("alice", "bernd"):
        logins[name] = server.add_user(name)
    for repository in ("alice/private", "alice/public"):
        client = V2Client(server, logins["alice"])
        contents = Contents()
        image = contents.image("1.0")
        for data in contents.blobs.values():
            client.push_blob(repository, data)
        expect(client.put_manifest(repository, "1.0", image.data), 201)
        pushed[repository] = contents
    server.run("repo", "visibility", "alice/public", "public")
    yield server


logins: dict[str, Login] = {}
pushed: dict[str, Contents] = {}


def challenge(response: wire.Response) -> dict[str, str]:
    """What a 401 asks for."""
    assert code(expect(response, 401)) == "UNAUTHORIZED"
    field = response.header("WWW-Authenticate") or ""
    assert re.fullmatch(r'Bearer (\w+="[^"]*",?)+', field), field
    return dict(re.findall(r'(\w+)="([^"]*)"', field))


def bearer(registry: Server, token: str, method: str, path: str, body: bytes | None = None) -> wire.Response:
    return registry.call(method, path, Authorization=f"Bearer {token}", body=body)


def token(registry: Server, user: str | None, *scopes: str) -> str:
    answer = expect(V2Client(registry, logins.get(user or "")).token(service(registry), *scopes), 200)
    wire.SECRETS.add(answer.json["token"])
    return answer.json["token"]


def service(registry: Server) -> str:
    return challenge(registry.call("GET", "/v2/"))["service"]


def test_the_challenge(registry: Server) -> None:
    asked = challenge(registry.call("GET", "/v2/"))
    assert asked["realm"] == f"http://{registry.name}/v2/token" and "scope" not in asked
    for method, path, scope in [("GET", "manifests/1.0", "pull"), ("GET", "tags/list", "pull"), ("POST", "blobs/uploads/", "pull,push")]:
        asked = challenge(registry.call(method, f"/v2/alice/private/{path}", body=b"" if method == "POST" else None))
        assert asked["scope"] == f"repository:alice/private:{scope}"
    assert challenge(registry.call("DELETE", "/v2/alice/private/manifests/1.0"))["scope"].startswith("repository:alice/private:")


@pytest.mark.parametrize("basic", [True, False], ids=["basic", "token"])
def test_both_ways_to_log_in(registry: Server, basic: bool) -> None:
    client = V2Client(registry, logins["alice"], basic=basic)
    expect(client.ping(), 200)
    assert client.tag_names("alice/private") == ["1.0"]
    name = client.push_blob("alice/private", b"by " + str(basic).encode(), way="stream")
    expect(client.delete("alice/private", f"blobs/{name}"), 202)


def test_a_token_is_good_for_what_it_says_and_no_more(registry: Server) -> None:
    pull = token(registry, "alice", "repository:alice/private:pull")
    expect(bearer(registry, pull, "GET", "/v2/alice/private/manifests/1.0"), 200)
    expect(bearer(registry, pull, "GET", "/v2/"), 200)
    for method, path in (("POST", "/v2/alice/private/blobs/uploads/"), ("DELETE", "/v2/alice/private/manifests/1.0")):
        assert challenge(bearer(registry, pull, method, path, b""))["error"] == "insufficient_scope"
    assert challenge(bearer(registry, pull, "GET", "/v2/alice/other/tags/list"))["error"] == "insufficient_scope"
    assert challenge(bearer(registry, pull[:-4] + "AAAA", "GET", "/v2/"))["error"] == "invalid_token"


def test_a_token_gives_nobody_more_than_the_rights_there_are(registry: Server) -> None:
    for user in ("bernd", None):
        asked = token(registry, user, "repository:alice/private:pull,push,delete", "repository:alice/public:pull,push")
        expect(bearer(registry, asked, "GET", "/v2/alice/public/manifests/1.0"), 200)
        private = bearer(registry, asked, "GET", "/v2/alice/private/manifests/1.0")
        write = bearer(registry, asked, "POST", "/v2/alice/public/blobs/uploads/", b"")
        if user:
            assert code(expect(private, 404)) == "NAME_UNKNOWN"
            assert errors(expect(write, 403)) == [("DENIED", "requested access to the resource is denied")]
        else:
            assert challenge(private)["scope"] == "repository:alice/private:pull" and challenge(write)


def test_what_is_private_and_what_is_missing_look_the_same(registry: Server) -> None:
    image = pushed["alice/private"].manifests[0]
    layer = next(iter(pushed["alice/private"].blobs))
    for basic in (True, False):
        client = V2Client(registry, logins["bernd"], basic=basic)
        for path in ("manifests/1.0", f"manifests/{image.digest}", f"blobs/{layer}", "tags/list", f"referrers/{image.digest}"):
            answers = [client.call("GET", f"/v2/{repository}/{path}") for repository in ("alice/private", "alice/missing")]
            assert answers[0].status == answers[1].status, path
            assert answers[0].body.replace(b"alice/private", b"NAME") == answers[1].body.replace(b"alice/missing", b"NAME"), path
            assert answers[0].status == (200 if path.startswith("referrers") else 404)
        started = expect(client.mount("bernd/stolen", layer, "alice/private"), 202)
        assert started.header("Docker-Content-Digest") is None, "a mount of what may not be read begins an upload"
        expect(client.mount("bernd/stolen", layer), 202)

def test_lists_show_what_the_caller_may_see(registry: Server) -> None:
    """In v2 and in v1, which finds what v2 has pushed."""
    assert V2Client(registry, logins["bernd"]).catalog() == PUBLIC
    assert V2Client(registry, logins["alice"]).catalog() == ["alice/private", "alice/public"]
    lister = token(registry, "alice", "registry:catalog:*")
    assert expect(bearer(registry, lister, "GET", "/v2/_catalog"), 200).json == {"repositories": ["alice/private", "alice/public"]}
    expect(bearer(registry, lister, "GET", "/v2/alice/private/tags/list"), 401)
    for login, names in ((None, PUBLIC), (logins["bernd"], PUBLIC), (logins["alice"], ["alice/private", *PUBLIC])):
        results = expect(registry.call("GET", "/v1/search?q=alice", login), 200).json["results"]
        assert sorted(result["name"] for result in results) == names


def test_an_upload_is_its_beginners(registry: Server) -> None:
    target = location(expect(V2Client(registry, logins["alice"]).start("alice/private"), 202))
    for login in (logins["bernd"], None):
        for method in ("GET", "PATCH", "PUT", "DELETE"):
            body = b"" if method in ("PATCH", "PUT") else None
            answer = V2Client(registry, login).call(method, adding(target, digest=digest(b"")), body=body)
            assert answer.status in (401, 403, 404), (method, answer)
    expect(V2Client(registry, logins["alice"]).status(target), 204)


def test_a_wrong_password_is_said_to_be_wrong(registry: Server) -> None:
    wrong = Login("alice", "planted-wrong").noted()
    for path in ("/v2/", "/v2/alice/public/manifests/1.0", "/v2/_catalog", f"/v2/token?service={service(registry)}&account=alice"):
        refused = expect(registry.call("GET", path, wrong), 401)
        (kind, message), = errors(refused)
        assert kind == "UNAUTHORIZED" and "incorrect username or password" in message


def test_a_refresh_token_gets_tokens_and_nothing_else(registry: Server) -> None:
    first = expect(V2Client(registry, logins["alice"]).token(service(registry), offline_token="true", client_id="docker"), 200).json
    refresh = first["refresh_token"]
    wire.SECRETS.update((refresh, first["token"]))
    form = (f"grant_type=refresh_token&service={service(registry)}&client_id=docker&refresh_token={refresh}"
            "&scope=repository:alice/private:pull")
    granted = expect(registry.call("POST", "/v2/token", Content_Type="application/x-www-form-urlencoded", body=form.encode()), 200).json
    wire.SECRETS.add(granted["access_token"])
    expect(bearer(registry, granted["access_token"], "GET", "/v2/alice/private/manifests/1.0"), 200)
    expect(bearer(registry, refresh, "GET", "/v2/"), 401)


def test_a_password_that_is_changed_ends_its_tokens(make: Make) -> None:
    server = make(*ACCOUNTS, *CLEARTEXT).start()
    logins["carla"] = server.add_user("carla")
    expect(V2Client(server, logins["carla"]).start("carla/app"), 202)
    held = token(server, "carla", "repository:carla/app:pull,push")
    expect(bearer(server, held, "POST", "/v2/carla/app/blobs/uploads/", b""), 202)
    server.run("user", "passwd", "carla", "--password-stdin", stdin="planted-changed\n")
    assert challenge(bearer(server, held, "POST", "/v2/carla/app/blobs/uploads/", b""))["error"] == "invalid_token"
