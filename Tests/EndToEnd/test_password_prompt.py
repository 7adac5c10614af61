"""The prompt for a password, on a real terminal (a pty)."""
from __future__ import annotations

import os
import pty
import select
import subprocess
import time

import pytest

from accounts import ACCOUNTS, Login
from conftest import Make
from server import BINARY, Server


class Person:
    """Somebody at a terminal who starts a command and answers its questions."""

    def __init__(self, server: Server, *arguments: str) -> None:
        self.shown = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(server.folder)
            os.execve(BINARY, [str(BINARY), *arguments, "--data", str(server.data), *server.flags], server.environment)

    def answer(self, question: str, text: str) -> None:
        """Waits for the question, types and presses Enter."""
        deadline = time.monotonic() + 30
        before = len(self.shown)
        while question not in self.shown[before:]:
            assert time.monotonic() < deadline and self._read(), f"never asked {question!r}: {self.shown!r}"
        os.write(self.terminal, text.encode())

    def status(self) -> int:
        """Until the command has ended."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._read():
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _read(self) -> bool:
        if not select.select([self.terminal], [], [], 0.5)[0]:
            return True
        try:
            data = os.read(self.terminal, 4096)
        except OSError:  # the other end is closed
            data = b""
        self.shown += data.decode(errors="replace")
        return bool(data)


@pytest.fixture(scope="module")
def registry(make_shared: Make) -> Server:
    server = make_shared(*ACCOUNTS).start()
    server.add_user("alice")
    return server


def can_log_in(server: Server, login: Login) -> bool:
    return server.call("GET", "/v1/users/", login).status == 200


def test_it_asks_twice_and_shows_nothing(registry: Server) -> None:
    login = Login.make("alice")
    person = Person(registry, "user", "passwd", "alice")
    person.answer("alice: ", login.password + "\n")
    person.answer("once more: ", login.password + "\n")
    assert person.status() == 0
    assert login.password not in person.shown and login.password[:6] not in person.shown, person.shown
    assert can_log_in(registry, login)


def test_two_different_passwords_change_nothing(registry: Server) -> None:
    login, other = Login.make("bertha"), Login.make("bertha")
    person = Person(registry, "user", "add", "bertha", "--email", "bertha@example.com")
    person.answer("bertha: ", login.password + "\n")
    person.answer("once more: ", other.password + "\n")
    assert person.status() == 1 and "not the same" in person.shown
    assert not can_log_in(registry, login) and not can_log_in(registry, other) and "bertha" not in registry.run("user", "list")


def test_ctrl_c_ends_it_and_changes_nothing(registry: Server) -> None:
    login = registry.add_user("carla")
    person = Person(registry, "user", "passwd", "carla")
    person.answer("carla: ", "new-passw\x03")
    assert person.status() == -2, "killed by SIGINT"
    assert "new-passw" not in person.shown and can_log_in(registry, login)


def test_a_typing_mistake_can_be_taken_back(registry: Server) -> None:
    person = Person(registry, "user", "passwd", "alice")
    for question in ("alice: ", "once more: "):
        person.answer(question, "nothing\x15grün-wrong\x7f\x7f\x7f\x7f\x7fright\n")
    assert person.status() == 0 and can_log_in(registry, Login("alice", "grün-right").noted())


def test_nobody_is_asked_for_a_name_that_is_not_there(registry: Server) -> None:
    person = Person(registry, "user", "passwd", "nobody_here")
    assert person.status() == 1 and "there is no user nobody_here" in person.shown and "Password" not in person.shown


def test_without_a_terminal_it_says_how_a_script_does_it(registry: Server) -> None:
    result = subprocess.run([str(BINARY), "user", "passwd", "alice", "--data", str(registry.data)], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, start_new_session=True, timeout=60, env=registry.environment)
    assert result.returncode == 2 and "--password-stdin" in result.stderr
