"""The tests' own conversions between the faces of an image, written from v1.md §9 and §10 alone.

Nothing here is shared with the server, so that one misreading cannot hide in both. Chains are written base first.
"""
from __future__ import annotations

import base64
import hashlib
import json
from typing import NamedTuple, Sequence

import gojson
from v2client import DOCKER_MANIFEST, MANIFEST, digest

#: The layer that stands for none (v1.md §10.3), and what it unpacks to.
EMPTY_LAYER = base64.b64decode("H4sIAAAJbogA/2IYBaNgFIxYAAgAAP//Lq+17wAEAAA=")
EMPTY_TAR = bytes(1024)
#: What a document without `created` is taken to say.
NO_TIME = "0001-01-01T00:00:00Z"
#: What a v1 document has and a config has not (v1.md §9.1).
V1_MEMBERS = ("id", "parent", "Size", "parent_id", "layer_id", "throwaway")
CONFIGS = {MANIFEST: "application/vnd.oci.image.config.v1+json", DOCKER_MANIFEST: "application/vnd.docker.container.image.v1+json"}
#: How a layer is packed → its type in an image of either kind; of those without a word, none.
LAYERS = {
    MANIFEST: {"gzip": "application/vnd.oci.image.layer.v1.tar+gzip", "none": "application/vnd.oci.image.layer.v1.tar",
               "zstd": "application/vnd.oci.image.layer.v1.tar+zstd",
               "foreign": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"},
    DOCKER_MANIFEST: {"gzip": "application/vnd.docker.image.rootfs.diff.tar.gzip", "none": "application/vnd.docker.image.rootfs.diff.tar",
                      "foreign": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"},
}


class Link(NamedTuple):
    """One image of a v1 chain."""

    id: str
    parent: str | None
    document: bytes


class Entry(NamedTuple):
    """One entry of a schema 1 manifest."""

    blob: str
    document: bytes

    @property
    def id(self) -> str:
        return json.loads(self.document)["id"]


def chain_ids(diff_ids: Sequence[str]) -> list[str]:
    """Of the base, of the base and the next one, and so on (v1.md §9)."""
    found: list[str] = []
    for name in diff_ids:
        found.append(digest(f"{found[-1]} {name}".encode()) if found else name)
    return found


def config_of(chain: Sequence[tuple[bytes, str | None]]) -> bytes:
    """The config of a v1 chain: documents, each with its diff id, or without one where it changes nothing (v1.md §9.1, not its step 3)."""
    history = []
    for document, diff_id in chain:
        values = json.loads(document)
        command = (values.get("container_config") or {}).get("Cmd") or []
        optional = {"author": values.get("author"), "created_by": " ".join(command), "comment": values.get("comment")}
        entry = {"created": gojson.string(values.get("created", NO_TIME))}
        entry |= {key: gojson.string(value) for key, value in optional.items() if value}
        history.append(gojson.struct(entry | ({} if diff_id else {"empty_layer": "true"})))
    top = {key: value for key, value in gojson.members(chain[-1][0]).items() if key not in V1_MEMBERS}
    diff_ids = [diff_id for _, diff_id in chain if diff_id]
    return gojson.mapping({"architecture": '"amd64"', "os": '"linux"'} | top | {
        "rootfs": gojson.struct({"type": '"layers"', "diff_ids": gojson.strings(*diff_ids)}), "history": f"[{','.join(history)}]"})


def manifest_of(media_type: str, config: bytes, layers: Sequence[dict[str, object]]) -> bytes:
    """A manifest as a registry writes it: compact, in the order of the specification."""
    described = {"mediaType": CONFIGS[media_type], "size": len(config), "digest": digest(config)}
    document = {"schemaVersion": 2, "mediaType": media_type, "config": described, "layers": list(layers)}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def chain_of(config: bytes) -> list[Link]:
    """The v1 chain of a config (v1.md §9.2)."""
    diff_ids = json.loads(config)["rootfs"].get("diff_ids") or [digest(EMPTY_TAR)]
    chain: list[Link] = []
    for name in chain_ids(diff_ids)[:-1]:
        image, parent = name.removeprefix("sha256:"), chain[-1].id if chain else None
        own = {"id": gojson.string(image)} | ({"parent": gojson.string(parent)} if parent else {})
        chain.append(Link(image, parent, gojson.struct(own).encode()))
    image, parent = hashlib.sha256(config).hexdigest(), chain[-1].id if chain else None
    return [*chain, Link(image, parent, _top(config, image, parent))]


def entries_of(config: bytes, blobs: Sequence[str]) -> list[Entry]:
    """The entries of a schema 1 manifest, base first, from a config and the digests of its layers (v1.md §10.3)."""
    history = json.loads(config)["history"]
    left, parent = list(blobs), ""
    entries: list[Entry] = []
    for number, item in enumerate(history):
        is_empty = bool(item.get("empty_layer"))
        blob = digest(EMPTY_LAYER) if is_empty else left.pop(0)
        text = f"{blob.removeprefix('sha256:')} {parent}".encode()
        if number == len(history) - 1:
            image = hashlib.sha256(text + b" " + config).hexdigest()
            entries.append(Entry(blob, _top(config, image, parent, is_empty)))
            break
        image = hashlib.sha256(text).hexdigest()
        own = {"id": image, "parent": parent, "comment": item.get("comment", "")}
        values = {key: gojson.string(value) for key, value in own.items() if value}
        values |= {"created": gojson.string(item.get("created", NO_TIME)),
                   "container_config": gojson.struct({"Cmd": gojson.strings(item.get("created_by", ""))})}
        values |= {"author": gojson.string(item["author"])} if item.get("author") else {}
        values |= {"throwaway": "true"} if is_empty else {}
        entries.append(Entry(blob, gojson.struct(values).encode()))
        parent = image
    assert not left, "every layer has its entry"
    return entries


def payload_of(name: str, tag: str, architecture: str, entries: Sequence[Entry]) -> bytes:
    """A schema 1 manifest without signatures; the entries are given base first, and written top first (v1.md §10.2)."""
    pieces = [f'   "schemaVersion": 1,\n   "name": {gojson.string(name)},\n   "tag": {gojson.string(tag)},\n'
              f'   "architecture": {gojson.string(architecture)},\n']
    for key, member, values in (("fsLayers", "blobSum", [entry.blob for entry in entries]),
                                ("history", "v1Compatibility", [entry.document.decode() for entry in entries])):
        listed = ",\n".join(f'      {{\n         "{member}": {gojson.string(value)}\n      }}' for value in reversed(values))
        pieces.append(f'   "{key}": [\n{listed}\n   ]' + (",\n" if key == "fsLayers" else "\n"))
    return ("{\n" + "".join(pieces) + "}").encode()


def _top(config: bytes, image: str, parent: str | None, is_empty: bool = False) -> bytes:
    """The config as the document of the topmost image."""
    kept = {key: value for key, value in gojson.members(config).items() if key not in ("rootfs", "history")}
    own = {"id": gojson.string(image)} | ({"parent": gojson.string(parent)} if parent else {}) | ({"throwaway": "true"} if is_empty else {})
    return gojson.mapping(kept | own)
