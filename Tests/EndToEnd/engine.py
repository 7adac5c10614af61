"""Debian's own Docker engine, started for a test in a folder of its own, and its command line."""
from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

START_LIMIT = 90.0


class Engine:
    """A `dockerd` that has its own data, sockets and containerd, and touches neither bridge nor packet filter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = f"unix://{folder}/docker.sock"
        self.log_file = folder / "dockerd.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Engine:
        assert os.geteuid() == 0, "the Docker engine needs root: run these tests as root"
        dockerd = shutil.which("dockerd") or "/usr/sbin/dockerd"
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [dockerd, "--host", self.socket, "--data-root", f"{self.folder}/data", "--exec-root", f"{self.folder}/exec",
                 "--pidfile", f"{self.folder}/docker.pid", "--config-file", str(self._empty_configuration()),
                 "--storage-driver=vfs", "--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"dockerd ended at its start:\n{self.log_file.read_text()[-3000:]}"
            if self.docker("version").returncode == 0:
                return self
            time.sleep(0.2)
        self.stop()
        raise AssertionError(f"dockerd did not start:\n{self.log_file.read_text()[-3000:]}")

    def stop(self) -> None:
        """Stops the engine, and with it the containerd that it started."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def docker(self, *arguments: str, limit: float = 60, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One `docker` command; a test fails when it takes longer than the limit."""
        environment = os.environ | {"DOCKER_HOST": self.socket, "DOCKER_CONFIG": f"{self.folder}/config"}
        return subprocess.run(["docker", *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=limit)

    def _empty_configuration(self) -> Path:
        file = self.folder / "daemon.json"
        file.write_text("{}")
        return file
