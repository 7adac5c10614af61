"""Accounts: made by the command line and by engines, changed by both, and what is changed counts from the next request on."""
from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import wire
from accounts import ACCOUNTS, Login
from conftest import Make
from images import make_chain
from server import Server
from v1client import EngineClient, expect

TAKEN = b'"Username or email already exists"'
INACTIVE = "Account is not Active"


def register(server: Server, login: Login, email: str | None = None, **more: object) -> wire.Response:
    """As an engine up to 1.10 does; whether a browser or a script sends more than it is all the same."""
    fields = {"username": login.user, "password": login.password, "auth": "", "email": email or f"{login.user}@example.com"} | more
    return server.call("POST", "/v1/users/", body=json.dumps(fields).encode(), Content_Type="application/json; charset=utf-8")


def log_in(server: Server, login: Login | None) -> wire.Response:
    return server.call("GET", "/v1/users/", login)


def engine_login(server: Server, login: Login) -> str:
    """`docker login` of engines up to 1.10: what it prints (v1.md §5.1)."""
    answer = register(server, login)
    if answer.status == 201:
        return "Account created"
    if answer.status == 400 and answer.body == TAKEN or answer.status == 401:
        texts = {200: "Login Succeeded", 401: "Wrong login/password, please try again", 403: "Login: Account is not active"}
        return texts[log_in(server, login).status]
    return f"Registration: {answer.body.decode()}"


def users(server: Server) -> dict[str, dict[str, object]]:
    return {user["name"]: user for user in json.loads(server.run("user", "list", "--format", "json"))}


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Server:
    """Whoever likes may make an account."""
    return make_shared(*ACCOUNTS, "--registration", "open").start()


# The command line makes accounts

def test_the_first_administrator_is_made_before_the_first_start_and_there_is_no_account_before(make: Make) -> None:
    server = make(*ACCOUNTS)
    admin = server.add_user("chief", "--admin")
    server.start()
    for login in (Login("admin", "admin"), Login("root", "")):
        expect(log_in(server, login), 401)
    assert log_in(server, admin).body == b"OK"
    assert [(user["name"], user["is_administrator"], user["state"]) for user in users(server).values()] == [("chief", True, "active")]
    EngineClient.of(server, admin).push("tools", chain := make_chain(1))
    assert EngineClient.of(server, admin).pull("tools") == chain, "library/ is the administrators'"


def test_an_account_made_while_the_server_runs_counts_at_once(registry: Server) -> None:
    login = Login.make("newcomer")
    expect(log_in(registry, login), 401)
    login = registry.add_user("newcomer")
    answer = log_in(registry, login)
    assert (answer.status, answer.body) == (200, b"OK")
    expect(log_in(registry, Login("newcomer", login.password + " ")), 401)


@pytest.mark.parametrize("name, email, password", [
    ("abc", "a@example.com", "long enough"), ("library", "b@example.com", "long enough"), ("Upper", "c@example.com", "long enough"),
    ("with-hyphen", "d@example.com", "long enough"), ("proper", "no address", "long enough"), ("proper", "e@example.com", "four")])
def test_the_command_line_refuses_what_is_no_account(registry: Server, name: str, email: str, password: str) -> None:
    before = users(registry)
    result = registry.command("user", "add", name, "--email", email, "--password-stdin", stdin=f"{password}\n")
    assert result.returncode in (1, 2) and result.stderr.startswith("Error: ") and password not in result.stderr
    assert users(registry) == before


def test_whoever_guesses_passwords_is_slowed_and_nobody_else(make: Make) -> None:
    server = make("--auth", "accounts", "--limits-login-failures", "1").start()
    alice = server.add_user("alice")
    expect(log_in(server, alice), 200)
    times = []
    for guess in range(5):
        started = time.monotonic()
        expect(log_in(server, Login("somebody", f"guess-{guess}")), 401)
        times.append(time.monotonic() - started)
    assert times[4] > min(times[:2]) + 0.8, times
    started = time.monotonic()
    expect(log_in(server, alice), 200)
    assert time.monotonic() - started < 0.5, "who is known already does not wait"


