"""A private registry: accounts over TLS. What is pushed comes back byte for byte, and a stranger finds nothing."""
from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from images import Image, large_layer, make_chain, make_id, make_image
from server import Server
from v1client import EngineClient, expect


@pytest.fixture(scope="module")
def registry(make_shared: Make, authority: Authority) -> Server:
    return make_shared(*ACCOUNTS, *authority.server().flags, tls=authority.trust()).start()


@pytest.fixture(scope="module")
def alice(registry: Server) -> Login:
    return registry.add_user("alice")


@pytest.fixture(scope="module")
def bernd(registry: Server) -> Login:
    return registry.add_user("bernd")


# Pushing and pulling

@pytest.mark.parametrize("version", ["0.10.0", "1.0.0", "1.5.0", "1.7.1"])
def test_an_engine_gets_back_exactly_what_it_pushed(registry: Server, alice: Login, version: str) -> None:
    chain = make_chain()
    repository = f"alice/v{version}"
    EngineClient.of(registry, alice, version=version).push(repository, chain)
    assert EngineClient.of(registry, alice, version=version).pull(repository) == chain


def test_a_layer_can_be_read_in_pieces(registry: Server, alice: Login) -> None:
    image = make_image(layer=large_layer(3))
    EngineClient.of(registry, alice).push("alice/large", [image])
    assert EngineClient.of(registry, alice).pull("alice/large", breaks=(1, 70_000, 2_000_001)) == [image]


def test_an_engine_that_sends_basic_alone_pushes_and_pulls(registry: Server, alice: Login) -> None:
    """Regime A of v1.md §3.3: the requests that name an image name no repository. (1.7 does so when it falls back from v2.)"""
    chain = make_chain()
    EngineClient.of(registry, alice, is_basic_only=True).push("alice/basic", chain)
    assert EngineClient.of(registry, alice, is_basic_only=True).pull("alice/basic") == chain


SPELLINGS = {
    "as_engines_send_it": "Token {}", "as_it_was_given": "{}", "without_a_scheme": "{bare}", "lower_case": "token {bare}",
    "upper_case": "TOKEN {bare}", "doubled_lower_case": "token token {bare}", "trebled": "Token Token {}",
    "spaces_behind_commas": "Token {spaced}", "received_twice": "Token {},{}",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_token_counts_in_every_spelling_that_engines_send(registry: Server, alice: Login, spelling: str) -> None:
    chain = make_chain(1)
    client = EngineClient.of(registry, alice)
    client.push("alice/spelt", chain)
    assert client.token and client.token.startswith("Token signature=")
    bare = client.token.removeprefix("Token ")
    value = spelling.format(client.token, client.token, bare=bare, spaced=bare.replace(",", ", "))
    for path in (f"/v1/images/{chain[0].id}/json", "/v1/repositories/alice/spelt/tags"):
        expect(registry.call("GET", path, Authorization=value), 200)


@pytest.mark.parametrize("value", ["Token", "Token ", "Basic Og==", None])
def test_nobody_is_nobody_in_every_spelling(registry: Server, alice: Login, value: str | None) -> None:
    chain = make_chain(1)
    EngineClient.of(registry, alice).push("alice/spelt", chain)
    fields = {} if value is None else {"Authorization": value}
    for path in (f"/v1/images/{chain[0].id}/json", "/v1/repositories/alice/spelt/tags", "/v1/repositories/alice/spelt/images"):
        answer = registry.call("GET", path, **fields)
        assert answer.status == 401 and answer.all("WWW-Authenticate") == ['Basic realm="wharf"', "Token"]
    expect(registry.call("GET", "/v1/_ping", **fields), 200)
    expect(registry.call("GET", "/v1/users/", **fields), 401)


def tampered(token: str) -> list[str]:
    """Tokens that somebody has made of a good one."""
    signature = re.search(r"signature=([^,]+)", token)[1]  # type: ignore[index]
    flipped = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    return [token.replace(signature, flipped), token.replace(signature, signature[:-1]), token.replace(signature, signature + "AA"),
            token.replace(signature, ""), token.replace("alice/", "bernd/"), token.replace("access=read", "access=write"),
            token.replace("access=read", "access=delete"), 'Token signature=AAAAAAAAAAAAAAAA,repository="alice/app",access=read']


def test_a_token_that_was_tampered_with_counts_for_nothing(registry: Server, alice: Login) -> None:
    chain = make_chain(1)
    EngineClient.of(registry, alice).push("alice/app", chain)
    token = registry.call("GET", "/v1/repositories/alice/app/images", alice).header("X-Docker-Token") or ""
    expect(registry.call("GET", "/v1/repositories/alice/app/tags", Authorization=token), 200)
    for forged in tampered(token):
        for method, path in (("GET", "/v1/repositories/alice/app/tags"), ("GET", f"/v1/images/{chain[0].id}/layer"),
                             ("PUT", "/v1/repositories/alice/app/tags/latest"), ("DELETE", "/v1/repositories/alice/app/")):
            body = b'"%s"' % chain[0].id.encode() if method == "PUT" else None
            answer = registry.call(method, path, Authorization=forged, body=body)
            assert answer.status == 401, f"{method} {path} with {forged}: {answer.status}"
    assert EngineClient.of(registry, alice).pull("alice/app") == chain


def test_one_token_is_used_by_many_connections_at_once(registry: Server, alice: Login) -> None:
    chain = make_chain(6)
    client = EngineClient.of(registry, alice)
    client.push("alice/parallel", chain)
    token = client.token

    def read(number: int) -> Image:
        return EngineClient.of(registry, None, token=token).get_image(chain[number % len(chain)].id)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(24))) == chain * 4


