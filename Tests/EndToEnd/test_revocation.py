"""What is taken away counts on the very next request: on connections that are open, for tokens, keys and cookies, and with warm caches."""
from __future__ import annotations

from typing import Callable

import pytest

import wire
from accounts import ACCOUNTS, Login
from clock import Clock
from conftest import Make
from images import make_chain
from server import Server
from v1client import EngineClient, expect


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Server:
    return make_shared(*ACCOUNTS).start()


class Session:
    """A client that stays connected, shows one credential, and has asked before what it asks again."""

    def __init__(self, server: Server, path: str, header: tuple[str, str]) -> None:
        self.path, self.header = path, header
        self.connection = server.connect()

    def ask(self) -> wire.Response:
        return self.connection.ask("GET", self.path, [self.header])

    def warm_up(self) -> None:
        for _ in range(4):
            expect(self.ask(), 200)


def sessions(server: Server, login: Login, repository: str, image_id: str) -> list[Session]:
    """Every way to come back: Basic for a login and tags; the token; the cookie."""
    listed = server.call("GET", f"/v1/repositories/{repository}/images", login)
    token = listed.header("X-Docker-Token") or ""
    cookie = (listed.header("Set-Cookie") or "").split(";")[0]
    wire.note_secret(cookie)
    tags, layer = f"/v1/repositories/{repository}/tags", f"/v1/images/{image_id}/layer"
    made = [Session(server, path, ("Authorization", login.basic)) for path in ("/v1/users/", tags)]
    made += [Session(server, path, ("Authorization", token)) for path in (tags, layer, f"/v1/images/{image_id}/ancestry")]
    made += [Session(server, path, ("Cookie", cookie)) for path in (tags, layer)]
    for session in made:
        session.warm_up()
    return made


@pytest.mark.parametrize("command, status", [("passwd", 401), ("disable", 403)])
def test_a_new_password_and_a_disabled_account_count_at_once(registry: Server, command: str, status: int) -> None:
    login = registry.add_user(f"user_{command}")
    repository, chain = f"{login.user}/app", make_chain(1)
    EngineClient.of(registry, login).push(repository, chain)
    open_sessions = sessions(registry, login, repository, chain[0].id)
    new = Login.make(login.user)
    registry.run("user", command, login.user, *(["--password-stdin"] if command == "passwd" else []), stdin=f"{new.password}\n")
    for session in open_sessions:
        answer = session.ask()
        by_cookie = session.header[0] == "Cookie"
        assert answer.status == (401 if by_cookie else status), f"{session.header[0]} {session.path}: {answer.status}"
    if command == "disable":
        registry.run("user", "enable", login.user)
        for session in open_sessions:
            assert session.ask().status == 200, session.path
    else:
        assert EngineClient.of(registry, new).pull(repository) == chain


def test_a_revoked_key_counts_at_once_and_so_do_its_tokens(registry: Server) -> None:
    login = registry.add_user("keeper")
    chain = make_chain(1)
    EngineClient.of(registry, login).push("keeper/app", chain)
    key, other = (registry.add_key(login, name, "--access", "write").noted() for name in ("laptop", "robot"))
    lost, kept = sessions(registry, key, "keeper/app", chain[0].id), sessions(registry, other, "keeper/app", chain[0].id)
    registry.run("key", "revoke", "keeper", "laptop")
    assert [session.ask().status for session in lost] == [401] * len(lost)
    assert [session.ask().status for session in kept] == [200] * len(kept)
    assert registry.command("key", "revoke", "keeper", "laptop").returncode == 1
    again = registry.add_key(login, "laptop", "--access", "write").noted()
    assert again.password != key.password
    assert lost[0].ask().status == lost[-3].ask().status == 401, "a key of the same name is another key"


def changes(server: Server) -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    return [
        ("collaborator", lambda: server.run("member", "add", "owner/app", "reader", "--access", "read"),
         lambda: server.run("member", "remove", "owner/app", "reader")),
        ("member", lambda: server.run("member", "add", "company", "reader", "--access", "write"),
         lambda: server.run("member", "remove", "company", "reader")),
        ("administrator", lambda: server.run("user", "admin", "reader", "on"), lambda: server.run("user", "admin", "reader", "off")),
        ("public", lambda: server.run("repo", "visibility", "owner/app", "public"),
         lambda: server.run("repo", "visibility", "owner/app", "private"))]


def test_rights_that_are_given_and_taken_count_at_once(registry: Server) -> None:
    owner, reader, chief = (registry.add_user(name, *flags) for name, flags in (("owner", []), ("reader", []), ("chief", ["--admin"])))
    registry.run("org", "create", "company")
    chain = make_chain(1)
    EngineClient.of(registry, owner).push("owner/app", chain)
    EngineClient.of(registry, chief).push("company/app", chain)
    for name, give, take in changes(registry):
        repository = "company/app" if name == "member" else "owner/app"
        tags = Session(registry, f"/v1/repositories/{repository}/tags", ("Authorization", reader.basic))
        search = Session(registry, "/v1/search?q=app", ("Authorization", reader.basic))
        for _ in range(2):
            assert tags.ask().status == 404 and search.ask().json["num_results"] == 0, f"before {name}"
        give()
        for _ in range(2):
            assert tags.ask().json == {"latest": chain[0].id}, f"with {name}"
        assert repository in [result["name"] for result in search.ask().json["results"]]
        opened = sessions(registry, reader, repository, chain[0].id)
        take()
        assert tags.ask().status == 404 and search.ask().json["num_results"] == 0, f"after {name}"
        seen = {session.path: session.ask() for session in opened if session.path != "/v1/users/"}
        assert not any(answer.status == 200 and chain[0].id.encode() in answer.body for answer in seen.values()), f"after {name}"
        assert {answer.status for answer in seen.values()} <= {401, 403, 404}, f"after {name}"


