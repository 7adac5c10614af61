"""A small, exact client of the v2 protocol: it sends what a test says and hands back whole answers."""
from __future__ import annotations

import hashlib
import re
from typing import Iterator
from urllib.parse import quote, urlsplit

import wire
from accounts import Login
from server import Server

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
EVERYTHING: wire.Headers = [("Accept", kind) for kind in (MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_LIST)]
#: How a blob can be pushed: POST then PUT, one POST, PATCHes with ranges, one PATCH of no known length.
WAYS = ("put", "post", "chunks", "stream")
OCTETS = ("Content-Type", "application/octet-stream")


def digest(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def expect(response: wire.Response, *statuses: int) -> wire.Response:
    assert response.status in statuses, f"{response.status} in place of {statuses}: {response.headers} {response.body[:600]!r}"
    return response


def errors(response: wire.Response) -> list[tuple[str, str]]:
    """Code and message of each error; fails where the answer has another form than the specification gives it."""
    assert response.header("Content-Type") == "application/json", (response.headers, response.body[:300])
    document = response.json
    assert list(document) == ["errors"] and document["errors"], document
    for error in document["errors"]:
        assert set(error) <= {"code", "message", "detail"} and re.fullmatch("[A-Z_]+", error["code"]) and error["message"], error
    return [(error["code"], error["message"]) for error in document["errors"]]


def code(response: wire.Response) -> str:
    """The one code of an answer that has one error."""
    (found, _), = errors(response)
    return found


def location(response: wire.Response) -> str:
    """The target of `Location`, from which a request can be made whether it is absolute or relative."""
    found = response.header("Location")
    assert found, response.headers
    parts = urlsplit(found)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def adding(target: str, **query: str) -> str:
    """The target with more parameters."""
    return target + ("&" if "?" in target else "?") + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())


