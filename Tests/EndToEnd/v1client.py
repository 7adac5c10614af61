"""A v1 client as an engine is one, and one written from the published documents alone.

Every step asserts the statuses that engines accept (v1.md §4.3). Steps are methods, so that tests can stop in between.
"""
from __future__ import annotations

import json
import ssl
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator

import wire
from accounts import Login
from images import Image
from wire import Address, Headers, Response

if TYPE_CHECKING:
    from server import Server


@dataclass
class EngineClient:
    """Pushes and pulls as Docker engines do (v1.md §5.3, §5.4), with or without a login.

    Where the server is not standalone, as always with accounts, and over plain HTTP, that is regime B of v1.md §3.3: Basic for the index
    and the token for the registry. `is_basic_only` is regime A. With `is_split`, the registry is the one that the index names.
    """

    address: Address
    version: str = "1.5.0"
    token: str | None = None
    after: Callable[[str], None] = lambda step: None
    login: Login | None = None
    tls: ssl.SSLContext | None = None
    standalone: str = ""
    is_basic_only: bool = False
    is_split: bool = False
    registry: Address | None = None
    user_agent: str = field(init=False)

    @classmethod
    def of(cls, server: "Server", login: Login | None = None, **more: Any) -> EngineClient:
        """A client of a server with accounts."""
        return cls(server.address, login=login, tls=server.tls, **({"standalone": "false"} | more))

    def __post_init__(self) -> None:
        self.user_agent = f"docker/{self.version} go/go1.4.1 git-commit/a8a31ef kernel/3.13.0 os/linux arch/amd64"

    # One call

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | Iterator[bytes] | None = None,
             index: bool = False) -> Response:
        """One request on one connection, as engines up to 1.6 make it; index calls carry Basic, the others the token."""
        lines = {"User-Agent": self.user_agent, "Accept-Encoding": "gzip", "Connection": "close"} | self._credential(method, index)
        lines |= ({"X-Docker-Token": "true"} if index else {}) | (headers or {})
        wire.note_secret(lines.get("Authorization", ""))
        connection = wire.client(self.address if index else self.registry or self.address, self.tls)
        try:
            connection.request(method, path, body, lines, encode_chunked="Transfer-Encoding" in lines)
            answer = connection.getresponse()
            response = Response(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        if index:
            self.token = response.header("X-Docker-Token") or self.token
        return response

    def _credential(self, method: str, index: bool) -> dict[str, str]:
        if (index or self.is_basic_only) and self.login:
            return {"Authorization": self.login.basic}
        if index:
            return {"Authorization": "Basic Og=="} if method == "PUT" else {}
        return {} if self.token is None else {"Authorization": f"Token {self.token}"}

    # Push

    def push(self, repository: str, chain: list[Image], tag: str = "latest") -> None:
        self.ping()
        self.put_repository(repository, chain, tag)
        for image in chain:
            if not self.exists(image.id):
                self.put_image(image)
        self.put_tag(repository, tag, chain[-1].id)
        self.put_images(repository)

    def put_image(self, image: Image) -> None:
        if self.put_json(image):
            self.put_layer(image)
            self.put_checksum(image)

    def ping(self) -> None:
        response = self.call("GET", "/v1/_ping", {"User-Agent": "Go 1.1 package http"})
        expect(response, 200)
        assert response.header("X-Docker-Registry-Version"), "engines up to 0.10.0 refuse a registry without it"
        assert (response.header("X-Docker-Registry-Standalone") or "").lower() == (self.standalone or "true")

    def put_repository(self, repository: str, chain: Iterable[Image], tag: str = "latest") -> None:
        elements = [{"id": image.id} for image in chain]
        elements[-1]["Tag"] = tag
        response = self.call("PUT", f"/v1/repositories/{repository}/", {"Content-Type": "application/json"},
                             json.dumps(elements, separators=(",", ":")).encode(), index=True)
        expect(response, 200, 201)
        self._follow(response)
        assert response.header("X-Docker-Token"), "engines up to 1.6 need it"
        self.after("repository")

    def _follow(self, response: Response) -> None:
        """To the one registry that the index names; engines push to all that they are told."""
        endpoints = response.all("X-Docker-Endpoints")
        if self.is_split:
            assert len(endpoints) == 1 and "," not in endpoints[0] and "/" not in endpoints[0], endpoints
            host, _, port = endpoints[0].rpartition(":")
            self.registry = (host, int(port))
        else:
            assert endpoints == ["%s:%d" % self.address]

    def exists(self, image_id: str) -> bool:
        return self.call("GET", f"/v1/images/{image_id}/json").status == 200

    def put_json(self, image: Image) -> bool:
        """False when the registry has the image already."""
        response = self.call("PUT", f"/v1/images/{image.id}/json", {"Content-Type": "application/json"}, image.json)
        if response.status != 200 and response.error == "Image already exists":
            return False
        expect(response, 200)
        self.after("json")
        return True

    def put_layer(self, image: Image) -> None:
        response = self.call("PUT", f"/v1/images/{image.id}/layer",
                             {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}, _pieces(image.layer))
        expect(response, 200)
        self.after("layer")

    def put_checksum(self, image: Image, tarsum: str | None = None, payload: str | None = None) -> None:
        expect(self.offer_checksum(image.id, tarsum or image.tarsum(), payload or image.payload_sum), 200)
        self.after("checksum")

    def offer_checksum(self, image_id: str, tarsum: str | None, payload: str | None) -> Response:
        sums = {"X-Docker-Checksum": tarsum, "X-Docker-Checksum-Payload": payload}
        headers = {"Content-Length": "0"} | {name: value for name, value in sums.items() if value is not None}
        return self.call("PUT", f"/v1/images/{image_id}/checksum", headers)

    def put_tag(self, repository: str, tag: str, image_id: str) -> None:
        response = self.call("PUT", f"/v1/repositories/{repository}/tags/{tag}", {"Content-Type": "application/json"},
                             json.dumps(image_id).encode())
        expect(response, 200, 201)
        self.after("tag")

    def put_images(self, repository: str) -> None:
        endpoint = ("https" if self.tls else "http") + "://%s:%d/v1/" % (self.registry or self.address)
        response = self.call("PUT", f"/v1/repositories/{repository}/images",
                             {"Content-Type": "application/json", "X-Docker-Endpoints": endpoint}, b"[]", index=True)
        expect(response, 204)
        assert response.body == b"" and response.header("Transfer-Encoding") is None
        self.after("images")

    # Pull

    def pull(self, repository: str, tag: str = "latest", breaks: Iterable[int] = ()) -> list[Image]:
        """The chain from base to top. Layer reads break off after the given numbers of bytes and are resumed."""
        self.ping()
        listed = self.list_images(repository)
        top = self.list_tags(repository)[tag]
        ancestry = self.get_ancestry(top)
        assert top in listed
        return [self.get_image(image_id, breaks) for image_id in reversed(ancestry)]

    def list_images(self, repository: str) -> list[str]:
        response = self.call("GET", f"/v1/repositories/{repository}/images", index=True)
        expect(response, 200)
        if self.is_split:
            self._follow(response)
        assert all(set(element) <= {"id", "checksum"} for element in response.json), "engines obey a Tag in this list"
        return [element["id"] for element in response.json]

    def list_tags(self, repository: str) -> dict[str, str]:
        """Tags are read under `library/` even where everything else uses the bare name (v1.md §3.5)."""
        name = repository if "/" in repository else f"library/{repository}"
        response = self.call("GET", f"/v1/repositories/{name}/tags")
        expect(response, 200)
        return dict(response.json)

    def get_ancestry(self, image_id: str) -> list[str]:
        response = self.call("GET", f"/v1/images/{image_id}/ancestry")
        expect(response, 200)
        assert response.json[0] == image_id
        return list(response.json)

    def get_image(self, image_id: str, breaks: Iterable[int] = ()) -> Image:
        response = self.call("GET", f"/v1/images/{image_id}/json")
        expect(response, 200)
        size = int(response.header("X-Docker-Size") or -1)
        layer = self.get_layer(image_id, size, breaks)
        assert len(layer) == size, "X-Docker-Size is the stored size of the layer"
        return Image(image_id, response.body, layer)

    def get_layer(self, image_id: str, size: int, breaks: Iterable[int] = ()) -> bytes:
        """Reads a layer; at each break the connection is dropped and the rest asked for as engines do (v1.md §4.5)."""
        path, headers, data = f"/v1/images/{image_id}/layer", self._layer_headers(), b""
        for stop in [*breaks, size]:
            wanted = [("Range", f"bytes={len(data)}-{size}")] if data else []
            address = self.registry or self.address
            with wire.Connection(address, tls=self.tls) as connection:
                connection.send(wire.request(address, "GET", path, headers + wanted))
                answer = connection.read_head()
                expect(answer, 206 if data else 200)
                assert answer.header("Accept-Ranges") == "bytes" and answer.header("Content-Encoding") is None
                assert answer.header("Content-Length") == str(size - len(data))
                data += connection.read(stop - len(data))
        return data

    def _layer_headers(self) -> Headers:
        return [("User-Agent", self.user_agent), *self._credential("GET", index=False).items()]

    # The rest

    def search(self, term: str | None = None, **more: object) -> dict[str, object]:
        query = urllib.parse.urlencode(({} if term is None else {"q": term}) | more)
        response = self.call("GET", "/v1/search" + (f"?{query}" if query else ""), index=True)
        expect(response, 200)
        return dict(response.json)

    def found(self, term: str | None = None, **more: object) -> list[str]:
        """The names of the repositories that a search finds."""
        return [result["name"] for result in self.search(term, **more)["results"]]  # type: ignore[attr-defined]

    def delete(self, repository: str) -> None:
        expect(self.call("DELETE", f"/v1/repositories/{repository}/"), 200)


@dataclass
class DocumentClient:
    """Knows the published documents only: it makes no checksum call, and sends the token of the index with layers alone."""

    address: Address
    token: str | None = None

    def call(self, method: str, path: str, body: bytes | None = None, token: bool = False) -> Response:
        headers = [("Accept", "application/json"), ("Content-Type", "application/json")]
        return wire.call(self.address, method, path, headers + ([("Authorization", self.token or "")] if token else []), body)

    def create(self, repository: str, chain: list[Image]) -> None:
        elements = json.dumps([{"id": image.id} for image in chain]).encode()
        headers = [("Content-Type", "application/json"), ("Authorization", "Basic akmklmasadalkm=="), ("X-Docker-Token", "true")]
        response = wire.call(self.address, "PUT", f"/v1/repositories/{repository}/", headers, elements)
        documented(response)
        token = response.header("X-Docker-Token") or ""
        self.token = token if token.startswith("Token ") else f"Token {token}"

    def push(self, repository: str, chain: list[Image], tag: str, index: bool = True) -> None:
        """`index=False`: a client of the registry's document alone, which declares nothing and has its token from nowhere."""
        expect(self.call("GET", "/v1/_ping", b'""'), 200)
        if index:
            self.create(repository, chain)
        for image in chain:
            documented(self.call("PUT", f"/v1/images/{image.id}/json", image.json))
            documented(self.call("PUT", f"/v1/images/{image.id}/layer", image.layer, token=True))
        documented(self.call("PUT", f"/v1/repositories/{repository}/tags/{tag}", json.dumps(chain[-1].id).encode()))

    def pull(self, repository: str, tag: str) -> list[Image]:
        found = self.call("GET", f"/v1/repositories/{repository}/tags/{tag}")
        ancestry = documented(self.call("GET", f"/v1/images/{documented(found, None)}/ancestry"), None)
        assert isinstance(ancestry, list)
        return [self.get_image(image_id) for image_id in reversed(ancestry)]

    def get_image(self, image_id: str) -> Image:
        answer, layer = (self.call("GET", f"/v1/images/{image_id}/{part}") for part in ("json", "layer"))
        documented(answer, None)
        expect(layer, 200)
        assert answer.header("X-Docker-Size") == str(len(layer.body)) and answer.header("X-Docker-Checksum")
        return Image(image_id, answer.body, layer.body)


def documented(response: Response, body: object = "") -> object:
    """The JSON of an answer with the status and headers that the document shows; `body`, unless None, is its value."""
    expect(response, 200)
    assert (response.header("Vary") or "").split(",")[0] == "Accept" and response.header("X-Docker-Registry-Version")
    assert (response.header("Content-Type") or "").split(";")[0] == "application/json"
    assert body is None or response.json == body, response.body
    return response.json


def expect(response: Response, *statuses: int) -> None:
    assert response.status in statuses, f"{response.status} instead of {statuses}: {response.body[:500]!r}"


def _pieces(data: bytes, size: int = 32768) -> Iterator[bytes]:
    return (data[start:start + size] for start in range(0, len(data), size))
