"""An index and two registries, three processes that share a key: pushes and pulls travel as engines make them."""
from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import pytest

import wire
from accounts import ACCOUNTS, Login
from clock import Clock
from conftest import Make
from images import make_chain, make_image
from ports import free_port
from server import Server
from v1client import EngineClient, expect


@dataclass
class Cluster:
    """`team` is on the first registry, every other namespace on the second."""

    index: Server
    first: Server
    second: Server
    clock: Clock
    alice: Login
    chief: Login

    @property
    def registries(self) -> list[Server]:
        return [self.first, self.second]

    def client(self, login: Login | None) -> EngineClient:
        return EngineClient.of(self.index, login, is_split=True)


def assemble(make: Make, *, asks: bool = False) -> Cluster:
    ports = [free_port(), free_port()]
    index = make("--role", "index", *ACCOUNTS, "--index-registries", f"team=127.0.0.1:{ports[0]},*=127.0.0.1:{ports[1]}",
                 "--tokens-life", "10m", "--tokens-total-life", "1h", listen=f"127.0.0.1:{free_port()}")
    key = index.folder / "token.key"
    key.write_bytes(secrets.token_bytes(32))
    clock = Clock(index.folder)
    shared = ("--tokens-key-file", str(key))
    if not asks:
        index.flags += shared
    registry_flags = ("--index-url", f"http://{index.listen}", "--index-timeout", "2s") if asks else \
        (*shared, "--tokens-life", "10m", "--tokens-total-life", "1h")
    registries = [make("--role", "registry", "--auth", "index", *registry_flags, listen=f"127.0.0.1:{port}") for port in ports]
    for server in (index, *registries):
        server.environment |= clock.environment
        server.start()
    alice, chief = index.add_user("alice"), index.add_user("chief", "--admin")
    index.run("org", "create", "team")
    index.run("member", "add", "team", "alice", "--access", "write")
    return Cluster(index, registries[0], registries[1], clock, alice, chief)


@pytest.fixture(scope="module", params=["shared key", "asking"])
def cluster(request: pytest.FixtureRequest, make_shared: Make) -> Cluster:
    return assemble(make_shared, asks=request.param == "asking")


@pytest.fixture
def fresh(make: Make) -> Cluster:
    return assemble(make)


def tags(server: Server, repository: str, token: str | None) -> wire.Response:
    return server.call("GET", f"/v1/repositories/{repository}/tags", headers=[("Authorization", token)] if token else [])


def token_for(cluster: Cluster, login: Login, repository: str, method: str = "GET") -> str:
    path = f"/v1/repositories/{repository}/" + ("images" if method == "GET" else "")
    answer = cluster.index.call(method, path, login, X_Docker_Token="true", body=b"[]" if method == "PUT" else None)
    expect(answer, 200, 202)
    return answer.header("X-Docker-Token") or ""


@pytest.mark.parametrize("repository, place", [("team/app", 0), ("alice/app", 1), ("alice/other", 1)])
def test_a_push_goes_to_the_registry_of_its_namespace_and_comes_back(cluster: Cluster, repository: str, place: int) -> None:
    chain = make_chain()
    client = cluster.client(cluster.alice)
    client.push(repository, chain)
    assert client.registry == cluster.registries[place].address
    assert cluster.client(cluster.alice).pull(repository) == chain
    here, there = cluster.registries[place], cluster.registries[1 - place]
    assert tags(here, repository, client.token).json == {"latest": chain[-1].id}
    assert tags(there, repository, client.token).status == 404, "the other registry has never heard of it"
    assert cluster.client(cluster.alice).found(repository) == [repository]


def test_each_half_answers_its_own_routes_alone(cluster: Cluster) -> None:
    chain = make_chain(1)
    client = cluster.client(cluster.alice)
    client.push("alice/halves", chain)
    image, repository = f"/v1/images/{chain[0].id}", "/v1/repositories/alice/halves"
    for path in (f"{image}/json", f"{image}/layer", f"{image}/ancestry", f"{repository}/tags", f"{repository}/tags/latest"):
        expect(cluster.index.call("GET", path, Authorization=client.token or ""), 404)
        expect(cluster.second.call("GET", path, Authorization=client.token or ""), 200)
    for method, path in (("GET", "/v1/users/"), ("POST", "/v1/users/"), ("PUT", "/v1/users/alice/"), ("GET", "/v1/search?q=app"),
                         ("GET", f"{repository}/images"), ("PUT", f"{repository}/images"), ("PUT", f"{repository}/"),
                         ("PUT", f"{repository}/auth"), ("GET", f"{repository}/layer/{chain[0].id}/access")):
        expect(cluster.second.call(method, path, Authorization=client.token or "", body=b"[]" if method != "GET" else None), 404)
    for server in (cluster.index, cluster.first, cluster.second):
        expect(server.call("GET", "/v1/_ping"), 200)


