"""A proxy that spoils what is sent through it, as a broken link or a broken machine would."""
from __future__ import annotations

import http.server
import threading
from typing import NamedTuple

import wire
from server import Server

#: What belongs to one connection, and is not handed on.
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class Exchange(NamedTuple):
    """A request that went through, and what the server answered."""

    method: str
    target: str
    is_spoiled: bool
    response: wire.Response


class Corruption:
    """Listens on loopback, and asks the server all it is asked; of blobs that are sent, one bit is another. Use it in a `with`."""

    def __init__(self, server: Server, spoils: bool = True) -> None:
        self.server = server
        self.spoils = spoils
        self.exchanges: list[Exchange] = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                proxy.hand_on(self)

            do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = answer

            def log_message(self, *_: object) -> None:
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def name(self) -> str:
        return "127.0.0.1:%d" % self.listener.server_address[1]

    @property
    def refused(self) -> list[Exchange]:
        """Of the requests that write."""
        return [exchange for exchange in self.exchanges if exchange.response.status >= 400 and exchange.method not in ("GET", "HEAD")]

    def __enter__(self) -> Corruption:
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.shutdown()
        self.listener.server_close()

    def hand_on(self, asked: http.server.BaseHTTPRequestHandler) -> None:
        """One request and its answer, with the framing that the client has chosen."""
        is_chunked = asked.headers.get("Transfer-Encoding", "").lower() == "chunked"
        length = asked.headers.get("Content-Length")
        body = read_chunks(asked) if is_chunked else asked.rfile.read(int(length or 0))
        is_spoiled = self.spoils and bool(body) and asked.command in ("PATCH", "PUT") and "/blobs/uploads/" in asked.path
        if is_spoiled:
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1:]
        lines = [(name, value) for name, value in asked.headers.items() if name.lower() not in HOP_BY_HOP] + [("Connection", "close")]
        with self.server.connect() as connection:
            if is_chunked:
                lines.append(("Transfer-Encoding", "chunked"))
                connection.send(wire.head(f"{asked.command} {asked.path} HTTP/1.1", lines) + wire.chunked(body))
            else:
                sized = body if length is not None else None
                connection.send(wire.request(self.server.address, asked.command, asked.path, lines, sized))
            response = connection.read_response(asked.command)
        self.exchanges.append(Exchange(asked.command, asked.path, is_spoiled, response))
        asked.send_response_only(response.status)
        for name, value in response.headers:
            if name.lower() not in HOP_BY_HOP or (name.lower() == "content-length" and asked.command == "HEAD"):
                asked.send_header(name, value)
        if asked.command != "HEAD" and response.status not in (204, 304):
            asked.send_header("Content-Length", str(len(response.body)))
        asked.end_headers()
        asked.wfile.write(response.body)


def read_chunks(asked: http.server.BaseHTTPRequestHandler) -> bytes:
    """A body in chunked transfer coding, without the coding."""
    body = b""
    while size := int(asked.rfile.readline().split(b";")[0], 16):
        body += asked.rfile.read(size)
        asked.rfile.readline()
    while asked.rfile.readline().strip():
        pass
    return body
