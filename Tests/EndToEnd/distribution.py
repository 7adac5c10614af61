"""Debian's docker-registry (distribution 2.8) as a process of its own: another implementation, which verifies schema 1 manifests."""
from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import wire
from accounts import Login
from ports import free_port

START_LIMIT = 30.0


class Distribution:
    """On a free loopback port, without accounts, with its data in a folder. `V2Client` calls it as it calls a server of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address: wire.Address = ("127.0.0.1", free_port())
        self.log_file = folder / "distribution.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return "%s:%d" % self.address

    def start(self) -> Distribution:
        # JSON is YAML.
        settings = {"version": 0.1, "log": {"level": "info"}, "http": {"addr": self.name}, "compatibility": {"schema1": {"enabled": True}},
                    "storage": {"filesystem": {"rootdirectory": str(self.folder / "storage")}}}
        file = self.folder / "config.yml"
        file.write_text(json.dumps(settings))
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", str(file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder)
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.call("GET", "/v2/").status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise AssertionError(f"docker-registry did not start:\n{self.log_file.read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def call(self, method: str, target: str, login: Login | None = None, headers: wire.Headers = [],
             body: bytes | None = None) -> wire.Response:
        return wire.call(self.address, method, target, headers, body)
