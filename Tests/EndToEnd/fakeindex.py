"""A classic index, as small as it can be: it knows one token for one repository, and remembers what it was asked."""
from __future__ import annotations

import http.server
import json
import threading
import time
from typing import NamedTuple


class Asked(NamedTuple):
    method: str
    path: str
    authorization: str | None


class FakeIndex:
    """Answers on a port of its own until it is stopped; `start` takes the same port again."""

    def __init__(self, repository: str, token: str) -> None:
        self.repository, self.token = repository, token
        self.ids: list[str] = []
        self.asked: list[Asked] = []
        self.status: int | None = None
        self.delay = 0.0
        self.port = 0
        self.server: http.server.ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> FakeIndex:
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                index.asked.append(Asked(self.command, self.path, self.headers["Authorization"]))
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                time.sleep(index.delay)
                status, document = index.answer(index.asked[-1])
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def answer(self, asked: Asked) -> tuple[int, object]:
        if self.status:
            return self.status, {"error": "as the test wants it"}
        if asked.authorization is None or self.token not in asked.authorization:
            return 401, {"error": "Requires authorization"}
        base = f"/v1/repositories/{self.repository}/"
        if asked.path == f"{base}images":
            return 200, [{"id": image_id} for image_id in self.ids]
        if asked.path == f"{base}auth":
            return 200, "OK"
        if asked.path.startswith(f"{base}layer/"):
            return 200, {"access": asked.path.split("/")[-2] in self.ids}
        return 404, {"error": "images not found"}
