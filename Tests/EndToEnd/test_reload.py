"""SIGHUP: certificates, rules and the password file are read again; a file that is broken changes nothing and is in the log."""
from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import pytest

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority, Pair
from conftest import Make
from images import make_chain
from server import Server
from v1client import EngineClient, expect


def put(pair: Pair, folder: Path) -> Pair:
    """The pair at the place that the server's settings name."""
    here = Pair(folder / "server.crt", folder / "server.key")
    shutil.copy(pair.certificate, here.certificate)
    shutil.copy(pair.key, here.key)
    return here


def names(server: Server) -> str:
    """The name in the certificate that new connections are shown."""
    with server.connect() as connection:
        certificate = connection.socket.getpeercert()  # type: ignore[attr-defined]
    return str(dict(field[0] for field in certificate["subject"])["commonName"])


def test_a_new_certificate_is_shown_to_new_connections(make: Make, authority: Authority) -> None:
    server = make(*ACCOUNTS, tls=authority.trust())
    here = put(authority.server("first.example"), server.folder)
    server.flags += here.flags
    server.start()
    with server.connect() as kept:
        expect(kept.ask("GET", "/v1/_ping"), 200)
        put(authority.server("second.example"), server.folder)
        assert names(server) == "first.example", "until it is told"
        server.hang_up()
        assert names(server) == "second.example"
        expect(kept.ask("GET", "/v1/_ping"), 200)


@pytest.mark.parametrize("fault", ["missing", "torn", "another key", "empty"])
def test_a_broken_certificate_changes_nothing(make: Make, authority: Authority, fault: str) -> None:
    server = make(*ACCOUNTS, tls=authority.trust())
    here = put(authority.server("first.example"), server.folder)
    server.flags += here.flags
    server.start()
    if fault == "missing":
        here.key.unlink()
    elif fault == "another key":
        shutil.copy(authority.server("second.example").certificate, here.certificate)
    else:
        here.certificate.write_bytes(here.certificate.read_bytes()[:100 if fault == "torn" else 0])
    said = server.hang_up("the certificate stays as it was")
    assert "level=error" in said and str(server.folder) in said
    assert names(server) == "first.example"
    put(authority.server("third.example"), server.folder)
    server.hang_up()
    assert names(server) == "third.example"


def test_the_authority_of_client_certificates_is_read_again(make: Make, authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Another authority")
    server = make(*ACCOUNTS, *authority.server().flags, tls=authority.trust())
    trusted = server.folder / "clients.crt"
    shutil.copy(authority.certificate, trusted)
    server.flags += ("--tls-client-ca", str(trusted))
    server.add_user("alice")
    server.start()
    old, new = authority.client("alice"), other.client("alice")
    contexts = [authority.trust(pair) for pair in (old, new)]

    def statuses() -> list[int | None]:
        found: list[int | None] = []
        for context in contexts:
            try:
                found.append(wire.call(server.address, "GET", "/v1/users/", tls=context).status)
            except (OSError, ssl.SSLError):
                found.append(None)
        return found

    assert statuses() == [200, None]
    shutil.copy(other.certificate, trusted)
    server.hang_up()
    assert statuses() == [None, 200]


RULES = """
auth: accounts
limits: {{login_failures: 1000}}
rules:
  - repositories: ["{pattern}"]
    who: [{who}]
    actions: [{action}]
"""


def test_rules_are_read_again(make: Make) -> None:
    server = make()
    file = server.folder / "wharf.yaml"
    server.flags = ("--config", str(file))
    file.write_text(RULES.format(pattern="team/*", who="robot", action="push"))
    logins = {name: server.add_user(name) for name in ("robot", "reader")}
    server.start()
    chain = make_chain(1)
    EngineClient.of(server, logins["robot"]).push("team/app", chain)
    token = EngineClient.of(server, logins["robot"])
    token.list_images("team/app")

    def statuses() -> tuple[int, int, int, int]:
        tags = "/v1/repositories/team/app/tags"
        return (server.call("PUT", "/v1/repositories/team/app/", logins["robot"], body=b"[]").status, token.call("GET", tags).status,
                server.call("GET", tags, logins["reader"]).status, server.call("GET", tags).status)

    for _ in range(2):
        assert statuses() == (200, 200, 404, 401)
    file.write_text(RULES.format(pattern="team/*", who="users", action="pull"))
    assert statuses() == (200, 200, 404, 401), "until it is told"
    server.hang_up()
    assert statuses() == (403, 200, 200, 401)
    file.write_text(RULES.format(pattern="*", who="anonymous", action="pull"))
    server.hang_up()
    assert statuses() == (403, 200, 200, 200)
    for broken in ("rules: [", RULES.format(pattern="team/*", who="users", action="everything"),
                   RULES.format(pattern="team/*", who="'@nobody'", action="pull"), "rules: nonsense", "no_such_setting: 1"):
        file.write_text(broken)
        said = server.hang_up("the configuration stays as it was")
        assert "level=error" in said and statuses() == (403, 200, 200, 200), broken
    file.write_text("auth: accounts\nlimits: {login_failures: 1000}\n")
    server.hang_up()
    assert statuses() == (403, 404, 404, 401), "what was granted before is gone, for tokens too"
    file.write_text("auth: accounts\nlimits: {login_failures: 1000}\nlog: {level: debug}\n")
    assert "log.level" in server.hang_up("these settings count after a restart")


def test_the_password_file_is_read_again(make: Make) -> None:
    server = make("--auth", "password_file", "--limits-login-failures", "1000")
    file = server.folder / "passwords"
    server.flags += ("--password-file", str(file))
    alice, bernd = Login.make("alice"), Login.make("bernd")
    alice.write_into(file)
    server.start()
    EngineClient.of(server, alice).push("alice/app", make_chain(1))
    client = EngineClient.of(server, alice)
    client.list_images("alice/app")
    tags = "/v1/repositories/alice/app/tags"

    def statuses() -> list[int]:
        return [server.call("GET", tags, login).status for login in (alice, changed, bernd)] + [client.call("GET", tags).status]

    changed = Login.make("alice")
    for _ in range(2):
        assert statuses() == [200, 401, 401, 200]
    bernd.write_into(file)
    assert statuses() == [200, 401, 401, 200], "until it is told"
    server.hang_up()
    assert statuses() == [200, 401, 200, 200]
    good = file.read_text()
    for broken in (good + "carla:plaintext\n", good + "dora\n", good + "alice:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n", None):
        file.write_text(broken) if broken else file.unlink()
        said = server.hang_up("the users stay as they were")
        assert "level=error" in said and (broken is None or "line 3" in said) and "plaintext" not in said
        assert statuses() == [200, 401, 200, 200]
    file.write_text(good)
    changed.write_into(file)
    server.hang_up()
    assert statuses() == [401, 200, 200, 401], "a token of the old password is over"
    file.write_text("".join(line for line in good.splitlines(keepends=True) if line.startswith("bernd:")))
    server.hang_up()
    assert statuses() == [401, 401, 200, 401]