def test_a_flood_of_logins_takes_no_more_memory_than_two(make: Make) -> None:
    """Each takes 33 MiB on purpose; two are derived at a time, and whoever is known already is not held up."""
    server = make(*ACCOUNTS).start()
    alice = server.add_user("alice")
    expect(log_in(server, alice), 200)
    before = server.peak_memory()
    with ThreadPoolExecutor(8) as pool:
        flood = [pool.submit(log_in, server, Login("alice", f"guess-{guess}")) for guess in range(8)]
        time.sleep(0.2)
        started = time.monotonic()
        expect(log_in(server, alice), 200)
        waited = time.monotonic() - started
        assert {attempt.result().status for attempt in flood} <= {401, 503}
    assert waited < 0.5 and server.peak_memory() - before < 100 << 20, (waited, server.peak_memory() - before)


# Engines make accounts and log in

def test_an_engine_makes_an_account_and_logs_in(registry: Server) -> None:
    login = Login.make("engineer")
    answer = register(registry, login)
    assert (answer.status, answer.body) == (201, b'"User Created"')
    assert engine_login(registry, login) == "Login Succeeded"
    assert engine_login(registry, Login("engineer", "wrong password")) == "Wrong login/password, please try again"
    registry.run("user", "disable", "engineer")
    assert engine_login(registry, login) == "Login: Account is not active"
    registry.run("user", "enable", "engineer")
    assert engine_login(registry, login) == "Login Succeeded"


def test_a_taken_name_or_address_is_told_before_any_other_rule(registry: Server) -> None:
    login = Login.make("occupant")
    expect(register(registry, login), 201)
    for answer in (register(registry, login), register(registry, Login("occupant", "x")), register(registry, login, email="none"),
                   register(registry, Login("somebody", "x"), email="occupant@example.com"),
                   register(registry, Login("no name", "x"), email="OCCUPANT@example.com")):
        assert (answer.status, answer.body, answer.header("Content-Length")) == (400, TAKEN, "34")
        assert (answer.header("Content-Type") or "").startswith("application/json")
    assert log_in(registry, login).status == 200 and "somebody" not in users(registry)


@pytest.mark.parametrize("fields", [
    {"password": "four"}, {"password": ""}, {"password": None}, {"username": "abc"}, {"username": "Upper"}, {"username": "a" * 31},
    {"username": "search"}, {"username": "../../etc"}, {"username": None}, {"email": "nobody"}, {"email": "a@b\r\nBcc: c@d"},
    {"email": None}])
def test_what_is_no_account_is_refused_with_what_is_wrong(registry: Server, fields: dict[str, object]) -> None:
    before = users(registry)
    document = {"username": "applicant", "password": "long enough", "email": "applicant@example.com"} | fields
    answer = registry.call("POST", "/v1/users/", body=json.dumps(document).encode())
    assert answer.status == 400 and answer.error.startswith("Invalid ") and answer.body != TAKEN, answer.body
    assert users(registry) == before


@pytest.mark.parametrize("body, text", [(b"{", "Error Decoding JSON"), (b"", "Error Decoding JSON"), (b"[]", "Invalid data"),
                                        (b'{"username": 1}', "Invalid data")])
def test_a_body_that_is_no_account_is_refused(registry: Server, body: bytes, text: str) -> None:
    answer = registry.call("POST", "/v1/users/", body=body)
    assert (answer.status, answer.error) == (400, text)


def test_nobody_makes_themselves_an_administrator(registry: Server) -> None:
    more = {name: True for name in ("admin", "is_admin", "isAdmin", "isAdministrator", "is_administrator", "administrator", "is_superuser",
                                    "has_admin_role", "is_official")} | {"state": "active", "role": "admin", "access": "admin", "id": 1}
    login = Login.make("climber")
    expect(register(registry, login, **more), 201)
    body = json.dumps({"password": login.password} | more).encode()
    expect(registry.call("PUT", "/v1/users/climber/", login, body=body), 204)
    assert users(registry)["climber"]["is_administrator"] is False
    expect(registry.call("PUT", "/v1/repositories/tools/", login, body=b"[]"), 403)


