"""Reads the recorded exchanges of real engines in Tests/Recordings: requests in the order in which they were seen."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from images import Image, make_image

FOLDER = Path(__file__).resolve().parents[1] / "Recordings"

#: Request kind → method and path. `existence` is `json` during a push, before the final PUT of the image list.
KINDS = {
    "v2": r"\w+ /v2/.*",
    "ping": r"GET /v1/_ping",
    "put_repository": r"PUT /v1/repositories/(?P<name>.+)/",
    "put_json": r"PUT /v1/images/(?P<id>\w+)/json",
    "put_layer": r"PUT /v1/images/(?P<id>\w+)/layer",
    "put_checksum": r"PUT /v1/images/(?P<id>\w+)/checksum",
    "put_tag": r"PUT /v1/repositories/(?P<name>.+)/tags/(?P<tag>[^/]+)",
    "put_images": r"PUT /v1/repositories/(?P<name>.+)/images",
    "get_images": r"GET /v1/repositories/(?P<name>.+)/images",
    "get_tags": r"GET /v1/repositories/(?P<name>.+)/tags",
    "get_tag": r"GET /v1/repositories/(?P<name>.+)/tags/(?P<tag>[^/]+)",
    "ancestry": r"GET /v1/images/(?P<id>\w+)/ancestry",
    "json": r"GET /v1/images/(?P<id>\w+)/json",
    "layer": r"GET /v1/images/(?P<id>\w+)/layer",
    "search": r"GET /v1/search\?q=(?P<term>\w+)(?:&n=(?P<n>\d+))?",
}


@dataclass(frozen=True)
class Recorded:
    """One recorded request. `at_once` tells that it was sent while the one before it, of the same kind, was not answered yet."""

    kind: str
    words: dict[str, str]
    first_line: str
    headers: list[tuple[str, str]]
    body: str
    at_once: bool

    @property
    def method(self) -> str:
        return self.first_line.split(" ")[0]


def read(name: str) -> list[Recorded]:
    found: list[Recorded] = []
    pushing, answered = True, True
    for mark, text in _segments(name):
        if mark == "--<":
            answered = True
            continue
        head, _, body = text.partition("\n\n")
        first_line, *lines = head.split("\n")
        kind, words = _classify(first_line)
        if kind == "json" and pushing:
            kind = "existence"
        pushing = pushing and kind not in ("put_images", "get_images")
        headers = [(key, value.strip()) for key, _, value in (line.partition(":") for line in lines)]
        at_once = not answered and found[-1].kind == kind and first_line.startswith("GET")
        found.append(Recorded(kind, words, first_line, headers, body.removesuffix("\n"), at_once))
        answered = False
    return found


def images(requests: list[Recorded]) -> dict[str, Image]:
    """The images of a recording: the recorded ids and JSON documents, with layers of our own."""
    return {image_id: Image(image_id, _whole_json(request.body, image_id), make_image(image_id=image_id).layer)
            for request in requests if request.kind == "put_json" for image_id in [request.words["id"]]}


def _whole_json(recorded: str, image_id: str) -> bytes:
    """The recorded document; one that the recording cut short keeps its head and gets an end of ours."""
    try:
        document = json.loads(recorded)
    except json.JSONDecodeError:
        recorded = recorded.split(',"container_config"')[0] + ',"container_config":{"Cmd":null},"config":null,"os":"linux"}'
        document = json.loads(recorded)
    assert document["id"] == image_id
    return recorded.encode()


def _segments(name: str) -> list[tuple[str, str]]:
    """Marks and texts. A recording may begin with the rest of a connection that was no HTTP."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    parts = re.split(r"^(-->|--<)\n", text[text.index("-->\n"):], flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def _classify(first_line: str) -> tuple[str, dict[str, str]]:
    line = first_line.removesuffix(" HTTP/1.1")
    for kind, pattern in KINDS.items():
        if found := re.fullmatch(pattern, line):
            return kind, {key: value for key, value in found.groupdict().items() if value is not None}
    raise AssertionError(f"a recorded request of no known kind: {first_line}")
