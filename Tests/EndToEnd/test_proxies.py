"""Behind a proxy: what it says of a client is believed of named proxies alone; and nginx itself, with TLS, in front."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Callable, Iterator

import pytest

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from images import large_layer, make_chain, make_image
from nginx import RIGHT, Proxy
from ports import outer_address
from server import BINARY, Server
from v1client import EngineClient, expect

#: A peer that is the trusted proxy, and one that is not: both are this machine.
PROXY, OTHER = "127.0.0.2", "127.0.0.1"

Behind = Callable[..., tuple[Server, Proxy, Server]]


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Server:
    return make_shared(*ACCOUNTS, "--trusted-proxies", f"{PROXY},192.0.2.0/24").start()


@pytest.fixture(scope="module")
def alice(registry: Server) -> Login:
    return registry.add_user("alice")


def ask(server: Server, peer: str, fields: dict[str, str], login: Login | None = None, method: str = "GET", path: str = "/v1/users/",
        body: bytes | None = None) -> wire.Response:
    """A request whose other end has this address."""
    lines = [("Host", server.name), ("Connection", "close"), *fields.items(), *([("Authorization", login.basic)] if login else [])]
    with wire.Connection(server.address, source=peer) as connection:
        return connection.ask(method, path, lines, body)


def last_audit(server: Server) -> dict[str, object]:
    return dict(json.loads((server.data / "audit.log").read_text().splitlines()[-1]))


FAR = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
SAFE = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

CLEARTEXT: list[tuple[str, dict[str, str], int]] = [
    (OTHER, {}, 200), (OTHER, FAR, 200), (OTHER, SAFE, 200), (PROXY, SAFE, 200), (PROXY, FAR, 400),
    (PROXY, {"X-Forwarded-For": "203.0.113.9"}, 400), (PROXY, {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"}, 400),
    (PROXY, {"Forwarded": "for=203.0.113.9;proto=https"}, 200), (PROXY, {"Forwarded": "for=203.0.113.9;proto=http"}, 400),
    (PROXY, {"Forwarded": 'for="[2001:db8::1]:4711"; proto=https'}, 200),
    (PROXY, {"Forwarded": "for=203.0.113.9;proto=https", **SAFE}, 200),
    (PROXY, {"Forwarded": "for=203.0.113.9;proto=https", **FAR}, 400),
    (PROXY, {"Forwarded": "for=198.51.100.1;proto=https", **SAFE}, 400),
    (PROXY, {"X-Forwarded-For": "127.0.0.1, 203.0.113.9", "X-Forwarded-Proto": "https, http"}, 400)]


@pytest.mark.parametrize("peer, fields, expected", CLEARTEXT)
def test_a_password_in_the_clear_is_refused_unless_a_named_proxy_says_that_it_was_not(
        registry: Server, alice: Login, peer: str, fields: dict[str, str], expected: int) -> None:
    answer = ask(registry, peer, fields, alice)
    assert answer.status == expected, answer.body
    if expected == 400:
        assert answer.error
    anonymous = ask(registry, peer, fields, path="/v1/_ping")
    assert anonymous.status in (200, 400)


@pytest.mark.parametrize("fields", [FAR, {"Forwarded": "for=203.0.113.9;proto=http"}])
def test_nobody_elses_word_counts(registry: Server, alice: Login, fields: dict[str, str]) -> None:
    expect(ask(registry, OTHER, fields, Login("alice", "planted-wrong").noted()), 401)
    assert last_audit(registry)["from"] == OTHER
    expect(ask(registry, PROXY, SAFE, Login("alice", "planted-wrong")), 401)
    assert last_audit(registry)["from"] == "203.0.113.9"
    chain = {"X-Forwarded-For": "10.1.1.1, 203.0.113.7, 192.0.2.44", "X-Forwarded-Proto": "https"}
    expect(ask(registry, PROXY, chain, Login("alice", "planted-wrong")), 401)
    assert last_audit(registry)["from"] == "203.0.113.7", "the first from the right that is no proxy"


def test_the_endpoint_and_the_cookie_are_those_of_the_clients_own_connection(registry: Server, alice: Login) -> None:
    def push(peer: str, **fields: str) -> wire.Response:
        lines = {name.replace("_", "-"): value for name, value in fields.items()}
        return ask(registry, peer, lines, alice, "PUT", "/v1/repositories/alice/app/", b"[]")

    direct = push(OTHER, **{name.replace("-", "_"): value for name, value in SAFE.items()}, X_Forwarded_Host="evil.example")
    assert direct.all("X-Docker-Endpoints") == [registry.name] and "Secure" not in (direct.header("Set-Cookie") or "")
    assert not any("evil.example" in value for _, value in direct.headers)
    proxied = push(PROXY, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https", X_Forwarded_Host="registry.example.com:8443")
    assert proxied.all("X-Docker-Endpoints") == ["registry.example.com:8443"] and "Secure" in (proxied.header("Set-Cookie") or "")
    forwarded = push(PROXY, Forwarded='for=203.0.113.9;proto=https;host="registry.example.com:8443"')
    assert forwarded.all("X-Docker-Endpoints") == ["registry.example.com:8443"]
    for hostile in ("evil.example/path", "a b", "user@evil.example", "x\ty", "[::1", "a,b"):
        answer = push(PROXY, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https", X_Forwarded_Host=hostile)
        assert answer.status == 400 or hostile not in (answer.header("X-Docker-Endpoints") or ""), hostile


def test_the_external_url_is_above_what_anybody_says(make: Make) -> None:
    server = make(*ACCOUNTS, "--external-url", "https://registry.example.com:8443", "--trusted-proxies", PROXY).start()
    alice = server.add_user("alice")
    for peer, fields in ((OTHER, {}), (PROXY, {**SAFE, "X-Forwarded-Host": "other.example"})):
        answer = ask(server, peer, fields, alice, "PUT", "/v1/repositories/alice/app/", b"[]")
        assert answer.all("X-Docker-Endpoints") == ["registry.example.com:8443"]


def test_from_another_machine_a_password_needs_tls_or_the_operators_word(make: Make) -> None:
    """Over this machine's own address, if it has one besides loopback."""
    address = outer_address()
    for flags, expected in (((), 400), (("--cleartext-credentials", "true"), 200)):
        server = make(*ACCOUNTS, *flags, listen="0.0.0.0:0").start()
        alice = server.add_user("alice")
        server.address = (address, server.address[1])
        for login in (alice, *([Login("alice", "planted-wrong").noted()] if expected == 400 else [])):
            answer = server.call("GET", "/v1/users/", login)
            assert answer.status == expected, "right or wrong, before it is looked at"
            assert expected == 200 or "https" in answer.error
        expect(server.call("GET", "/v1/_ping", Authorization="Basic Og=="), 200)
        expect(server.call("GET", "/v1/users/", Authorization="Basic Og=="), 401)


