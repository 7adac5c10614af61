"""Pushes of one image in every form that a client ever pushed it in: chains of v1, schema 1, Docker's schema 2, OCI, and an OCI index."""
from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, replace
from typing import Callable, Sequence

from accounts import Login
from conversions import CONFIGS, EMPTY_LAYER, LAYERS, Entry, payload_of
from images import Image
from libtrust import Key
from samples import Sample, Step
from server import Server
from v1client import EngineClient
from v2client import DOCKER_MANIFEST, INDEX, MANIFEST, V2Client, digest, expect

SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
#: The client's own key; the server's is another one.
KEY = Key(0x5A17 << 200 | 0xB0A7)
FOREIGN_URL = "https://example.com/layer.tar.gz"
IN_TOTO = "application/vnd.in-toto+json"


@dataclass(frozen=True)
class Pushed:
    """An image as it goes to a registry, and where it went."""

    sample: Sample
    #: One of the keys of `PUSHERS`.
    kind: str
    #: v1 documents and schema 1 entries, the base first.
    documents: list[bytes] = field(default_factory=list)
    #: Layers as they are pushed, the base first; foreign ones too.
    layers: list[bytes] = field(default_factory=list)
    config: bytes = b""
    manifest: bytes = b""
    media_type: str = ""
    #: Everything else that has to be there for it: manifests, and their blobs.
    children: list[bytes] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    index: bytes = b""
    repository: str = ""
    tag: str = "1.0"

    @property
    def face(self) -> str:
        """The form of the image itself."""
        return "oci" if self.kind == "index" else self.kind

    @property
    def has_documents(self) -> bool:
        return self.kind in ("v1", "schema1")

    @property
    def chain(self) -> list[Image]:
        return [Image(self.sample.id(number), document, layer)
                for number, (document, layer) in enumerate(zip(self.documents, self.layers))]

    @property
    def missing(self) -> dict[str, bytes]:
        """What the registry does not get, by digest."""
        if self.has_documents or self.sample.holds_foreign:
            return {}
        return {digest(step.packed): step.packed for step in self.sample.steps if step.is_foreign}


def composed_v1(sample: Sample) -> Pushed:
    return Pushed(sample, "v1", _documents(sample, throwaway=False), [step.packed for step in sample.steps])


def composed_schema1(sample: Sample) -> Pushed:
    """Also signed: `name` and `tag` in it are none that it is pushed to, as after a copy."""
    documents = _documents(sample, throwaway=True)
    layers = [EMPTY_LAYER if step.layer is None else step.packed for step in sample.steps]
    entries = [Entry(digest(layer), document) for layer, document in zip(layers, documents)]
    signed = KEY.sign(payload_of("first/pushed-elsewhere", "old", "amd64", entries))
    return Pushed(sample, "schema1", documents, layers, manifest=signed, media_type=SCHEMA_1)


def composed_docker(sample: Sample) -> Pushed:
    return _image(sample, "docker", DOCKER_MANIFEST)


def composed_oci(sample: Sample) -> Pushed:
    return _image(sample, "oci", MANIFEST)


def composed_index(sample: Sample) -> Pushed:
    """The image for amd64 is the sample, and the last of the list: before it stand another platform's and what is no image."""
    image = composed_oci(sample)
    steps = [Step("ADD arm", b"\0" * 1024)]
    other = _image(replace(sample, steps=steps, members=sample.members | {"architecture": '"arm64"'}, has_history=True), "oci", MANIFEST)
    statement = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "subject": sample.name}).encode()
    unknown = json.dumps({"architecture": "unknown", "os": "unknown", "config": {},
                          "rootfs": {"type": "layers", "diff_ids": [digest(statement)]}}).encode()
    attestation = _manifest(MANIFEST, unknown, [{"mediaType": IN_TOTO, "digest": digest(statement), "size": len(statement),
                                                 "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"}}])
    about = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest(image.manifest)}
    index = index_of([(other.manifest, "arm64", {}), (attestation, "unknown", {"annotations": about}), (image.manifest, "amd64", {})])
    blobs = [other.config, *other.layers, unknown, statement]
    return replace(image, kind="index", index=index, children=[other.manifest, attestation], blobs=blobs)


def index_of(children: Sequence[tuple[bytes, str, dict[str, object]]], media_type: str = INDEX) -> bytes:
    """Manifests, each with its architecture and further members of its descriptor."""
    listed = [{"mediaType": json.loads(data)["mediaType"], "digest": digest(data), "size": len(data),
               "platform": {"architecture": architecture, "os": "unknown" if architecture == "unknown" else "linux"}} | more
              for data, architecture, more in children]
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "manifests": listed}, indent=2).encode()


