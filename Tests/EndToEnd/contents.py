"""What v2 registries hold, made for tests: blobs, manifests that name them, and how they are tagged and refer to each other."""
from __future__ import annotations

import base64
import gzip
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from images import archive
from v2client import INDEX, MANIFEST, digest

CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
EMPTY = "application/vnd.oci.empty.v1+json"
EXAMPLE = "application/vnd.example.one"
OTHER_EXAMPLE = "application/vnd.example.two"
PLATFORMS = ("amd64", "arm64")


@dataclass(frozen=True)
class Manifest:
    """One manifest as it goes over the wire."""

    data: bytes
    digest: str

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.data)

    @property
    def media_type(self) -> str:
        return self.document["mediaType"]

    def descriptor(self, **fields: object) -> dict[str, object]:
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.data)} | fields

    @property
    def listed(self) -> dict[str, object]:
        """How the list of referrers has to show it."""
        document = self.document
        kind = document.get("artifactType") or document.get("config", {}).get("mediaType")
        return self.descriptor() | ({"artifactType": kind} if kind else {}) | (
            {"annotations": document["annotations"]} if "annotations" in document else {})


@dataclass
class Contents:
    """Blobs and manifests, the latter in the order in which they can be pushed, and tags."""

    algorithm: str = "sha256"
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: list[Manifest] = field(default_factory=list)
    tags: dict[str, Manifest] = field(default_factory=dict)
    #: Digest of a subject → the manifests that refer to it.
    referrers: dict[str, list[Manifest]] = field(default_factory=dict)

    def blob(self, data: bytes, media_type: str) -> dict[str, object]:
        """Its descriptor."""
        name = digest(data, self.algorithm)
        self.blobs[name] = data
        return {"mediaType": media_type, "digest": name, "size": len(data)}

    def image(self, tag: str | None = None, layers: int = 2, compressed: bool = True, architecture: str = "amd64",
              with_data: bool = False, custom: bool = False, **fields: object) -> Manifest:
        """An image of layers that nothing else has. With `with_data`, descriptors have the content itself as well."""
        described, plain = [], []
        for _ in range(layers):
            data = archive({f"etc/{secrets.token_hex(4)}": secrets.token_bytes(400)})
            plain.append(digest(data))
            described.append(self.blob(gzip.compress(data), f"{LAYER}+gzip") if compressed else self.blob(data, LAYER))
        config = {"os": "linux", "architecture": architecture, "config": {}, "rootfs": {"type": "layers", "diff_ids": plain}} | (
            {"org.example." + secrets.token_hex(4): "kept"} if custom else {})
        first = self.blob(json.dumps(config).encode(), CONFIG)
        if with_data:
            described = [inlined(descriptor, self.blobs) for descriptor in described]
            first = inlined(first, self.blobs)
        return self.manifest({"mediaType": MANIFEST, "config": first, "layers": described} | fields, tag, custom)

    def artifact(self, tag: str | None = None, kind: str = EXAMPLE, layer: bytes | None = None, layer_type: str = EXAMPLE,
                 **fields: object) -> Manifest:
        """What is no image: an empty config, and one blob of any type."""
        document = {"mediaType": MANIFEST, "artifactType": kind, "config": self.blob(b"{}", EMPTY),
                    "layers": [self.blob(secrets.token_bytes(300) if layer is None else layer, layer_type)]}
        return self.manifest(document | fields, tag)

    def index(self, children: list[Manifest], tag: str | None = None, custom: bool = False, **fields: object) -> Manifest:
        listed = [child.descriptor(platform={"os": "linux", "architecture": architecture}) if child.media_type == MANIFEST
                  else child.descriptor() for child, architecture in zip(children, PLATFORMS)]
        return self.manifest({"mediaType": INDEX, "manifests": listed} | fields, tag, custom)

    def platforms(self, tag: str | None = None, custom: bool = False, **fields: object) -> Manifest:
        """An index of one image for each platform."""
        return self.index([self.image(architecture=name, custom=custom) for name in PLATFORMS], tag, custom, **fields)

    def manifest(self, fields: dict[str, Any], tag: str | None = None, custom: bool = False) -> Manifest:
        document = {"schemaVersion": 2} | fields | ({"org.example." + secrets.token_hex(4): {"kept": [1, 2.50]}} if custom else {})
        data = json.dumps(document, indent=1).encode()
        made = Manifest(data, digest(data, self.algorithm))
        self.manifests.append(made)
        if tag:
            self.tags[tag] = made
        if subject := fields.get("subject"):
            self.referrers.setdefault(subject["digest"], []).append(made)
        return made


def note() -> dict[str, str]:
    """Annotations that no other manifest has."""
    return {"org.example.note": "kept as it is", "org.example.number": secrets.token_hex(6)}


def inlined(descriptor: dict[str, object], blobs: dict[str, bytes]) -> dict[str, object]:
    """The descriptor with the content itself in it."""
    return descriptor | {"data": base64.b64encode(blobs[str(descriptor["digest"])]).decode()}