class V2Client:
    """Calls a server as nobody, or as a user: with the name and the password, or with a token that it fetches for these."""

    def __init__(self, server: Server, login: Login | None = None, basic: bool = False, headers: wire.Headers = []) -> None:
        self.server = server
        self.login = login
        self.basic = basic
        self.headers = headers
        self.tokens: dict[str, str] = {}

    def call(self, method: str, target: str, headers: wire.Headers = [], body: bytes | None = None) -> wire.Response:
        """One request; and once more with a token where the server asks for one and there is a login."""
        lines = [*self.headers, *headers]
        if self.login and self.basic:
            return self.server.call(method, target, self.login, lines, body)
        known = self.tokens.get(self._key(method, target))
        response = self._with(known, method, target, lines, body)
        challenge = response.header("WWW-Authenticate") or ""
        if response.status == 401 and self.login and challenge.startswith("Bearer "):
            fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
            token = expect(self.token(fields["service"], *filter(None, [fields.get("scope")])), 200).json["token"]
            self.tokens[self._key(method, target)] = token
            response = self._with(token, method, target, lines, body)
        return response

    def token(self, service: str, *scopes: str, **query: str) -> wire.Response:
        """The answer of the token endpoint."""
        target = adding("/v2/token", service=service, **query)
        for scope in scopes:
            target = adding(target, scope=scope)
        return self.server.call("GET", target, self.login)

    def ping(self) -> wire.Response:
        return self.call("GET", "/v2/")

    # Blobs

    def start(self, repository: str, **query: str) -> wire.Response:
        target = f"/v2/{repository}/blobs/uploads/"
        return self.call("POST", adding(target, **query) if query else target, body=b"")

    def post(self, repository: str, data: bytes, name: str) -> wire.Response:
        """The whole blob with one request."""
        return self.call("POST", adding(f"/v2/{repository}/blobs/uploads/", digest=name), [OCTETS], data)

    def mount(self, repository: str, name: str, source: str | None = None) -> wire.Response:
        return self.start(repository, mount=name, **({"from": source} if source else {}))

    def patch(self, target: str, data: bytes, first: int | None = None, headers: wire.Headers = []) -> wire.Response:
        """With `first`, as the chunk of the blob that begins there."""
        return self.call("PATCH", target, [OCTETS, *_range(data, first), *headers], data)

    def stream(self, target: str, data: bytes, size: int = 32768) -> wire.Response:
        """A PATCH in chunked transfer coding, as engines send it."""
        lines = [*self.headers, ("Host", self.server.name), ("Transfer-Encoding", "chunked"), OCTETS, ("Connection", "close")]
        if self.login:
            known = self.tokens.get(self._key("PATCH", target))
            lines.append(("Authorization", f"Bearer {known}" if known and not self.basic else self.login.basic))
        with self.server.connect() as connection:
            connection.send(wire.head(f"PATCH {target} HTTP/1.1", lines) + wire.chunked(data, size))
            return connection.read_response()

    def finish(self, target: str, name: str, data: bytes = b"", first: int | None = None) -> wire.Response:
        return self.call("PUT", adding(target, digest=name), [OCTETS, *_range(data, first)], data)

    def status(self, target: str) -> wire.Response:
        return self.call("GET", target)

    def push_blob(self, repository: str, data: bytes, algorithm: str = "sha256", way: str = "put") -> str:
        """In one of the four `WAYS`; its digest. Fails unless the blob can then be read where `Location` says."""
        name = digest(data, algorithm)
        if way == "post":
            done = self.post(repository, data, name)
        else:
            target = location(expect(self.start(repository), 202))
            if way == "stream":
                target = location(expect(self.stream(target, data), 202))
            elif way == "chunks":
                half = len(data) // 2
                for first, last in ((0, half), (half, len(data))):
                    if first < last:
                        target = location(expect(self.patch(target, data[first:last], first), 202))
            done = self.finish(target, name, data if way == "put" else b"")
        expect(done, 201)
        assert done.header("Docker-Content-Digest") == name, done.headers
        assert expect(self.call("GET", location(done)), 200).body == data
        return name

    def blob(self, repository: str, name: str, method: str = "GET", headers: wire.Headers = []) -> wire.Response:
        return self.call(method, f"/v2/{repository}/blobs/{name}", headers)

    # Manifests

    def put_manifest(self, repository: str, reference: str, data: bytes, media_type: str | None = MANIFEST,
                     tags: list[str] = []) -> wire.Response:
        target = f"/v2/{repository}/manifests/{reference}"
        for tag in tags:
            target = adding(target, tag=tag)
        return self.call("PUT", target, [("Content-Type", media_type)] if media_type else [], data)

    def manifest(self, repository: str, reference: str, method: str = "GET", headers: wire.Headers = EVERYTHING) -> wire.Response:
        return self.call(method, f"/v2/{repository}/manifests/{reference}", headers)

    def delete(self, repository: str, what: str) -> wire.Response:
        """`what` is the rest of the path: `manifests/…`, `blobs/…`."""
        return self.call("DELETE", f"/v2/{repository}/{what}")

    # Lists

    def tags(self, repository: str, **query: str) -> wire.Response:
        target = f"/v2/{repository}/tags/list"
        return self.call("GET", adding(target, **query) if query else target)

    def tag_names(self, repository: str) -> list[str]:
        """All of them, however many pages they take."""
        return [tag for page in self.pages(f"/v2/{repository}/tags/list") for tag in page.json["tags"]]

    def catalog(self, **query: str) -> list[str]:
        target = "/v2/_catalog"
        pages = self.pages(adding(target, **query) if query else target)
        return [name for page in pages for name in page.json["repositories"]]

    def referrers(self, repository: str, name: str, **query: str) -> wire.Response:
        target = f"/v2/{repository}/referrers/{name}"
        return self.call("GET", adding(target, **query) if query else target)

    def pages(self, target: str) -> Iterator[wire.Response]:
        """A list's pages, from one `Link` to the next."""
        following: str | None = target
        while following:
            page = expect(self.call("GET", following), 200)
            yield page
            link = page.header("Link")
            found = re.fullmatch(r'<([^>]+)>; rel="next"', link) if link else None
            assert found or not link, link
            following = found[1] if found else None

    # What authorizes

    def _key(self, method: str, target: str) -> str:
        """Requests that one token is good for: the repository, and whether it is read, written or deleted from."""
        found = re.match(r"/v2/(.+)/(?:blobs|manifests|tags|referrers)/", target)
        kind = "read" if method in ("GET", "HEAD") else "delete" if method == "DELETE" else "write"
        return f"{kind} {found[1] if found else target}"

    def _with(self, token: str | None, method: str, target: str, lines: wire.Headers, body: bytes | None) -> wire.Response:
        authorization = [("Authorization", f"Bearer {token}")] if token else []
        return self.server.call(method, target, None, [*lines, *authorization], body)


def _range(data: bytes, first: int | None) -> wire.Headers:
    return [] if first is None else [("Content-Range", f"{first}-{first + len(data) - 1}")]

