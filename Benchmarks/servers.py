"""The servers that are measured: wharf, nginx and distribution, each on a free port of loopback, in a temporary folder."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; knows its processes' CPU time and memory."""

    def __init__(self, command: list[str], port: int, quiet: bool = False):
        # What is meant for the benchmarks would be a setting to wharf.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL if quiet else subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        self.port = port

    def wait(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self) -> float:
        """CPU seconds of the server so far, its children included."""
        total = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def peak_memory(self) -> int:
        """The most bytes of memory that the largest process has had in use."""
        sizes = [re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in self.pids()]
        return max(int(size[1]) * 1024 for size in sizes if size)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def wharf(folder: Path, *settings: str) -> Server:
    server = Server([os.environ["WHARF_BINARY"], "serve", "--listen", "127.0.0.1:0", "--data", str(folder / "data"), *settings], 0)
    line = server.process.stdout.readline()
    server.port = int(re.search(r":(\d+)$", line.strip())[1])
    server.wait()
    return server


def nginx(folder: Path, root: Path) -> Server:
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"""daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.err; events {{ worker_connections 1024; }}
user {'root' if os.geteuid() == 0 else 'nobody'};
http {{ sendfile on; tcp_nopush on; access_log {folder}/nginx.access combined buffer=64k flush=1s; keepalive_requests 1000000000;
default_type application/json; client_body_temp_path {folder}; server {{ listen 127.0.0.1:{port}; root {root}; }} }}
""")
    server = Server(["nginx", "-c", str(config), "-p", str(folder)], port)
    server.wait()
    return server


def distribution(folder: Path) -> Server:
    """Debian's docker-registry, as it comes: files on disk, no cache but its own."""
    port = free_port()
    config = folder / "distribution.yml"
    config.write_text(
        f"""version: 0.1
log: {{accesslog: {{disabled: false}}, level: warn}}
storage: {{filesystem: {{rootdirectory: {folder}/distribution}}, cache: {{blobdescriptor: inmemory}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"}}
""")
    server = Server(["docker-registry", "serve", str(config)], port, quiet=True)
    server.wait()
    return server


def request(server: Server, method: str, path: str, body=None, **headers: str) -> bytes:
    """One request; anything but success is an error."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {data[:200]!r}")
    return data