@pytest.mark.parametrize("registration", ["closed", "invitation"])
def test_where_nobody_may_register_every_name_is_taken(make: Make, registration: str) -> None:
    server = make(*ACCOUNTS, "--registration", registration).start()
    known = server.add_user("resident")
    stranger = Login.make("stranger")
    for login, more in ((known, {}), (stranger, {}), (Login("x", "y"), {}), (stranger, {"invitation": "a guess"}),
                        (stranger, {"invitation": ""})):
        answer = register(server, login, **more)
        assert (answer.status, answer.body) == (400, TAKEN)
    assert list(users(server)) == ["resident"]
    assert engine_login(server, known) == "Login Succeeded"
    assert engine_login(server, stranger) == "Wrong login/password, please try again"


def test_an_invitation_is_good_for_one_account_with_its_address(make: Make) -> None:
    server = make(*ACCOUNTS, "--registration", "invitation").start()
    code = server.run("user", "invite", "guest@example.com").strip()
    wire.SECRETS.add(code)
    guest, other = Login.make("guest"), Login.make("other")
    assert register(server, other, email="other@example.com", invitation=code).body == TAKEN, "it is somebody else's"
    assert register(server, Login("guest", "four"), invitation=code).error.startswith("Invalid password")
    expect(register(server, guest, invitation=code), 201)
    expect(log_in(server, guest), 200)
    assert register(server, other, email="guest@example.com", invitation=code).body == TAKEN
    server.run("user", "invite", "other@example.com")
    assert register(server, other, invitation=code).body == TAKEN, "it has been used"


def test_an_account_may_wait_for_an_administrator(make: Make) -> None:
    server = make(*ACCOUNTS, "--registration", "open", "--activation", "administrator").start()
    login = Login.make("patient")
    expect(register(server, login), 201)
    for method, target in (("GET", "/v1/users/"), ("PUT", "/v1/repositories/patient/app/"), ("GET", "/v1/search"), ("GET", "/v1/_ping"),
                           ("PUT", "/v1/users/patient/")):
        answer = server.call(method, target, login, body=b"[]" if method == "PUT" else None)
        assert (answer.status, answer.error) == (403, INACTIVE), (method, target)
    expect(log_in(server, Login("patient", "wrong password")), 401)
    server.run("user", "enable", "patient")
    assert engine_login(server, login) == "Login Succeeded"


# The API changes accounts

def test_people_change_their_own_account_over_the_api(registry: Server) -> None:
    old = registry.add_user("changer")
    new = Login.make("changer")
    path = "/v1/users/changer/"
    answer = registry.call("PUT", path, old, body=json.dumps({"email": "second@example.com", "password": new.password}).encode())
    assert (answer.status, answer.body, answer.header("Transfer-Encoding")) == (204, b"", None)
    expect(log_in(registry, old), 401)
    expect(log_in(registry, new), 200)
    assert sorted(users(registry)["changer"]["emails"]) == ["changer@example.com", "second@example.com"], "none is removed"
    for body, error in ((b"{", "Error Decoding JSON"), (b'{"password": "four"}', None), (b'{"email": "nobody"}', None)):
        answer = registry.call("PUT", path, new, body=body)
        assert answer.status == 400 and answer.error and error in (None, answer.error)
    expect(log_in(registry, new), 200)


def test_nobody_changes_the_account_of_another(registry: Server) -> None:
    victim, attacker = registry.add_user("victim"), registry.add_user("attacker")
    chief = registry.add_user("chief", "--admin")
    body = json.dumps({"password": "taken-over", "email": "attacker2@example.com"}).encode()
    answers = [registry.call("PUT", f"/v1/users/{name}/", attacker, body=body) for name in ("victim", "chief", "missing", "library")]
    assert {(answer.status, answer.body) for answer in answers} == {(403, b'{"error":"Permission denied"}')}, "missing or not"
    for authorization in ({}, {"Authorization": "Basic Og=="}, {"Authorization": "Token"}):
        expect(registry.call("PUT", "/v1/users/victim/", body=body, **authorization), 401)
    expect(log_in(registry, victim), 200)
    key = registry.add_key(victim, "weak", "--access", "write").noted()
    expect(registry.call("PUT", "/v1/users/victim/", key, body=body), 403)
    changed = Login.make("victim")
    body = json.dumps({"password": changed.password}).encode()
    expect(registry.call("PUT", "/v1/users/victim/", chief, body=body), 204)
    expect(log_in(registry, changed), 200)
    expect(registry.call("PUT", "/v1/users/missing/", chief, body=body), 404)
    assert "attacker2@example.com" not in json.dumps(users(registry))
