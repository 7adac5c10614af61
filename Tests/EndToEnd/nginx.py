"""nginx with TLS before a server, as people set it up."""
from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

import wire
from certificates import Pair
from ports import free_port

START_LIMIT = 15.0

#: What a proxy has to do for a registry.
RIGHT = """
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Host $http_host;
client_max_body_size 0;
proxy_request_buffering off;
proxy_buffering off;
proxy_http_version 1.1;
proxy_read_timeout 900s;
"""


class Proxy:
    """Listens on a port of loopback, and asks the server on another; `directives` go into its `location`."""

    def __init__(self, folder: Path, pair: Pair, upstream: str, directives: str = RIGHT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.address: wire.Address = ("127.0.0.1", free_port())
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "nginx.conf").write_text(f"""
            pid {folder}/nginx.pid;
            error_log {folder}/error.log;
            worker_processes 1;
            {"user root;" if Path("/proc/self").stat().st_uid == 0 else ""}
            events {{ worker_connections 256; }}
            http {{
                access_log off;
                client_body_temp_path {folder}/body;
                proxy_temp_path {folder}/proxy;
                fastcgi_temp_path {folder}/fastcgi;
                uwsgi_temp_path {folder}/uwsgi;
                scgi_temp_path {folder}/scgi;
                server {{
                    listen {self.name} ssl;
                    ssl_certificate {pair.certificate};
                    ssl_certificate_key {pair.key};
                    location / {{
                        proxy_pass http://{upstream};
                        {directives}
                    }}
                }}
            }}
            """)

    @property
    def name(self) -> str:
        return "%s:%d" % self.address

    @property
    def url(self) -> str:
        return f"https://{self.name}"

    def start(self) -> Proxy:
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-p", str(self.folder), "-c", "nginx.conf", "-g", "daemon off;"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "error.log").read_text()
            try:
                socket.create_connection(self.address, timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("nginx did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None