def test_the_session_cookie_stands_for_the_token(registry: Server, alice: Login, bernd: Login) -> None:
    chain = make_chain(1)
    EngineClient.of(registry, alice).push("alice/cookie", chain)
    EngineClient.of(registry, alice).push("alice/second", chain)
    answer = registry.call("GET", "/v1/repositories/alice/cookie/images", alice)
    field, = answer.all("Set-Cookie")
    cookie, *attributes = field.split("; ")
    wire.note_secret(cookie)
    assert cookie.startswith("wharf-session=") and {"Path=/v1/", "HttpOnly", "SameSite=Strict", "Secure"} <= set(attributes), field
    tags = "/v1/repositories/alice/cookie/tags"

    def status(path: str = tags, **fields: str) -> int:
        return registry.call("GET", path, Cookie=f"other=1; {cookie}", **fields).status

    assert status() == status(f"/v1/images/{chain[0].id}/json") == status(Sec_Fetch_Site="same-origin") == 200
    assert status("/v1/repositories/alice/second/tags") in (401, 403), "it is for its repository"
    assert status(Origin="https://evil.example") == status(Origin="null") == 401
    assert status(Sec_Fetch_Site="cross-site") == status(Sec_Fetch_Site="same-site") == 401
    assert status(Authorization=bernd.basic) == 404, "who shows a password is who the password says"
    assert status(Authorization="Basic Og==") == 200
    for method, path in (("PUT", f"{tags}/new"), ("DELETE", f"{tags}/latest"), ("DELETE", "/v1/repositories/alice/cookie/"),
                         ("PUT", "/v1/repositories/alice/cookie/properties")):
        answer = registry.call(method, path, Cookie=cookie, body=b'"%s"' % chain[0].id.encode())
        assert answer.status in (401, 403), "a cookie of a pull changes nothing"
    assert EngineClient.of(registry, alice).pull("alice/cookie") == chain


# Two tenants

