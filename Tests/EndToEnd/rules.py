"""What an answer must be for each kind of request: statuses of v1.md §4.3, headers and bodies of §2, §4.4, §4.5 and §11."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Callable

from images import Image
from recordings import Recorded
from wire import Address, Response


@dataclass
class Replay:
    """What a replay knows: the images that it pushes, and what it has learned from the server."""

    address: Address
    images: dict[str, Image]
    repository: str = ""
    tag: str = ""
    top: str = ""
    token: str | None = None
    completed: set[str] = field(default_factory=set)


Check = Callable[[Recorded, Response, Replay], None]


def registry_headers(_: Recorded, response: Response, __: Replay) -> None:
    """§11.1, §11.2: engines up to 0.10.0 need the version; the document shows `Vary: Accept`."""
    assert response.header("X-Docker-Registry-Version"), "X-Docker-Registry-Version"
    assert response.all("X-Docker-Registry-Standalone") == ["true"], "X-Docker-Registry-Standalone"
    assert "Accept" in re.split(r"\s*,\s*", response.header("Vary") or ""), "Vary"


def is_json(_: Recorded, response: Response, __: Replay) -> None:
    assert (response.header("Content-Type") or "").split(";")[0] == "application/json", "Content-Type"
    assert response.header("Content-Encoding") is None, "Go would hide the length"
    assert response.header("Content-Length") == str(len(response.body)), "Content-Length"
    json.loads(response.body)


def empty_string(_: Recorded, response: Response, __: Replay) -> None:
    """§11: where engines do not care, the document's body `""`."""
    assert response.body.strip() == b'""', "the document's body"


def no_token(_: Recorded, response: Response, __: Replay) -> None:
    """§11.2: engines from 1.7 overwrite their token with that of any answer."""
    assert response.header("X-Docker-Token") is None, "X-Docker-Token outside index replies"


def index_headers(access: str) -> Check:
    def check(request: Recorded, response: Response, replay: Replay) -> None:
        """§2.3.1: one endpoint, equal to the Host that the client used; a token that names the repository."""
        assert response.all("X-Docker-Endpoints") == ["%s:%d" % replay.address], "X-Docker-Endpoints"
        tokens = response.all("X-Docker-Token")
        pattern = rf'(Token )?signature=[^,"\s]+,repository="{re.escape(replay.repository)}",access={access}'
        assert len(tokens) == 1 and re.fullmatch(pattern, tokens[0]), "X-Docker-Token"
        assert (response.header("WWW-Authenticate") or "").startswith("Token "), "WWW-Authenticate"
    return check


def no_body(_: Recorded, response: Response, __: Replay) -> None:
    """§1.3: a 204 has no body and is not chunked."""
    assert response.header("Transfer-Encoding") is None and response.header("Content-Length") in (None, "0"), "length of a 204"


def plain_text_without_version(_: Recorded, response: Response, __: Replay) -> None:
    """§4.1: JSON here makes 1.10 retry for a minute, and the version header would bind engines to v2."""
    assert (response.header("Content-Type") or "").split(";")[0] == "text/plain", "Content-Type"
    assert response.header("Docker-Distribution-API-Version") is None, "version header"
    assert not response.body.lstrip().startswith((b"{", b"[", b'"')), "a body that is JSON"


def is_error(_: Recorded, response: Response, __: Replay) -> None:
    assert response.error


def not_cacheable(_: Recorded, response: Response, __: Replay) -> None:
    control = response.header("Cache-Control") or ""
    assert not re.search(r"max-age=[1-9]|public|immutable", control), f"Cache-Control: {control}"


def cacheable(_: Recorded, response: Response, __: Replay) -> None:
    """§2.4: json, ancestry and layer never change."""
    age = re.search(r"max-age=(\d+)", response.header("Cache-Control") or "")
    assert age and int(age[1]) >= 31536000, "Cache-Control"
    assert response.header("Last-Modified"), "Last-Modified"


def image_list(_: Recorded, response: Response, replay: Replay) -> None:
    """§11.10: ids (and their checksums), each once, and never a Tag."""
    assert sorted(element["id"] for element in response.json) == sorted(replay.images), "ids"
    for element in response.json:
        sums = replay.images[element["id"]]
        assert set(element) <= {"id", "checksum"}, "keys"
        assert element.get("checksum", sums.payload_sum) in (sums.payload_sum, sums.tarsum()), "checksum"


def tag_list(_: Recorded, response: Response, replay: Replay) -> None:
    assert response.json == {replay.tag: replay.top}


def tagged_id(_: Recorded, response: Response, replay: Replay) -> None:
    assert response.json == replay.top


def whole_ancestry(request: Recorded, response: Response, replay: Replay) -> None:
    chain = [request.words["id"]]
    while parent := json.loads(replay.images[chain[-1]].json).get("parent"):
        chain.append(parent)
    assert response.json == chain and len(chain) == len(replay.images)


def exact_json(request: Recorded, response: Response, replay: Replay) -> None:
    """§2.4: the bytes that were PUT; §11.17: the exact size of the stored layer."""
    image = replay.images[request.words["id"]]
    assert response.body == image.json, "bytes of the JSON"
    assert response.all("X-Docker-Size") == [str(len(image.layer))], "X-Docker-Size"
    assert image.payload_sum in response.all("X-Docker-Checksum-Payload"), "X-Docker-Checksum-Payload"
    assert response.header("X-Docker-Checksum") in (image.tarsum(), image.payload_sum), "X-Docker-Checksum"