def test_only_the_addresses_that_are_let_in_get_through_the_proxy(make: Make) -> None:
    server = make("--allow-from", "203.0.113.0/24,2001:db8::/32", "--trusted-proxies", PROXY).start()
    for peer, fields, status in (
            (PROXY, SAFE, 200), (PROXY, {"X-Forwarded-For": "198.51.100.1"}, 403), (PROXY, {}, 403), (OTHER, {}, 403), (OTHER, SAFE, 403),
            (PROXY, {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}, 403), (PROXY, {"Forwarded": 'for="[2001:db8::7]:80"'}, 200),
            (PROXY, {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=198.51.100.1"}, 400),
            (PROXY, {"X-Forwarded-For": "nonsense"}, 403)):
        for path in ("/v1/_ping", "/v1/search", "/v1/nowhere-at-all"):
            answer = ask(server, peer, fields, path=path)
            assert answer.status == status or (status == 200 and "nowhere" in path and answer.status == 404), (peer, fields, path)


# nginx

@pytest.fixture
def behind_nginx(make: Make, authority: Authority, tmp_path: Path) -> Iterator[Behind]:
    proxies: list[Proxy] = []

    def assemble(directives: str = RIGHT, *flags: str) -> tuple[Server, Proxy, Server]:
        """The server, nginx, and the server as clients of nginx see it."""
        server = make(*ACCOUNTS, *(flags or ("--trusted-proxies", "127.0.0.1")), "--new-repositories", "public").start()
        proxy = Proxy(tmp_path / f"nginx-{len(proxies)}", authority.server(), server.name, directives).start()
        proxies.append(proxy)
        seen = Server(server.folder, tls=authority.trust())
        seen.address = proxy.address
        return server, proxy, seen

    yield assemble
    for proxy in proxies:
        proxy.stop()


def test_an_engine_pushes_and_pulls_through_nginx(behind_nginx: Behind) -> None:
    server, proxy, seen = behind_nginx()
    alice = server.add_user("alice")
    chain = [*make_chain(1), make_image(layer=large_layer(4))]
    EngineClient.of(seen, alice).push("alice/app", [chain[0]])
    EngineClient.of(seen, alice).push("alice/large", [chain[1]])
    assert EngineClient.of(seen, alice).pull("alice/app") == [chain[0]]
    assert EngineClient.of(seen).pull("alice/large", breaks=(100_000,)) == [chain[1]]
    assert "Secure" in (seen.call("GET", "/v1/repositories/alice/app/images", alice).header("Set-Cookie") or "")


def test_without_being_named_the_proxy_is_just_a_client(behind_nginx: Behind) -> None:
    server, _, seen = behind_nginx(RIGHT, "--trusted-proxies", "192.0.2.1")
    alice = server.add_user("alice")
    answer = seen.call("PUT", "/v1/repositories/alice/app/", alice, body=b"[]")
    assert answer.status == 200 and "Secure" not in (answer.header("Set-Cookie") or "")
    expect(seen.call("GET", "/v1/users/", Login("alice", "planted-wrong").noted()), 401)
    assert last_audit(server)["from"] == "127.0.0.1"


def check(server: Server, proxy: Proxy, authority: Authority) -> subprocess.CompletedProcess[str]:
    arguments = ["check", "proxy", proxy.url, "--ca", str(authority.certificate), "--repository", "alice/app"]
    return subprocess.run([str(BINARY), *arguments], capture_output=True, text=True, timeout=60, env=server.environment)


WRONG = {
    "right": (RIGHT, None),
    "no host": (RIGHT.replace("Host $http_host", "Host internal.example"), "Host"),
    "no port": (RIGHT.replace("$http_host", "$host"), "Host"),
    "no scheme": (RIGHT.replace("proxy_set_header X-Forwarded-Proto $scheme;", ""), "X-Forwarded-Proto"),
    "small bodies": (RIGHT.replace("client_max_body_size 0", "client_max_body_size 1m"), "client_max_body_size"),
    "own login": (RIGHT + "auth_basic wharf; auth_basic_user_file /dev/null;", "_ping"),
}


@pytest.fixture(scope="module")
def watched(make_shared: Make) -> Server:
    """With a repository that everybody may look at."""
    server = make_shared(*ACCOUNTS, "--trusted-proxies", "127.0.0.1", "--new-repositories", "public").start()
    EngineClient.of(server, server.add_user("alice")).push("alice/app", make_chain(1))
    return server


@pytest.mark.parametrize("case", WRONG)
def test_wharf_check_proxy_says_what_is_wrong(watched: Server, authority: Authority, tmp_path: Path, case: str) -> None:
    directives, named = WRONG[case]
    proxy = Proxy(tmp_path, authority.server(), watched.name, directives).start()
    try:
        result = check(watched, proxy, authority)
    finally:
        proxy.stop()
    assert result.returncode == (0 if named is None else 1), result.stdout + result.stderr
    assert named is None or named in result.stdout, result.stdout