def test_two_tenants_push_one_id_and_each_gets_back_its_own(registry: Server, alice: Login, bernd: Login) -> None:
    base, top = make_id(), make_id()
    chains = {}
    for login in (alice, bernd):
        first = make_image(image_id=base)
        chains[login] = [first, make_image(first, image_id=top)]
        EngineClient.of(registry, login).push(f"{login.user}/same", chains[login])
    assert chains[alice][0].layer != chains[bernd][0].layer
    for login, chain in chains.items():
        assert EngineClient.of(registry, login).pull(f"{login.user}/same") == chain
        assert EngineClient.of(registry, login, is_basic_only=True).pull(f"{login.user}/same") == chain, "without a token"


def test_a_pushed_id_tells_nothing_about_others_who_have_it(registry: Server, alice: Login, bernd: Login) -> None:
    """The existence check of a push sees the own repository alone, and a layer is taken from whoever sends it, never lent."""
    chain = make_chain(2)
    EngineClient.of(registry, alice).push("alice/hidden", chain)
    steps: list[str] = []
    thief = EngineClient.of(registry, bernd, after=steps.append)
    thief.put_repository("bernd/theft", chain)
    assert not thief.exists(chain[0].id)
    answer = thief.call("PUT", f"/v1/images/{chain[1].id}/json", {"Content-Type": "application/json"}, chain[1].json)
    assert (answer.status, answer.error) == (400, "Image depends on a non existing parent")
    assert thief.put_json(chain[0])
    assert thief.offer_checksum(chain[0].id, chain[0].tarsum(), chain[0].payload_sum).status == 400, "the layer has to be sent"
    tag = thief.call("PUT", "/v1/repositories/bernd/theft/tags/latest", body=b'"%s"' % chain[1].id.encode())
    assert (tag.status, tag.error) == (404, "Image not found")
    expect(registry.call("GET", f"/v1/images/{chain[0].id}/layer", bernd), 404, 400)


def test_deleting_leaves_the_other_tenants_images(registry: Server, alice: Login, bernd: Login) -> None:
    chain = make_chain(2)
    for login in (alice, bernd):
        EngineClient.of(registry, login).push(f"{login.user}/gone", chain)
    expect(registry.call("DELETE", "/v1/repositories/bernd/gone/", alice), 403)
    expect(registry.call("DELETE", "/v1/repositories/alice/gone/", alice), 200)
    expect(registry.call("GET", "/v1/repositories/alice/gone/tags", alice), 404)
    assert EngineClient.of(registry, bernd).pull("bernd/gone") == chain
    expect(registry.call("GET", f"/v1/images/{chain[0].id}/json", alice), 404)


# After a crash

def half_a_layer(server: Server, client: EngineClient, image: Image) -> None:
    """The server is killed while the layer comes in."""
    headers = [("Host", server.name), ("Authorization", f"Token {client.token}"), ("Transfer-Encoding", "chunked")]
    with server.connect() as connection:
        half = wire.chunked(image.layer[:len(image.layer) // 2]).removesuffix(b"0\r\n\r\n")
        connection.send(wire.head(f"PUT /v1/images/{image.id}/layer HTTP/1.1", headers) + half)
        time.sleep(0.2)
        server.kill()
    server.restart()
    client.address = server.address


def test_a_push_goes_on_with_its_token_after_kill_9_at_each_step(make: Make, authority: Authority) -> None:
    server = make(*ACCOUNTS, *authority.server().flags, tls=authority.trust())
    alice = server.add_user("alice")
    server.start()
    chain, seen = make_chain(2), []

    def crash(done: str) -> None:
        if done not in seen:
            server.kill()
            server.restart()
            client.address = server.address
        seen.append(done)

    client = EngineClient.of(server, alice, after=crash)
    client.put_repository("alice/crash", chain)
    client.put_json(chain[0])
    half_a_layer(server, client, chain[0])
    client.put_layer(chain[0])
    client.put_checksum(chain[0])
    client.put_image(chain[1])
    client.put_tag("alice/crash", "latest", chain[-1].id)
    client.put_images("alice/crash")
    assert set(seen) == {"repository", "json", "layer", "checksum", "tag", "images"}
    assert EngineClient.of(server, alice).pull("alice/crash") == chain
