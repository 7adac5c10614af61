"""HTTP/1.1 over plain sockets: tests decide every byte of a request and see the whole of an answer."""
from __future__ import annotations

import base64
import binascii
import http.client
import json
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any, Iterable

Address = tuple[str, int]
Headers = list[tuple[str, str]]

#: Everything secret that a test has sent; no log may contain any of it.
SECRETS: set[str] = set()


def note_secret(authorization: str) -> None:
    """Remembers the credentials in an `Authorization` or `Cookie` value, without the scheme's name: as they are sent, and the password."""
    if authorization.lower().startswith("basic "):
        try:
            password = base64.b64decode(authorization[6:], validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            password = ""
        if len(password) >= 8:
            SECRETS.add(password)
    for word in authorization.replace(",", " ").split():
        secret = word.removeprefix("wharf-session=").removeprefix("signature=").strip('"').partition("/write/")[0].partition("/read/")[0]
        if len(secret) >= 8 and not word.startswith(("access=", "repository=")):
            SECRETS.add(secret)


@dataclass(frozen=True)
class Response:
    """One answer: the head as it came and the body without its framing."""

    status: int
    headers: Headers
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str | None:
        values = self.all(name)
        return ", ".join(values) if values else None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The text of `{"error": "…"}`; fails when any value of the object is no string (v1.md §1.4)."""
        assert (self.header("Content-Type") or "").startswith("application/json"), (self.headers, self.body[:300])
        document: dict[str, str] = self.json
        assert isinstance(document, dict) and all(isinstance(value, str) for value in document.values()), self.body
        assert document.get("error"), self.body
        return document["error"]


@dataclass
class Connection:
    """A client's end of one connection, from an address of this machine that may be chosen."""

    address: Address
    timeout: float = 30
    tls: ssl.SSLContext | None = None
    source: str | None = None
    received: bytearray = field(default_factory=bytearray)
    socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(self.address, self.timeout, (self.source, 0) if self.source else None)
        if self.tls:
            self.socket = self.tls.wrap_socket(self.socket, server_hostname=self.address[0])

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Connection:
        self.socket.sendall(data)
        return self

    def ask(self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None) -> Response:
        """One request and its answer; the connection stays open."""
        return self.send(request(self.address, method, target, headers, body)).read_response(method)

    def read_response(self, method: str = "GET") -> Response:
        """The next final answer; interim ones (1xx) are passed over."""
        while (response := self.read_head()).status < 200:
            pass
        return Response(response.status, response.headers, self._read_body(method, response))

    def read_head(self) -> Response:
        head = self._read_until(b"\r\n\r\n").decode("latin-1")
        first, *lines = head[:-4].split("\r\n")
        version, status = first.split(" ", 2)[:2]
        assert version in ("HTTP/1.1", "HTTP/1.0"), first
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return Response(int(status), headers, b"")

    def read(self, count: int) -> bytes:
        while len(self.received) < count:
            self._receive()
        data = bytes(self.received[:count])
        del self.received[:count]
        return data

    def is_closed(self, limit: float = 3) -> bool:
        """Whether the server closes the connection without another byte, within so many seconds."""
        self.socket.settimeout(limit)
        try:
            return not self.received and self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def _read_body(self, method: str, head: Response) -> bytes:
        if method == "HEAD" or head.status in (204, 304):
            return b""
        if (head.header("Transfer-Encoding") or "").lower() == "chunked":
            return b"".join(iter(self._read_chunk, b""))
        length = head.header("Content-Length")
        if length is not None:
            return self.read(int(length))
        while True:
            try:
                self._receive()
            except ConnectionResetError:
                return self.read(len(self.received))

    def _read_chunk(self) -> bytes:
        size = int(self._read_until(b"\r\n").split(b";")[0], 16)
        data = self.read(size)
        assert self.read(2) == b"\r\n", "a chunk has another length than it says, or the answer has trailers"
        return data

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self.received:
            self._receive()
        return self.read(self.received.index(mark) + len(mark))

    def _receive(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError(f"closed after {bytes(self.received[:200])!r}")
        self.received += data


def request(address: Address, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None) -> bytes:
    """The bytes of a request with a sized body, if any. `Host` is added when it is missing."""
    lines = list(headers)
    if not any(name.lower() == "host" for name, _ in lines):
        lines.insert(0, ("Host", "%s:%d" % address))
    if body is not None:
        lines.append(("Content-Length", str(len(body))))
    return head(f"{method} {target} HTTP/1.1", lines) + (body or b"")


def head(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    for name, value in headers:
        if name.lower() in ("authorization", "cookie"):
            note_secret(value)
    lines = [first_line] + [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunked(data: bytes, size: int = 32768) -> bytes:
    """`data` in chunked transfer coding."""
    pieces = [data[start:start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def call(address: Address, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None,
         timeout: float = 30, tls: ssl.SSLContext | None = None) -> Response:
    """One request on a connection of its own."""
    lines = [*headers, ("Connection", "close")]
    with Connection(address, timeout, tls) as connection:
        return connection.send(request(address, method, target, lines, body)).read_response(method)


def client(address: Address, tls: ssl.SSLContext | None, timeout: float = 60) -> http.client.HTTPConnection:
    """The standard library's client, over TLS if there is a context."""
    if tls:
        return http.client.HTTPSConnection(*address, timeout=timeout, context=tls)
    return http.client.HTTPConnection(*address, timeout=timeout)