PUSHERS: dict[str, Callable[[Sample], Pushed]] = {
    "v1": functools.cache(composed_v1), "schema1": functools.cache(composed_schema1), "docker": functools.cache(composed_docker),
    "oci": functools.cache(composed_oci), "index": functools.cache(composed_index)}


def push(server: Server, pushed: Pushed, repository: str, tag: str = "1.0", login: Login | None = None) -> Pushed:
    """Sends it as a client of its kind does."""
    pushed = replace(pushed, repository=repository, tag=tag)
    if pushed.kind == "v1":
        push_chain(server, pushed.chain, repository, tag, login)
        return pushed
    client = V2Client(server, login)
    for data in {*pushed.layers, *pushed.blobs, *([pushed.config] if pushed.config else [])}:
        if digest(data) not in pushed.missing:
            expect(client.post(repository, data, digest(data)), 201)
    for data in pushed.children:
        expect(client.put_manifest(repository, digest(data), data), 201)
    if pushed.index:
        expect(client.put_manifest(repository, digest(pushed.manifest), pushed.manifest), 201)
        expect(client.put_manifest(repository, tag, pushed.index, INDEX), 201)
    else:
        expect(client.put_manifest(repository, tag, pushed.manifest, pushed.media_type), 201)
    return pushed


def push_chain(server: Server, chain: list[Image], repository: str, tag: str, login: Login | None = None) -> None:
    """By v1, as engines do, but for layers that no engine could pack: of these only the payload's sum is known."""
    client = EngineClient(server.address, login=login, tls=server.tls, standalone="false" if login else "")
    client.put_repository(repository, chain, tag)
    for image in chain:
        if not client.exists(image.id) and client.put_json(image):
            client.put_layer(image)
            tarsum = None if image.layer.startswith(b"\x28\xb5\x2f\xfd") else image.tarsum()
            assert client.offer_checksum(image.id, tarsum, image.payload_sum).status == 200
    client.put_tag(repository, tag, chain[-1].id)
    client.put_images(repository)


def _documents(sample: Sample, throwaway: bool) -> list[bytes]:
    """As old engines spelled them: blanks, and no escapes for anything but quotes and controls."""
    found = []
    for number, step in enumerate(sample.steps):
        is_top = number == len(sample.steps) - 1
        values = {"id": f'"{sample.id(number)}"'} | ({"parent": f'"{sample.id(number - 1)}"'} if number else {})
        if not sample.is_bare:
            texts = {"comment": step.comment, "created": _time(number), "author": step.author}
            values |= {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items() if text}
            values["container_config"] = json.dumps({"Cmd": ["/bin/sh", "-c", step.text]}, ensure_ascii=False)
            values["Size"] = str(len(step.layer or b""))
        values |= sample.members if is_top else {}
        values |= {"throwaway": "true"} if throwaway and step.layer is None else {}
        found.append(_spelled(values))
    return found


def _image(sample: Sample, kind: str, media_type: str) -> Pushed:
    steps = [step for step in sample.steps if step.layer is not None]
    history = [{"created": _time(number), "created_by": step.text} | ({"author": step.author} if step.author else {})
               | ({"comment": step.comment} if step.comment else {}) | ({} if step.layer is not None else {"empty_layer": True})
               for number, step in enumerate(sample.steps)]
    rootfs = {"type": "layers", "diff_ids": [digest(step.layer) for step in steps if step.layer is not None]}
    values = {"rootfs": json.dumps(rootfs)} | sample.members
    values |= {"history": json.dumps(history, ensure_ascii=False, indent=1)} if sample.has_history else {}
    config = _spelled(values)
    return Pushed(sample, kind, layers=[step.packed for step in steps], config=config, media_type=media_type,
                  manifest=_manifest(media_type, config, [_layer(step, media_type) for step in steps]))


def _layer(step: Step, media_type: str) -> dict[str, object]:
    """What is neither gzip, nor zstd, nor plain has no type: it is said to be gzip, and readers go by its first bytes."""
    types = LAYERS[media_type] | ({"zstd": "application/vnd.docker.image.rootfs.diff.tar.zstd"} if media_type == DOCKER_MANIFEST else {})
    kind = types["foreign"] if step.is_foreign else types.get(step.form, types["gzip"])
    urls: dict[str, object] = {"urls": [FOREIGN_URL]} if step.is_foreign else {}
    return {"mediaType": kind, "size": len(step.packed), "digest": digest(step.packed)} | urls


def _manifest(media_type: str, config: bytes, layers: list[dict[str, object]]) -> bytes:
    described = {"mediaType": CONFIGS[media_type], "size": len(config), "digest": digest(config)}
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": described, "layers": layers}, indent=3).encode()


def _spelled(values: dict[str, str]) -> bytes:
    return ("{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in values.items()) + "}").encode()


def _time(number: int) -> str:
    return f"2014-05-21T10:{number:02}:00.5Z"
