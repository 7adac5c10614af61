"""No secret leaves the server: not in its log, whatever the level, nor in the audit log, nor in an answer; and the data keep sums alone."""
from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from images import make_chain
from server import BINARY, Server
from v1client import EngineClient, expect


class Planted:
    """Everything secret that a scenario sends or is given, by what it is."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def add(self, name: str, secret: str) -> str:
        assert len(secret) >= 8
        self.secrets[name] = secret
        return secret

    def login(self, login: Login, name: str = "password") -> Login:
        self.add(f"{name} of {login.user}", login.password)
        self.add(f"Basic of {login.user} with its {name}", login.basic.removeprefix("Basic "))
        return login

    def answer(self, answer: wire.Response) -> wire.Response:
        """Remembers the token and the cookie that came with it."""
        if token := answer.header("X-Docker-Token"):
            self.add(f"token {len(self.secrets)}", re.search(r"signature=([^,]+)", token)[1])  # type: ignore[index]
        return answer

    def found_in(self, data: bytes) -> list[str]:
        """Also as it stands in an address, in JSON, or in base64, wherever it begins there."""
        return [name for name, secret in self.secrets.items() if any(form in data for form in self._forms(secret))]

    @staticmethod
    def _forms(secret: str) -> set[bytes]:
        plain = secret.encode()
        inner = {base64.b64encode(plain[skip:len(plain) - (len(plain) - skip) % 3]) for skip in range(3)}
        return {plain, quote(secret).encode(), json.dumps(secret)[1:-1].encode(), *inner}


def scenario(server: Server, planted: Planted) -> list[wire.Response]:
    """A day in the life of a server: all that is right, all that is wrong, and secrets where none belong. Every answer."""
    alice, chief = (planted.login(server.add_user(name, *flags)) for name, flags in (("alice", []), ("chief", ["--admin"])))
    key = planted.login(server.add_key(alice, "laptop", "--access", "write"), "key")
    planted.add("invitation", server.run("user", "invite", "guest@example.com").strip())
    chain = make_chain(2)
    EngineClient.of(server, alice).push("alice/app", chain)
    EngineClient.of(server, key).push("alice/by-key", chain)
    EngineClient.of(server, alice).pull("alice/app")
    answers = []
    for login in (alice, key, chief):
        answers.append(planted.answer(server.call("PUT", f"/v1/repositories/{login.user}/app/", login, body=b"[]")))
    token = answers[0].header("X-Docker-Token") or ""
    cookie = (answers[0].header("Set-Cookie") or "").split(";")[0]
    new = planted.login(Login.make("alice"), "new password")
    registered = planted.login(Login.make("newcomer"))
    wrong = planted.login(Login.make("alice"), "wrong password")
    unknown = planted.login(Login.make("nobody_here"), "guess")
    register = {"username": registered.user, "password": registered.password, "email": "n@example.com"}
    refused = {"username": "X", "password": planted.add("refused password", "planted-refused-1"), "email": "x@example.com"}
    torn = b'{"username": "torn", "password": "' + planted.add("password in a torn body", "planted-torn-json").encode()
    requests: list[tuple[str, str, wire.Headers, bytes | None]] = [
        ("GET", "/v1/users/", [("Authorization", wrong.basic)], None), ("GET", "/v1/users/", [("Authorization", unknown.basic)], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Cookie", cookie)], None),
        ("GET", "/v1/repositories/alice/other/tags", [("Authorization", token)], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Authorization", token.replace("access=write", "access=delete"))], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Authorization", "Bearer " + planted.add("bearer", "planted-bearer-token"))], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Authorization", "Basic " + planted.add("no base64", "planted!!not!base64"))], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Authorization", planted.add("no scheme", "planted-alone-here"))], None),
        ("GET", "/v1/search?q=x&token=" + planted.add("in a query", "planted-query-token"), [], None),
        ("GET", "/v1/users/?password=" + planted.add("in a refused query", "planted-query-password"), [], None),
        ("POST", "/v1/users/", [], json.dumps(register).encode()), ("POST", "/v1/users/", [], json.dumps(refused).encode()),
        ("POST", "/v1/users/", [], torn), ("POST", "/v1/users/", [], json.dumps([planted.add("in an array", "planted-in-array")]).encode()),
        ("PUT", "/v1/users/alice/", [("Authorization", alice.basic)], json.dumps({"password": new.password}).encode()),
        ("GET", "/v1/users/", [("Authorization", new.basic)], None), ("GET", "/v1/users/", [("Authorization", alice.basic)], None),
        ("DELETE", "/v1/repositories/alice/app/", [("Authorization", new.basic), ("X-Docker-Token", "true")], None),
        ("GET", "/v1/repositories/alice/app/tags", [("Authorization", token)], None),
        ("BREW", "/v1/users/", [("Authorization", new.basic)], None), ("GET", "/v1/nowhere", [("Authorization", new.basic)], None),
        ("GET", "/v1/users/newcomer/confirm?address=n%40example.com&expires=1&signature=" + planted.add("link", "planted-link-signature"),
         [], None)]
    for method, path, headers, body in requests:
        answers.append(planted.answer(wire.call(server.address, method, path, headers, body, tls=server.tls)))
    server.run("user", "passwd", "newcomer", "--password-stdin", stdin=planted.login(Login.make("newcomer"), "set password").password)
    server.run("key", "revoke", "alice", "laptop")
    answers.append(server.call("GET", "/v1/users/", key))
    for junk in ("GET /v1/_ping HTTP/1.1\r\nAuthorization: Basic " + planted.add("in a torn head", "planted-torn-head") + "\r\nbroken",
                 "\x16\x03\x01 " + planted.add("in no HTTP at all", "planted-in-garbage") + "\r\n\r\n"):
        with server.connect() as connection:
            connection.send(junk.encode())
    server.hang_up()
    return answers


def test_no_secret_is_written_anywhere(make: Make, authority: Authority) -> None:
    key_file_secret = base64.b16encode(b"planted token key, 32 bytes long").decode()[:40]
    server = make(*ACCOUNTS, "--registration", "open", "--log-level", "trace", *authority.server().flags, tls=authority.trust())
    (server.folder / "token.key").write_text(key_file_secret)
    server.flags += ("--tokens-key-file", str(server.folder / "token.key"))
    planted = Planted()
    planted.add("token key", key_file_secret)
    server.start()
    answers = scenario(server, planted)
    server.stop()
    assert len(planted.secrets) > 25
    for spelling in (str.encode, lambda secret: quote(secret).encode(), lambda secret: base64.b64encode(b"ab:" + secret.encode())):
        assert all(planted.found_in(b"x" + spelling(secret) + b"x") for secret in planted.secrets.values()), "what is there is found"
    assert planted.found_in(server.log_file.read_bytes()) == [], "the log"
    assert "alice" in (server.data / "audit.log").read_text()
    for file in server.data.rglob("*"):
        assert not file.is_file() or planted.found_in(file.read_bytes()) == [], f"{file.relative_to(server.data)}"
    for answer in answers:
        assert planted.found_in(answer.body) == [], answer.body


def test_nobody_else_on_the_machine_reads_the_data(make: Make) -> None:
    """The catalog holds the sums of passwords, and the key that signs tokens."""
    for first in ("serve", "user"):
        server = make(*ACCOUNTS)
        if first == "serve":
            server.start()
        server.add_user("alice")
        closed = server.data.stat().st_mode & 0o007 == 0
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in server.data.iterdir() if file.is_file()}
        assert closed or set(modes.values()) == {"0o600"}, f"{oct(server.data.stat().st_mode)}: {modes}"


def test_settings_are_shown_without_what_is_secret(make: Make) -> None:
    server = make()
    for arguments, environment in ((["--mail-password", "planted-in-flag"], {}), ([], {"WHARF_MAIL_PASSWORD": "planted-in-environment"})):
        for command in (["config", "print"], ["config", "print", "--format", "json"], ["serve", "--no-such-flag"],
                        ["serve", "--tls-key", "x"]):
            result = subprocess.run([str(BINARY), *command, *arguments], capture_output=True, text=True, cwd=server.folder, timeout=60,
                                    env=server.environment | environment)
            assert "planted" not in result.stdout + result.stderr, command


def test_a_wrong_start_does_not_show_what_was_in_the_files(make: Make, authority: Authority) -> None:
    planted = Planted()
    file = Path(make().folder) / "secret"
    file.write_text(planted.add("file", "planted-file-content") + "\n")
    for flags in (("--auth", "password_file", "--password-file", str(file)), ("--tls-certificate", str(file), "--tls-key", str(file)),
                  ("--tls-certificate", str(authority.certificate), "--tls-key", str(file)), ("--config", str(file)),
                  ("--auth", "accounts", "--tokens-key-file", str(file))):
        _, said = make(*flags).refuses_to_start()
        assert said and planted.found_in(said.encode()) == [], said


def test_what_a_command_prints_once_it_prints_only_where_it_is_asked_for(make: Make) -> None:
    server = make(*ACCOUNTS)
    alice = server.add_user("alice")
    made = server.command("key", "create", "alice", "--name", "robot")
    key = made.stdout.strip()
    wire.SECRETS.add(key)
    assert made.returncode == 0 and len(key.splitlines()) == 1 and key not in made.stderr
    for listing in (["key", "list", "alice"], ["user", "list"]):
        shown = server.run(*listing) + server.run(*listing, "--format", "json")
        assert key not in shown and alice.password not in shown and "scrypt" not in shown
    server.start()
    expect(server.call("GET", "/v1/users/", Login("alice", key)), 200)