def test_a_registry_takes_no_password(cluster: Cluster) -> None:
    chain = make_chain(1)
    cluster.client(cluster.alice).push("alice/app", chain)
    for login, path in ((cluster.alice, "/v1/repositories/alice/app/tags"), (cluster.chief, f"/v1/images/{chain[0].id}/layer"),
                        (None, "/v1/repositories/alice/app/tags"), (None, f"/v1/images/{chain[0].id}/layer")):
        expect(cluster.second.call("GET", path, login), 401)
    for login in (cluster.chief, None):
        expect(cluster.second.call("PUT", f"/v1/images/{make_image().id}/json", login, body=b"{}"), 401)


def test_a_token_opens_its_repository_for_what_it_says_and_nothing_else(cluster: Cluster) -> None:
    chain = make_chain(1)
    for name in ("alice/one", "alice/two"):
        cluster.client(cluster.alice).push(name, chain)
    read, write = token_for(cluster, cluster.alice, "alice/one"), token_for(cluster, cluster.alice, "alice/one", "PUT")
    registry = cluster.second
    expect(tags(registry, "alice/one", read), 200)
    for token in (read, write):
        expect(tags(registry, "alice/two", token), 403)
        expect(tags(registry, "alice/missing", token), 403)
        expect(registry.call("DELETE", "/v1/repositories/alice/one/", Authorization=token), 403)
    body = b'"%s"' % chain[0].id.encode()
    expect(registry.call("PUT", "/v1/repositories/alice/one/tags/new", Authorization=read, body=body), 403)
    expect(registry.call("PUT", "/v1/repositories/alice/two/tags/new", Authorization=write, body=body), 403)
    expect(registry.call("PUT", "/v1/repositories/alice/one/tags/new", Authorization=write, body=body), 200)
    for forged in (read.replace("access=read", "access=write"), write.replace("alice/one", "alice/two"),
                   re.sub("signature=[^,]+", "signature=" + "A" * 80, write)):
        expect(tags(registry, "alice/two" if "two" in forged else "alice/one", forged), 401)
    expect(tags(registry, "alice/one", None), 401)


def test_an_expired_token_is_dead_everywhere(fresh: Cluster) -> None:
    chain = make_chain(1)
    fresh.client(fresh.alice).push("alice/app", chain)
    token = token_for(fresh, fresh.alice, "alice/app", "PUT")
    for minutes in (5, 13, 21, 29):
        fresh.clock.set(f"+{minutes}m")
        expect(tags(fresh.second, "alice/app", token), 200)
    fresh.clock.set("+40m")
    expect(tags(fresh.second, "alice/app", token), 401)
    expect(fresh.second.call("PUT", f"/v1/images/{make_image().id}/json", Authorization=token, body=b"{}"), 401)
    expect(fresh.index.call("PUT", "/v1/repositories/alice/app/auth", Authorization=token, body=b""), 401)
    assert fresh.client(fresh.alice).pull("alice/app") == chain


def test_another_indexs_token_is_forged(fresh: Cluster, make: Make) -> None:
    other = make(*ACCOUNTS).start()
    alice = other.add_user("alice")
    fresh.client(fresh.alice).push("alice/app", make_chain(1))
    forged = other.call("PUT", "/v1/repositories/alice/app/", alice, body=b"[]").header("X-Docker-Token")
    expect(tags(fresh.second, "alice/app", forged), 401)


def test_with_a_shared_key_nothing_waits_for_the_index(fresh: Cluster) -> None:
    chain = make_chain(2)
    client = fresh.client(fresh.alice)
    client.put_repository("alice/app", chain)
    fresh.index.kill()
    for image in chain:
        client.put_image(image)
    client.put_tag("alice/app", "latest", chain[-1].id)
    fresh.index.restart()
    client.put_images("alice/app")
    assert fresh.client(fresh.alice).pull("alice/app") == chain


