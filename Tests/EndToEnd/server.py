"""The server under test as a process of its own: started, stopped, killed, and its log read."""
from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import wire

CHECKOUT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("WHARF_BINARY") or CHECKOUT / ".build/debug/wharf")
STOP_LIMIT = 15.0
START_LIMIT = 30.0


class Server:
    """`wharf serve` on a free loopback port with its data and its log in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log_file = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.address: wire.Address = ("127.0.0.1", 0)

    @property
    def name(self) -> str:
        return "%s:%d" % self.address

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> Server:
        assert BINARY.exists(), f"no server to test: {BINARY} (set WHARF_BINARY)"
        before = len(self.log)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [str(BINARY), "serve", "--listen", "127.0.0.1:0", "--data", str(self.data)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment)
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", self.log[before:]):
                self.address = ("127.0.0.1", int(found[1]))
                return self
            assert self.process.poll() is None, f"the server ended at its start:\n{self.log[before:]}"
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"the server did not say where it listens:\n{self.log[before:]}")

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

    def is_answering(self, limit: float = 5) -> bool:
        connection = http.client.HTTPConnection(*self.address, timeout=limit)
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