def exact_layer(request: Recorded, response: Response, replay: Replay) -> None:
    """§4.5: an exact Content-Length and `Accept-Ranges: bytes`; never a Content-Encoding (§1.3)."""
    image = replay.images[request.words["id"]]
    assert response.header("Content-Type") == "application/octet-stream", "Content-Type"
    assert response.header("Content-Length") == str(len(image.layer)), "Content-Length"
    assert response.header("Content-Encoding") is None, "Content-Encoding"
    assert response.header("Accept-Ranges") == "bytes", "Accept-Ranges"
    assert response.body == image.layer, "bytes of the layer"


def tagged_images(_: Recorded, response: Response, replay: Replay) -> None:
    """Of what v2 has pushed: engines look for the id of the tag in it."""
    ids = [element["id"] for element in response.json]
    assert replay.top in ids and len(ids) == len(set(ids)) and set(ids) <= set(replay.images), "ids"
    assert all(set(element) <= {"id", "checksum"} for element in response.json), "keys"


def derived_json(request: Recorded, response: Response, replay: Replay) -> None:
    """§9.2, §4.4: what an engine reads in it, and the size and sum of the layer that it gets."""
    image, document = replay.images[request.words["id"]], response.json
    assert document["id"] == image.id and document.get("parent") == json.loads(image.json).get("parent"), "id, parent"
    assert response.body == image.json, "bytes of the JSON"
    assert response.all("X-Docker-Size") == [str(len(image.layer))], "X-Docker-Size"
    assert response.all("X-Docker-Checksum-Payload") == [image.payload_sum], "X-Docker-Checksum-Payload"


def hidden_v2(_: Recorded, response: Response, __: Replay) -> None:
    """§4.1: 1.5 takes v1 where the version of v2 is not shown."""
    assert response.header("Docker-Distribution-API-Version") is None, "version header"


def search_results(request: Recorded, response: Response, replay: Replay) -> None:
    """§2.8 and the document: every field, with the types that engines decode."""
    document = response.json
    assert set(document) == {"num_pages", "num_results", "results", "page_size", "query", "page"}, "fields"
    assert document["query"] == request.words["term"] and document["page"] == 1, "query, page"
    assert document["page_size"] == int(request.words.get("n", 25)), "page_size"
    assert document["num_results"] == len(document["results"]) == 1 and document["num_pages"] == 1, "numbers"
    assert document["results"] == [{
        "name": replay.repository, "description": "", "star_count": 0, "is_official": False, "is_automated": False,
        "is_trusted": False}], document["results"]


@dataclass(frozen=True)
class Rule:
    statuses: tuple[int, ...]
    checks: tuple[Check, ...]


RULES: dict[str, Rule] = {
    "v2": Rule((404,), (plain_text_without_version,)),
    "ping": Rule((200,), (registry_headers, is_json, no_token, not_cacheable)),
    "put_repository": Rule((200, 201), (registry_headers, is_json, empty_string, index_headers("write"))),
    "existence": Rule((404,), (registry_headers, is_json, is_error, no_token, not_cacheable)),
    "put_json": Rule((200,), (registry_headers, is_json, empty_string, no_token)),
    "put_layer": Rule((200,), (registry_headers, is_json, empty_string, no_token)),
    "put_checksum": Rule((200,), (registry_headers, is_json, no_token)),
    "put_tag": Rule((200, 201), (registry_headers, is_json, empty_string, no_token)),
    "put_images": Rule((204,), (registry_headers, no_body)),
    "get_images": Rule((200,), (registry_headers, is_json, index_headers("read"), image_list, not_cacheable)),
    "get_tags": Rule((200,), (registry_headers, is_json, tag_list, no_token, not_cacheable)),
    "get_tag": Rule((200,), (registry_headers, is_json, tagged_id, no_token, not_cacheable)),
    "ancestry": Rule((200,), (registry_headers, is_json, whole_ancestry, no_token, cacheable)),
    "json": Rule((200,), (registry_headers, is_json, exact_json, no_token, cacheable)),
    "layer": Rule((200,), (registry_headers, exact_layer, no_token, cacheable)),
    "search": Rule((200,), (registry_headers, is_json, search_results, no_token, not_cacheable)),
}

#: For pulls of what v2 has pushed.
PULL_RULES = RULES | {
    "v2": Rule((200,), (hidden_v2,)),
    "get_images": Rule((200,), (registry_headers, is_json, index_headers("read"), tagged_images, not_cacheable)),
    "json": Rule((200,), (registry_headers, is_json, derived_json, no_token, cacheable)),
}


def broken(request: Recorded, response: Response, replay: Replay, rules: dict[str, Rule] = RULES) -> list[str]:
    """Every rule that the answer breaks, in words."""
    rule = rules[request.kind]
    if response.status not in rule.statuses:
        return [f"status {response.status}, not {rule.statuses}: {response.body[:200]!r}"]
    problems: list[str] = []
    for check in rule.checks:
        try:
            check(request, response, replay)
        except (AssertionError, ValueError, KeyError) as failure:
            problems.append(f"{check.__name__}: {failure!r}")
    return problems
