"""Pulls of one image in every form in which a client ever asked for it. Each checks all that can be checked of what it gets."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any, Callable

import wire
from accounts import Login
from conversions import CONFIGS, EMPTY_LAYER, LAYERS
from libtrust import assembled, payload_and_keys
from pushers import FOREIGN_URL, SCHEMA_1, Pushed
from samples import form_of, unpack
from server import Server
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, MANIFEST, V2Client, digest, expect

ID = re.compile("[0-9a-f]{64}")
OLD_ENGINE = "docker/1.9.1 go/go1.4.2 git-commit/a34a1d5 kernel/3.13.0 os/linux arch/amd64"
AS_OLD_ENGINE: wire.Headers = [("User-Agent", OLD_ENGINE)]
MEDIA_TYPES = {"docker": DOCKER_MANIFEST, "oci": MANIFEST, "schema1": SCHEMA_1}


@dataclass(frozen=True)
class Pulled:
    """What a client has in its hands, the base first."""

    face: str
    #: As they are stored.
    layers: list[bytes]
    #: Of v1 and schema 1.
    documents: list[bytes] = field(default_factory=list)
    config: bytes = b""
    #: Without signatures, if it has any.
    manifest: bytes = b""
    digest: str = ""

    @property
    def archives(self) -> list[bytes]:
        return [unpack(layer) for layer in self.layers]

    @property
    def top(self) -> dict[str, Any]:
        """The config, or the document of the topmost image."""
        return json.loads(self.config or self.documents[-1])

    @property
    def ids(self) -> list[str]:
        return [json.loads(document)["id"] for document in self.documents]


def pull_v1(server: Server, pushed: Pushed, login: Login | None = None) -> Pulled:
    """As engines do, with the read of the topmost layer broken off in its midst and gone on with."""
    client = EngineClient(server.address, login=login, tls=server.tls, standalone="false" if login else "")
    client.ping()
    listed = client.list_images(pushed.repository)
    top = client.list_tags(pushed.repository)[pushed.tag]
    ancestry = client.get_ancestry(top)
    assert top in listed and len(set(ancestry)) == len(ancestry) and all(map(ID.fullmatch, ancestry))
    documents, layers = [], []
    for image, parent in zip(reversed(ancestry), [None, *reversed(ancestry)]):
        answer = client.call("GET", f"/v1/images/{image}/json")
        expect(answer, 200)
        document = answer.json
        assert (document["id"], document.get("parent")) == (image, parent)
        size = int(answer.header("X-Docker-Size") or -1)
        layer = client.get_layer(image, size, [size // 2] if image == top and size > 1 else [])
        assert wire_sum(answer.body, layer) in (answer.header("X-Docker-Checksum-Payload") or "").split(", ")
        assert pushed.kind == "v1" or form_of(layer) == "gzip", "engines up to 1.9 know no zstd, and what is made for them is one form"
        documents.append(answer.body)
        layers.append(layer)
    return Pulled("v1", layers, documents)


def wire_sum(document: bytes, layer: bytes) -> str:
    return digest(document + b"\n" + layer)


def pull_schema1(server: Server, pushed: Pushed, login: Login | None = None) -> Pulled:
    """As engine 1.9.1 does, which names no type; and as one that names this one alone."""
    client = V2Client(server, login)
    answer = expect(client.manifest(pushed.repository, pushed.tag, headers=AS_OLD_ENGINE), 200)
    named = expect(client.manifest(pushed.repository, pushed.tag, headers=[("Accept", SCHEMA_1)]), 200)
    assert answer.body == named.body and answer.header("Content-Type") == named.header("Content-Type") == SCHEMA_1
    payload, keys = payload_and_keys(answer.body)
    document = json.loads(payload)
    assert len(keys) == 1 and answer.body == assembled(payload, json.loads(answer.body)["signatures"])
    assert answer.header("Docker-Content-Digest") == named.header("Docker-Content-Digest") == digest(payload)
    assert answer.header("Content-Length") == str(len(answer.body))
    assert document["schemaVersion"] == 1 and len(document["fsLayers"]) == len(document["history"]) > 0
    if pushed.kind != "schema1":
        assert (document["name"], document["tag"]) == (pushed.repository, pushed.tag)
    documents = [entry["v1Compatibility"].encode() for entry in reversed(document["history"])]
    for lower, upper in zip([None, *documents], documents):
        own = json.loads(upper)
        assert ID.fullmatch(own["id"]) and own.get("parent") == (json.loads(lower)["id"] if lower else None)
    layers = []
    for entry, text in zip(reversed(document["fsLayers"]), documents):
        layers.append(blob(client, pushed, entry["blobSum"]))
        assert pushed.kind == "schema1" or form_of(layers[-1]) == "gzip"
        assert not json.loads(text).get("throwaway") or layers[-1] == EMPTY_LAYER
    return Pulled("schema1", layers, documents, manifest=payload, digest=digest(payload))


def pull_docker(server: Server, pushed: Pushed, login: Login | None = None) -> Pulled:
    return _pull_image("docker", server, pushed, login)


def pull_oci(server: Server, pushed: Pushed, login: Login | None = None) -> Pulled:
    return _pull_image("oci", server, pushed, login)


PULLERS: dict[str, Callable[..., Pulled]] = {"v1": pull_v1, "schema1": pull_schema1, "docker": pull_docker, "oci": pull_oci}


def blob(client: V2Client, pushed: Pushed, name: str, size: int | None = None) -> bytes:
    """Checked; from elsewhere when the registry need not have it, and then the registry says so."""
    if name in pushed.missing:
        expect(client.blob(pushed.repository, name), 404)
        data = pushed.missing[name]
    else:
        data = expect(client.blob(pushed.repository, name), 200).body
    assert digest(data) == name and size in (None, len(data))
    return data


def _pull_image(face: str, server: Server, pushed: Pushed, login: Login | None) -> Pulled:
    """As a client that knows this one type and no other."""
    media_type, client = MEDIA_TYPES[face], V2Client(server, login)
    answer = expect(client.manifest(pushed.repository, pushed.tag, headers=[("Accept", media_type)]), 200)
    document = answer.json
    assert answer.header("Content-Type") == document["mediaType"] == media_type
    assert answer.header("Docker-Content-Digest") == digest(answer.body) and document["schemaVersion"] == 2
    assert expect(client.manifest(pushed.repository, digest(answer.body)), 200).body == answer.body, "by its digest, whatever Accept says"
    described = document["config"]
    assert described["mediaType"] == CONFIGS[media_type]
    config = blob(client, pushed, described["digest"], described["size"])
    layers = []
    for layer in document["layers"]:
        data = blob(client, pushed, layer["digest"], layer["size"])
        is_as_pushed = data in pushed.layers and pushed.face in (face, "docker")
        assert packing(layer["mediaType"], face) == form_of(data) or data == b"" or is_as_pushed, layer
        assert ("foreign" in layer["mediaType"] or "nondistributable" in layer["mediaType"]) == (layer.get("urls") == [FOREIGN_URL])
        layers.append(data)
    own = json.loads(config)
    assert own["rootfs"]["type"] == "layers"
    assert own["rootfs"].get("diff_ids", []) == [digest(unpack(data)) for data in layers]
    if "history" in own:
        assert sum(not entry.get("empty_layer") for entry in own["history"]) == len(layers)
    return Pulled(face, layers, config=config, manifest=answer.body, digest=digest(answer.body))


def packing(media_type: str, face: str) -> str:
    """How a layer of this type is packed; fails for a type that is no layer's."""
    types = {kind: form for form, kind in LAYERS[MEDIA_TYPES[face]].items()}
    return types.get(media_type, "no layer").replace("foreign", "gzip")
