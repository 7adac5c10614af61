"""The server under test as a process of its own: started, stopped, killed, and its log read; and the program's other commands."""
from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import time
from pathlib import Path

import wire
from accounts import Login

CHECKOUT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("WHARF_BINARY") or CHECKOUT / ".build/debug/wharf")
STOP_LIMIT = 15.0
START_LIMIT = 30.0


def clean_environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    return {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}


class Server:
    """`wharf serve` on a free loopback port with its data and its log in one folder.

    `flags` are further settings. With `tls`, how a client trusts it, it is expected to speak HTTPS. `prefix` is a command that starts
    it, as `env` would.
    """

    def __init__(self, folder: Path, *flags: str, tls: ssl.SSLContext | None = None, prefix: tuple[str, ...] = (),
                 environment: dict[str, str] | None = None, listen: str = "127.0.0.1:0") -> None:
        self.folder = folder
        self.flags = flags
        self.tls = tls
        self.prefix = prefix
        self.environment = clean_environment() | (environment or {})
        self.listen = listen
        self.data = folder / "data"
        self.log_file = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.address: wire.Address = ("127.0.0.1", 0)

    @property
    def name(self) -> str:
        return "%s:%d" % self.address

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> Server:
        assert BINARY.exists(), f"no server to test: {BINARY} (set WHARF_BINARY)"
        before = len(self.log)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(BINARY), "serve", "--listen", self.listen, "--data", str(self.data), *self.flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=self.environment)
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if found := re.search(rf"listening on {self.scheme}://[0-9.]+:(\d+)", self.log[before:]):
                self.address = ("127.0.0.1", int(found[1]))
                return self
            assert self.process.poll() is None, f"the server ended at its start:\n{self.log[before:]}"
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"the server did not say where it listens:\n{self.log[before:]}")

    def refuses_to_start(self, limit: float = START_LIMIT) -> tuple[int, str]:
        """The exit status and what it said; fails when it starts all the same."""
        command = [*self.prefix, str(BINARY), "serve", "--listen", self.listen, "--data", str(self.data), *self.flags]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit, cwd=self.folder,
                                env=self.environment)
        assert "listening" not in result.stdout and result.returncode != 0, result.stdout
        return result.returncode, result.stderr

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Another command of the program, on the same data and with the same settings, whether the server runs or not."""
        return subprocess.run([str(BINARY), *arguments, "--data", str(self.data), *self.flags], input=stdin, capture_output=True, text=True,
                              timeout=60, cwd=self.folder, env=self.environment)

    def run(self, *arguments: str, stdin: str = "") -> str:
        """The same; it has to succeed. What it prints."""
        result = self.command(*arguments, stdin=stdin)
        assert result.returncode == 0, f"wharf {' '.join(arguments)}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def add_user(self, name: str, *flags: str) -> Login:
        """An account with a password that no log may show."""
        login = Login.make(name)
        self.run("user", "add", name, "--email", f"{name}@example.com", "--password-stdin", *flags, stdin=f"{login.password}\n")
        return login

    def add_key(self, login: Login, name: str, *flags: str) -> Login:
        """A key of the user, with which it can be called in place of the password."""
        return Login(login.user, self.run("key", "create", login.user, "--name", name, *flags).strip())

    def hang_up(self, expected: str = "reloaded", limit: float = 10) -> str:
        """SIGHUP, after which files are read again; what the log says from then on, once the expected text is in it."""
        assert self.process
        before = len(self.log)
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if expected in self.log[before:]:
                return self.log[before:]
            time.sleep(0.02)
        raise AssertionError(f"the log does not say {expected!r} after SIGHUP:\n{self.log[before:]}")

    def terminate(self) -> None:
        """Sends SIGTERM and does not wait."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    def wait(self, limit: float = STOP_LIMIT) -> int:
        """The exit status; a server that has not ended within the limit is killed, and that is a failure."""
        assert self.process
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {limit} s:\n{self.log[-2000:]}") from None
        self.process = None
        return status

    def stop(self) -> None:
        if self.process is None:
            return
        self.terminate()
        status = self.wait()
        assert status == 0, f"exit status {status} after SIGTERM:\n{self.log[-2000:]}"

    def kill(self) -> None:
        """kill -9: nothing gets a chance to be put in order."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    def restart(self) -> None:
        """Starts again over the same data, on another port."""
        assert self.process is None
        self.start()

    def call(self, method: str, target: str, login: Login | None = None, headers: wire.Headers = [], body: bytes | None = None,
             **fields: str) -> wire.Response:
        """One request; underscores in the names of `fields` stand for hyphens."""
        lines = [*headers, *((name.replace("_", "-"), value) for name, value in fields.items())]
        lines += [("Authorization", login.basic)] if login else []
        return wire.call(self.address, method, target, lines, body, tls=self.tls)

    def connect(self) -> wire.Connection:
        """A connection for several requests."""
        return wire.Connection(self.address, tls=self.tls)

    def is_answering(self, limit: float = 5) -> bool:
        connection = wire.client(self.address, self.tls, limit)
        try:
            connection.request("GET", "/v1/_ping")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def peak_memory(self) -> int:
        """The highest resident size so far, in bytes."""
        assert self.process
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]

    def check_log(self) -> None:
        """No line may hold a secret that a test has sent, nor the end of a crash."""
        for number, line in enumerate(self.log.splitlines(), 1):
            found = [secret for secret in wire.SECRETS if secret in line]
            assert not found, f"line {number} of the log shows the secret {found[0]!r}: {line}"
            assert not re.search(r"Fatal error|Illegal instruction|Backtrace|Crashed", line), f"line {number}: {line}"
