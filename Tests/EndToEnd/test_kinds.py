"""The four kinds of registry of the documents, started from the very examples in docs/kinds; tests replace paths and ports by flags."""
from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

from accounts import Login
from certificates import Authority, Pair
from conftest import Make
from fakeindex import FakeIndex
from images import make_chain, make_image
from ports import free_port
from server import BINARY, CHECKOUT, Server
from trust import trusting
from v1client import EngineClient, expect

KINDS = CHECKOUT / "docs/kinds"


def example(kind: str) -> tuple[str, str]:
    return ("--config", str(KINDS / f"{kind}.yaml"))


# Private

class Private:
    """A server from docs/kinds/private.yaml: alice administers, robot pushes, others pull."""

    def __init__(self, make: Make, authority: Authority, *flags: str) -> None:
        self.authority = authority
        self.users = {name: Login.make(name) for name in ("alice", "robot", "reader")}
        self.server = make(*example("private"), *authority.server().flags, "--tls-client-ca", str(authority.certificate),
                           "--password-file", "passwords", *flags, tls=authority.trust())
        self.file = self.server.folder / "passwords"
        for login in self.users.values():
            login.write_into(self.file)

    def showing(self, certificate: Pair | None) -> Server:
        """The same server for a client with this certificate."""
        client = Server(self.server.folder, tls=self.authority.trust(certificate))
        client.address = self.server.address
        return client


@pytest.fixture(scope="module")
def private(make_shared: Make, authority: Authority) -> Private:
    made = Private(make_shared, authority)
    made.server.start()
    return made


def test_private_those_who_may_push_push_and_the_others_pull(private: Private) -> None:
    server, chain = private.server, make_chain(2)
    EngineClient.of(server, private.users["robot"]).push("team/app", chain)
    for name in ("alice", "robot", "reader"):
        assert EngineClient.of(server, private.users[name]).pull("team/app") == chain
    expect(server.call("PUT", "/v1/repositories/team/app/", private.users["reader"], body=b"[]"), 403)
    expect(server.call("DELETE", "/v1/repositories/team/app/", private.users["robot"]), 403)
    for path in ("/v1/repositories/team/app/tags", f"/v1/images/{chain[0].id}/layer", "/v1/search?q=app", "/v1/users/"):
        expect(server.call("GET", path), 401)
        expect(server.call("GET", path, Login("robot", "planted-wrong").noted()), 401)
        expect(server.call("GET", path, Login("nobody", "planted-wrong")), 401)
    expect(server.call("DELETE", "/v1/repositories/team/app/", private.users["alice"]), 200)


def test_private_a_certificate_stands_for_a_password(private: Private, tmp_path: Path) -> None:
    robot, unknown = (private.showing(private.authority.client(name)) for name in ("robot", "somebody"))
    chain = make_chain(1)
    client = EngineClient.of(robot)
    client.push("team/certified", chain)
    assert EngineClient.of(robot).pull("team/certified") == chain
    assert robot.call("GET", "/v1/users/").body == b"OK"
    expect(robot.call("PUT", "/v1/repositories/team/certified/properties", body=b'{"access":"public"}'), 403)
    expect(robot.call("GET", "/v1/users/", Login("robot", "planted-wrong")), 401)
    expect(robot.call("PUT", "/v1/repositories/team/app/", private.users["reader"], body=b"[]"), 403)
    expect(unknown.call("GET", "/v1/repositories/team/certified/tags"), 401)
    forger = Authority(tmp_path, "Wharf test authority")
    with pytest.raises(OSError):
        private.showing(forger.client("robot")).call("GET", "/v1/_ping")


def test_private_a_certificate_may_be_required(make: Make, authority: Authority) -> None:
    made = Private(make, authority, "--tls-client-certificates", "required")
    made.server.start()
    with pytest.raises(OSError):
        made.showing(None).call("GET", "/v1/_ping")
    robot = made.showing(made.authority.client("robot"))
    expect(robot.call("GET", "/v1/_ping"), 200)
    expect(robot.call("GET", "/v1/users/", made.users["reader"]), 200)


def test_private_certificate_address_and_token_of_an_index_can_all_be_asked(make: Make, authority: Authority) -> None:
    chain = make_chain(1)
    index = FakeIndex("team/app", 'signature=123abc,repository="team/app",access=write').start()
    index.ids = [chain[0].id]
    server = make("--auth", "index", "--role", "registry", "--index-url", index.url, "--allow-from", "127.0.0.0/8",
                  *authority.server().flags, "--tls-client-ca", str(authority.certificate), "--tls-client-certificates", "required",
                  tls=authority.trust(authority.client("engine"))).start()
    try:
        expect(server.call("GET", "/v1/repositories/team/app/tags"), 401)
        client = EngineClient.of(server, token=f"Token {index.token}")
        client.put_image(chain[0])
        client.put_tag("team/app", "latest", chain[0].id)
        assert client.get_image(chain[0].id) == chain[0]
        with pytest.raises(OSError):
            stranger = Server(server.folder, tls=authority.trust())
            stranger.address = server.address
            stranger.call("GET", "/v1/_ping")
    finally:
        index.stop()


