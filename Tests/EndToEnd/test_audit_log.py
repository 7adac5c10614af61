"""The audit log: every change and every refusal of rights, by server and commands, as lines of JSON."""
from __future__ import annotations

import json
import os
import pwd
import re
from typing import Any

import pytest

from accounts import ACCOUNTS, Login
from conftest import Make
from images import make_chain
from server import Server
from v1client import EngineClient, expect

Line = dict[str, Any]


def lines(text: str) -> list[Line]:
    return [json.loads(line) for line in text.splitlines()]


class Story:
    """A server with two users, and what its audit log says of what was done since it was looked at last."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.file = server.data / "audit.log"
        self.alice, self.stranger = server.add_user("alice"), server.add_user("stranger")
        self.chain = make_chain(1)
        EngineClient.of(server, self.alice).push("alice/app", self.chain)
        self.seen = 0
        self.new()

    def new(self) -> list[Line]:
        everything = lines(self.file.read_text())
        fresh, self.seen = everything[self.seen:], len(everything)
        return fresh

    def one(self) -> Line:
        line, = self.new()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
        return line


@pytest.fixture(scope="module")
def story(make_shared: Make) -> Story:
    return Story(make_shared(*ACCOUNTS, "--registration", "open").start())


def test_a_push_is_in_it_step_by_step(story: Story) -> None:
    image, = chain = make_chain(1)
    EngineClient.of(story.server, story.alice).push("alice/audited", chain, "1.0")
    entries = [(line["action"], line["target"], line["by"]) for line in story.new()]
    assert entries == [
        ("repository.push", "alice/audited", "password"), ("image.begin", f"alice/audited@{image.id}", "token"),
        ("image.layer", f"alice/audited@{image.id}", "token"), ("image.complete", f"alice/audited@{image.id}", "token"),
        ("tag.set", "alice/audited:1.0", "token"), ("repository.push", "alice/audited", "password")]
    assert EngineClient.of(story.server, story.alice).pull("alice/audited", "1.0") == chain
    assert story.new() == [], "who pulls what they may pull is not in it"


CHANGES = [
    ("PUT", "tags/new", "tag.set", "alice/app:new", None), ("DELETE", "tags/new", "tag.delete", "alice/app:new", None),
    ("PUT", "properties", "repository.visibility", "alice/app", b'{"access":"private"}')]


@pytest.mark.parametrize("method, path, action, target, body", CHANGES)
def test_a_change_names_who_what_and_from_where(story: Story, method: str, path: str, action: str, target: str, body: bytes | None) -> None:
    body = body if body or method == "DELETE" else b'"%s"' % story.chain[0].id.encode()
    expect(story.server.call(method, f"/v1/repositories/alice/app/{path}", story.alice, body=body), 200)
    line = story.one()
    assert re.fullmatch("[0-9a-f]+", line.pop("request"))
    assert line == {"who": "alice", "by": "password", "action": action, "target": target, "from": "127.0.0.1", "outcome": "done",
                    "status": 200}


REFUSALS = [
    ("stranger", "PUT", "/v1/repositories/alice/app/tags/latest", 403, "tag.set", "alice/app:latest"),
    ("stranger", "DELETE", "/v1/repositories/alice/app/", 403, "repository.delete", "alice/app"),
    ("stranger", "PUT", "/v1/repositories/alice/app/properties", 403, "repository.visibility", "alice/app"),
    ("stranger", "PUT", "/v1/repositories/tools/", 403, "repository.push", "library/tools"),
    ("stranger", "PUT", "/v1/users/alice/", 403, "user.update", "alice"),
    ("stranger", "GET", "/v1/repositories/alice/app/tags", 404, "repository.read", "alice/app"),
    ("anonymous", "PUT", "/v1/repositories/alice/app/", 401, "repository.push", "alice/app"),
    ("anonymous", "GET", "/v1/repositories/alice/app/tags", 401, "repository.read", "alice/app")]


@pytest.mark.parametrize("who, method, path, status, action, target", REFUSALS)
def test_a_refusal_is_in_it(story: Story, who: str, method: str, path: str, status: int, action: str, target: str) -> None:
    login = story.stranger if who == "stranger" else None
    body = b'{"password":"planted-takeover"}' if "users" in path else b'"x"' if "tags/" in path else b'{"access":"public"}' \
        if "properties" in path else b"[]"
    expect(story.server.call(method, path, login, body=body if method == "PUT" else None), status)
    line = story.one()
    assert {key: line[key] for key in ("who", "action", "target", "outcome", "status", "from")} == {
        "who": who, "action": action, "target": target, "outcome": "refused", "status": status, "from": "127.0.0.1"}
    assert line["by"] == ("password" if who == "stranger" else "-")


def test_a_wrong_password_is_in_it_with_the_name_that_was_tried(story: Story) -> None:
    expect(story.server.call("GET", "/v1/users/", Login("alice", "planted-wrong").noted()), 401)
    line = story.one()
    assert (line["action"], line["outcome"], line["status"]) == ("user.login", "refused", 401)
    assert "alice" in line.get("detail", ""), "an operator wants to see whose password is being guessed"
    assert (line["who"], line["by"]) == ("anonymous", "-"), "who guesses is not who is guessed at"


def test_accounts_that_people_make_and_change_are_in_it(story: Story) -> None:
    login = Login.make("newcomer")
    body = json.dumps({"username": login.user, "password": login.password, "email": "newcomer@example.com"}).encode()
    expect(story.server.call("POST", "/v1/users/", body=body), 201)
    line = story.one()
    assert (line["action"], line["outcome"], line["status"]) == ("user.register", "done", 201)
    assert "newcomer" in (line["target"], line["who"])
    expect(story.server.call("PUT", "/v1/users/newcomer/", login, body=b'{"email":"second@example.com"}'), 204)
    line = story.one()
    assert (line["who"], line["action"], line["target"], line["outcome"]) == ("newcomer", "user.update", "newcomer", "done")


def test_keys_are_in_it_by_their_names(story: Story) -> None:
    key = story.server.add_key(story.alice, "robot", "--access", "write").noted()
    story.new()
    expect(story.server.call("PUT", "/v1/repositories/alice/app/", key, body=b"[]"), 200)
    line = story.one()
    assert (line["who"], line["by"]) == ("alice", "key robot")


COMMANDS = [
    (("user", "disable", "stranger"), "user.disable", "stranger"), (("user", "enable", "stranger"), "user.enable", "stranger"),
    (("user", "admin", "stranger", "on"), "user.admin", "stranger"), (("user", "admin", "stranger", "off"), "user.admin", "stranger"),
    (("user", "passwd", "stranger", "--password-stdin"), "user.password", "stranger"),
    (("key", "create", "alice", "--name", "cli"), "key.create", "alice/cli"),
    (("key", "revoke", "alice", "cli"), "key.revoke", "alice/cli"),
    (("user", "invite", "guest@example.com"), "user.invite", "guest@example.com"),
    (("org", "create", "company"), None, "company"), (("member", "add", "company", "alice", "--access", "write"), None, "company"),
    (("member", "remove", "company", "alice"), None, "company"), (("org", "delete", "company"), None, "company"),
    (("member", "add", "alice/app", "stranger"), None, "alice/app"), (("member", "remove", "alice/app", "stranger"), None, "alice/app"),
    (("repo", "describe", "alice/app", "A text"), None, "alice/app"),
    (("repo", "visibility", "alice/app", "public"), "repository.visibility", "alice/app"),
    (("repo", "star", "alice/app", "stranger"), None, "alice/app"), (("repo", "official", "alice/app", "on"), None, "alice/app"),
    (("repo", "delete", "alice/app", "--yes"), "repository.delete", "alice/app")]


def test_what_the_command_line_does_is_in_it(story: Story) -> None:
    for arguments, action, target in COMMANDS:
        story.server.run(*arguments, stdin="planted-from-stdin\n" if "--password-stdin" in arguments else "")
        line = story.one()
        assert line["who"] == f"cli:{pwd.getpwuid(os.getuid()).pw_name}" and line["outcome"] == "done" and line["from"] == "-", line
        assert action in (None, line["action"]) and target in line["target"], (arguments, line)
        assert "planted" not in json.dumps(line)
    for arguments in (("user", "list"), ("key", "list", "alice"), ("repo", "list"), ("org", "list")):
        story.server.run(*arguments)
    assert story.new() == [], "looking changes nothing"


def test_it_can_be_rotated(make: Make) -> None:
    story = Story(make(*ACCOUNTS).start())
    old = story.file.rename(story.file.with_name("audit.log.1"))
    expect(story.server.call("PUT", "/v1/repositories/alice/app/", story.alice, body=b"[]"), 200)
    assert lines(old.read_text())[-1]["action"] == "repository.push" and not story.file.exists(), "until it is told"
    count = len(old.read_text().splitlines())
    story.server.hang_up()
    expect(story.server.call("PUT", "/v1/repositories/alice/app/", story.alice, body=b"[]"), 200)
    assert [line["who"] for line in lines(story.file.read_text())] == ["alice"] and len(old.read_text().splitlines()) == count


@pytest.mark.parametrize("where", ["-", "off", "file"])
def test_it_goes_where_the_settings_say(make: Make, where: str) -> None:
    server = make(*ACCOUNTS)
    destination = server.folder / "other.log"
    server.flags += ("--audit-log", str(destination) if where == "file" else where)
    alice = server.add_user("alice")
    server.start()
    expect(server.call("PUT", "/v1/repositories/alice/app/", alice, body=b"[]"), 200)
    assert not (server.data / "audit.log").exists()
    assert ('"action":"repository.push"' in server.log) == (where == "-")
    actions = [line["action"] for line in lines(destination.read_text())] if where == "file" else []
    assert actions == (["user.add", "repository.push"] if where == "file" else [])