def test_the_member_list_says_who_is_in(registry: Server) -> None:
    for name in ("ann_a", "ben_b"):
        registry.add_user(name)
    registry.run("org", "create", "society")
    registry.run("member", "add", "society", "ann_a", "--access", "admin")
    registry.run("member", "add", "society", "ben_b")
    table = registry.run("member", "list", "society")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["ann_a", "admin"], ["ben_b", "read"]], table
    assert "society" in registry.run("org", "list")
    assert registry.command("user", "add", "society", "--email", "s@example.com", "--password-stdin", stdin="long enough\n").returncode == 1
    registry.run("org", "delete", "society")
    assert "society" not in registry.run("org", "list")


# Keys

@pytest.mark.parametrize("access, pushes", [("read", 403), ("write", 200), ("admin", 200)])
def test_a_key_can_do_what_it_is_for(registry: Server, access: str, pushes: int) -> None:
    login = registry.add_user(f"key_{access}")
    chain = make_chain(1)
    EngineClient.of(registry, login).push(f"{login.user}/app", chain)
    key = registry.add_key(login, "one", "--access", access).noted()
    assert EngineClient.of(registry, key).pull(f"{login.user}/app") == chain
    expect(registry.call("GET", "/v1/users/", key), 200)
    expect(registry.call("PUT", f"/v1/repositories/{login.user}/app/", key, body=b"[]"), pushes)
    expect(registry.call("PUT", f"/v1/repositories/{login.user}/app/properties", key, body=b'{"access":"private"}'),
           200 if access == "admin" else 403)
    if access == "write":
        EngineClient.of(registry, key).push(f"{login.user}/other", chain)
    expect(registry.call("DELETE", f"/v1/repositories/{login.user}/app/", key), 200 if access == "admin" else 403)
    if access == "admin":
        expect(registry.call("GET", "/v1/users/", Login(login.user, key.password[:-1])), 401)
        expect(registry.call("GET", "/v1/users/", Login("somebody", key.password)), 401)


def test_a_key_is_for_its_repositories_alone(registry: Server) -> None:
    login, chain = registry.add_user("scoped"), make_chain(1)
    for name in ("app", "app-two", "other"):
        EngineClient.of(registry, login).push(f"scoped/{name}", chain)
    key = registry.add_key(login, "apps", "--access", "write", "--repository", "scoped/app*").noted()
    assert EngineClient.of(registry, key).pull("scoped/app-two") == chain
    EngineClient.of(registry, key).push("scoped/app3", make_chain(1))
    for method, path in (("GET", "images"), ("GET", "tags"), ("GET", "tags/latest"), ("GET", "properties")):
        expect(registry.call(method, f"/v1/repositories/scoped/other/{path}", key), 404)
    expect(registry.call("PUT", "/v1/repositories/scoped/other/", key, body=b"[]"), 403)
    found = [result["name"] for result in registry.call("GET", "/v1/search", key).json["results"]]
    assert sorted(found) == ["scoped/app", "scoped/app-two", "scoped/app3"]
    listed = registry.run("key", "list", "scoped")
    assert "apps" in listed and "scoped/app*" in listed and key.password not in listed


def test_an_administrators_weak_key_does_not_administer(registry: Server) -> None:
    admin = registry.add_user("mighty", "--admin")
    key = registry.add_key(admin, "pulls", "--access", "read").noted()
    expect(registry.call("PUT", "/v1/repositories/tools/", key, body=b"[]"), 403)
    expect(registry.call("PUT", "/v1/users/somebody_else/", key, body=b"{}"), 403)
    expect(registry.call("PUT", "/v1/repositories/tools/", admin, body=b"[]"), 200)


def test_keys_tokens_and_cookies_come_to_their_end(make: Make) -> None:
    """The clock is put forward, as nobody waits a day."""
    server = make(*ACCOUNTS, "--tokens-life", "10m", "--tokens-total-life", "1h")
    clock = Clock(server.folder)
    server.environment |= clock.environment
    server.start()
    login, chain = server.add_user("owner"), make_chain(1)
    EngineClient.of(server, login).push("owner/app", chain)
    key = server.add_key(login, "short", "--access", "write", "--expires", "30m").noted()
    by_key = sessions(server, key, "owner/app", chain[0].id)[1]
    by_token = [session for session in sessions(server, login, "owner/app", chain[0].id) if "Basic" not in session.header[1]]
    for minutes in range(4, 60, 8):
        clock.set(f"+{minutes}m")
        assert {session.ask().status for session in by_token} == {200}, f"a token that is used goes on, {minutes} minutes"
        assert by_key.ask().status == (200 if minutes < 30 else 401), f"the key, {minutes} minutes"
    clock.set("+61m")
    assert {session.ask().status for session in by_token} == {401}, "but not for ever"
    unused = [session for session in sessions(server, login, "owner/app", chain[0].id) if "Basic" not in session.header[1]]
    clock.set("+72m")
    assert {session.ask().status for session in unused} == {401}, "and not when it is not used"
    assert "expired" in server.run("key", "list", "owner")
    assert EngineClient.of(server, login).pull("owner/app") == chain