def test_private_other_addresses_are_refused_whatever_they_show(make: Make, authority: Authority) -> None:
    made = Private(make, authority, "--allow-from", "192.0.2.0/24,2001:db8::/32")
    made.server.start()
    for path in ("/v1/_ping", "/v1/users/", "/", "/nowhere", "/v1/repositories/team/app/tags"):
        for login in (None, made.users["alice"]):
            answer = made.server.call("GET", path, login)
            assert answer.status == 403 and "address" in answer.error, path
    expect(made.server.call("GET", "/v1/_ping", X_Forwarded_For="192.0.2.1", Forwarded="for=192.0.2.1"), 403)


VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@pytest.mark.parametrize("minimum", [None, "1.0", "1.3"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_private_old_tls_is_spoken_if_it_is_asked_for(make: Make, authority: Authority, minimum: str | None) -> None:
    made = Private(make, authority, *([] if minimum is None else ["--tls-minimum-version", minimum]))
    made.server.start()
    spoken = []
    for name, version in VERSIONS.items():
        context = authority.trust()
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        client = Server(made.server.folder, tls=context)
        client.address = made.server.address
        try:
            assert client.call("GET", "/v1/_ping").status == 200
            spoken.append(name)
        except OSError:
            pass
    assert spoken == {None: ["1.2", "1.3"], "1.0": ["1.0", "1.1", "1.2", "1.3"], "1.3": ["1.3"]}[minimum]


def test_private_http_2_is_offered_and_plain_http_is_not(private: Private) -> None:
    context = private.authority.trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    client = Server(private.server.folder, tls=context)
    client.address = private.server.address
    with client.connect() as connection:
        assert connection.socket.selected_alpn_protocol() == "h2"  # type: ignore[attr-defined]
    plain = Server(private.server.folder)
    plain.address = private.server.address
    try:
        assert plain.call("GET", "/v1/users/", private.users["alice"]).status == 400
    except OSError:
        pass


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
def test_private_bcrypt_is_taken_in_all_its_spellings(make: Make, authority: Authority, prefix: str) -> None:
    made = Private(make, authority)
    made.file.write_text(made.file.read_text().replace("$2y$", prefix))
    made.server.start()
    assert made.server.call("GET", "/v1/users/", made.users["reader"]).body == b"OK"


@pytest.mark.parametrize("flag", ["-s", "-m", "-d", "-p", "-2", "-5"], ids=["sha1", "apr1", "crypt", "plain", "sha256", "sha512"])
def test_private_any_other_kind_of_password_is_refused_at_the_start(make: Make, authority: Authority, flag: str) -> None:
    made = Private(make, authority)
    weak = Login("weak", "planted1").noted()
    weak.write_into(made.file, flag)
    hidden = made.file.read_text().splitlines()[3].partition(":")[2]
    status, said = made.server.refuses_to_start()
    assert status in (1, 2) and "line 4" in said and "passwords" in said, said
    assert hidden not in said and weak.password not in said, "a log is no place for it"


# Vendor

@pytest.fixture
def index() -> Iterator[FakeIndex]:
    fake = FakeIndex("vendor/app", 'signature=123abc-planted,repository="vendor/app",access=write').start()
    yield fake
    fake.stop()


def vendor(make: Make, authority: Authority, index: FakeIndex) -> Server:
    flags = (*authority.server().flags, "--index-url", index.url, "--index-timeout", "2s")
    return make(*example("vendor"), *flags, tls=authority.trust()).start()


def test_vendor_a_classic_index_is_asked_about_each_token(make: Make, authority: Authority, index: FakeIndex) -> None:
    server = vendor(make, authority, index)
    chain, foreign = make_chain(2), make_image()
    index.ids = [image.id for image in chain]
    client = EngineClient.of(server, token=f"Token {index.token}")
    for image in chain:
        client.put_image(image)
    client.put_tag("vendor/app", "latest", chain[-1].id)
    assert client.list_tags("vendor/app") == {"latest": chain[-1].id} and client.get_image(chain[0].id) == chain[0]
    assert index.asked and {asked.path for asked in index.asked} == {"/v1/repositories/vendor/app/images"}
    assert all(index.token in (asked.authorization or "") for asked in index.asked)
    answer = client.call("PUT", f"/v1/images/{foreign.id}/json", {}, foreign.json)
    assert (answer.status, answer.error) == (400, "This image does not belong to the repository")
    for forged in (index.token.replace("planted", "forged"), index.token.replace("vendor/app", "vendor/other")):
        expect(server.call("GET", "/v1/repositories/vendor/app/tags", Authorization=f"Token {forged}"), 401)
    for path in ("/v1/users/", "/v1/search?q=app", "/v1/repositories/vendor/app/images"):
        expect(server.call("GET", path, Authorization=f"Token {index.token}"), 404)
    expect(server.call("GET", "/v1/repositories/vendor/app/tags", Login("robot", "planted-unknown").noted()), 401)
    expect(server.call("GET", "/v1/repositories/vendor/app/tags"), 401)


def test_vendor_an_index_that_fails_is_no_permission(make: Make, authority: Authority, index: FakeIndex) -> None:
    server = vendor(make, authority, index)
    image = make_image()
    index.ids = [image.id]
    client = EngineClient.of(server, token=f"Token {index.token}")
    client.put_image(image)
    client.put_tag("vendor/app", "latest", image.id)

    def status(path: str = f"/v1/images/{image.id}/json") -> int:
        return client.call("GET", path).status

    assert status() == 200
    for index.status, expected in ((401, 401), (403, 403), (404, 404), (500, 503), (302, 503)):
        assert status() == expected, index.status
    index.status, index.delay = None, 4
    assert status() == 503, "it takes too long"
    index.delay = 0
    index.stop()
    answer = client.call("GET", f"/v1/images/{image.id}/layer")
    assert answer.status == 503 and answer.error and answer.header("Retry-After")
    index.start()
    assert status() == 200


@pytest.mark.parametrize("path", ["repositories/vendor/app/tags", "repositories/vendor/app/tags/latest", "images/{id}/ancestry"])
def test_vendor_what_was_answered_before_is_asked_about_again(make: Make, authority: Authority, index: FakeIndex, path: str) -> None:
    server = vendor(make, authority, index)
    image = make_image()
    index.ids = [image.id]
    client = EngineClient.of(server, token=f"Token {index.token}")
    client.put_image(image)
    client.put_tag("vendor/app", "latest", image.id)
    for _ in range(3):
        expect(client.call("GET", "/v1/" + path.format(id=image.id)), 200)
    index.status = 401
    expect(client.call("GET", "/v1/" + path.format(id=image.id)), 401)


def test_vendor_a_wharf_is_the_index(make: Make, authority: Authority) -> None:
    """Both over TLS; the registry trusts the index's certificate as its machine does."""
    port = free_port()
    index = make("--role", "index", "--auth", "accounts", "--index-registries", f"*=127.0.0.1:{port}", *authority.server().flags,
                 tls=authority.trust()).start()
    registry = make(*example("vendor"), *authority.server().flags, "--index-url", f"https://127.0.0.1:{index.address[1]}",
                    listen=f"127.0.0.1:{port}", prefix=trusting(authority.certificate), tls=authority.trust()).start()
    alice = index.add_user("alice")
    chain = make_chain(2)
    EngineClient.of(index, alice, is_split=True).push("alice/app", chain)
    assert EngineClient.of(index, alice, is_split=True).pull("alice/app") == chain
    expect(registry.call("GET", "/v1/repositories/alice/app/tags", alice), 401)
    client = EngineClient.of(index, alice, is_split=True)
    client.list_images("alice/app")
    index.run("user", "disable", "alice")
    expect(client.call("GET", "/v1/repositories/alice/app/tags"), 403)


# Sponsor and mirror

@pytest.mark.parametrize("kind, standalone", [("sponsor", "false"), ("mirror", "mirror")])
def test_sponsor_and_mirror_everybody_pulls_and_accounts_push(make: Make, authority: Authority, kind: str, standalone: str) -> None:
    server = make(*example(kind), *authority.server().flags, tls=authority.trust())
    alice = server.add_user("alice", "--admin")
    server.start()
    bernd = server.add_user("bernd")
    for login, repository in ((alice, "project"), (bernd, "bernd/tools")):
        chain = make_chain(2)
        EngineClient.of(server, login, standalone=standalone).push(repository, chain)
        assert EngineClient.of(server, standalone=standalone).pull(repository) == chain, "without a login"
        assert repository in EngineClient.of(server).found()
    for login, repository, status in ((None, "bernd/tools", 401), (bernd, "project", 403), (bernd, "alice/other", 403)):
        expect(server.call("PUT", f"/v1/repositories/{repository}/", login, body=b"[]"), status)
        expect(server.call("DELETE", f"/v1/repositories/{repository}/", login), status)
    server.run("repo", "visibility", "bernd/tools", "private")
    expect(server.call("GET", "/v1/repositories/bernd/tools/tags"), 401)
    expect(server.call("GET", "/v1/repositories/bernd/tools/tags", bernd), 200)
    answer = server.call("POST", "/v1/users/", body=b'{"username":"newcomer","password":"long enough","email":"n@example.com"}')
    assert (answer.status, answer.body) == (400, b'"Username or email already exists"'), "nobody registers by themselves"


# All

@pytest.mark.parametrize("file", sorted(KINDS.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_example_is_a_configuration_without_faults(make: Make, file: Path) -> None:
    server = make()
    result = subprocess.run([str(BINARY), "config", "print", "--config", str(file)], capture_output=True, text=True, env=server.environment,
                            cwd=server.folder)
    assert result.returncode == 0 and not result.stderr, result.stderr
    assert f"kinds/{file.name}" in (CHECKOUT / "docs/kinds.md").read_text()