def test_without_one_a_push_goes_on_when_the_index_is_back(make: Make) -> None:
    cluster = assemble(make, asks=True)
    chain = make_chain(2)
    client = cluster.client(cluster.alice)
    client.put_repository("alice/app", chain)
    client.put_image(chain[0])
    cluster.index.kill()
    for method, path, body in (("PUT", f"/v1/images/{chain[1].id}/json", chain[1].json), ("GET", f"/v1/images/{chain[0].id}/layer", None),
                               ("GET", "/v1/repositories/alice/app/tags", None)):
        answer = client.call(method, path, {}, body)
        assert answer.status == 503 and answer.error and answer.header("Retry-After"), (method, path, answer.status)
    expect(cluster.second.call("GET", "/v1/_ping"), 200)
    cluster.index.restart()
    client.put_image(chain[1])
    client.put_tag("alice/app", "latest", chain[-1].id)
    client.put_images("alice/app")
    assert cluster.client(cluster.alice).pull("alice/app") == chain
    cluster.index.run("user", "disable", "alice")
    expect(tags(cluster.second, "alice/app", client.token), 403)


def test_a_repository_is_deleted_in_the_documented_two_halves(cluster: Cluster) -> None:
    """v1.md §5.6."""
    chain = make_chain(1)
    client = cluster.client(cluster.alice)
    client.push("alice/doomed", chain)
    path = "/v1/repositories/alice/doomed/"
    begun = cluster.index.call("DELETE", path, cluster.alice, X_Docker_Token="true", body=b'""')
    token = begun.header("X-Docker-Token") or ""
    assert begun.status == 202 and begun.all("X-Docker-Endpoints") == [cluster.second.name]
    assert re.fullmatch(r'Token signature=[^,"]+,repository="alice/doomed",access=delete', token)
    assert begun.header("WWW-Authenticate") == token and begun.body == b'""'
    assert cluster.client(cluster.alice).pull("alice/doomed") == chain, "nothing has been deleted yet"
    expect(cluster.second.call("GET", f"{path}tags", Authorization=token), 403)
    authorized = cluster.index.call("PUT", f"{path}auth", Authorization=token, body=b"")
    assert (authorized.status, authorized.body) == (200, b'"OK"')
    expect(cluster.index.call("PUT", "/v1/repositories/alice/other/auth", Authorization=token, body=b""), 403)
    expect(cluster.second.call("DELETE", path, Authorization=client.token or ""), 403)
    expect(cluster.second.call("DELETE", path), 401)
    expect(cluster.second.call("DELETE", path, Authorization=token), 200)
    expect(tags(cluster.second, "alice/doomed", client.token), 404)
    finished = cluster.index.call("DELETE", path, cluster.alice, X_Docker_Token="true", X_Docker_Endpoints=cluster.second.name, body=b'""')
    assert (finished.status, finished.body) == (200, b'""')
    expect(cluster.index.call("GET", f"{path}images", cluster.alice), 404)
    expect(cluster.index.call("DELETE", path, cluster.alice, X_Docker_Token="true"), 404)
    expect(cluster.index.call("PUT", f"{path}auth", Authorization=token, body=b""), 404)


def test_a_stranger_gets_no_token(cluster: Cluster) -> None:
    stranger = cluster.index.add_user(f"stranger_{secrets.token_hex(3)}")
    cluster.client(cluster.alice).push("alice/closed", make_chain(1))
    for login, statuses in ((stranger, (404, 403, 403)), (None, (401, 401, 401))):
        answers = [cluster.index.call("GET", "/v1/repositories/alice/closed/images", login, X_Docker_Token="true"),
                   cluster.index.call("PUT", "/v1/repositories/alice/closed/", login, body=b"[]", X_Docker_Token="true"),
                   cluster.index.call("DELETE", "/v1/repositories/alice/closed/", login, X_Docker_Token="true")]
        assert tuple(answer.status for answer in answers) == statuses
        assert not any(answer.header("X-Docker-Token") or answer.header("Set-Cookie") for answer in answers)
