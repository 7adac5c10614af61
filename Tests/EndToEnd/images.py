"""Images for tests: JSON, layer and their sums; archives are made in memory."""
from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import secrets
import tarfile
from dataclasses import dataclass
from typing import Callable

from tarsum import payload_sum, tarsum


@dataclass(frozen=True)
class Image:
    """One v1 image: its JSON and its layer exactly as they go over the wire."""

    id: str
    json: bytes
    layer: bytes

    @property
    def payload_sum(self) -> str:
        return payload_sum(self.json, self.layer)

    def tarsum(self, label: str = "tarsum", last_wins: bool = False) -> str:
        return tarsum(self.layer, self.json, label, last_wins)


def make_id() -> str:
    return secrets.token_hex(32)


def image_json(image_id: str, parent: str | None = None, **fields: object) -> bytes:
    """An engine's JSON, with an odd key, spacing and a non-ASCII character that must survive byte for byte."""
    document: dict[str, object] = {"id": image_id}
    if parent:
        document["parent"] = parent
    document |= {
        "created": "2014-05-21T10:00:00.123456789Z", "container_config": {"Cmd": ["/bin/sh", "-c", "#(nop) ADD file"]},
        "docker_version": "1.5.0", "author": "Grüße", "config": {"Env": ["PATH=/usr/bin:/bin"], "Cmd": None},
        "architecture": "amd64", "os": "linux", "Size": 10240, "x-unknown": {"kept": [1, 2.50, "<>&"]},
    }
    return json.dumps(document | fields, ensure_ascii=False, separators=(", ", ":")).encode()


def archive(files: dict[str, bytes], end_blocks: bool = True) -> bytes:
    """A tar with directories, files, a link and extended attributes. Without end blocks it is what engines <1.3 sent."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind in (("etc/", tarfile.DIRTYPE), ("etc/link", tarfile.SYMTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.mode, member.mtime, member.linkname = kind, 0o755, 1400000000, "shared" if "link" in name else ""
            tar.addfile(member)
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uid, member.uname = len(data), 1400000001, 1000, "user"
            member.pax_headers = {"SCHILY.xattr.user.note": "x"}
            tar.addfile(member, io.BytesIO(data))
        end = tar.offset
    whole = buffer.getvalue()
    return whole if end_blocks else whole[:end]


def make_image(parent: Image | None = None, layer: bytes | None = None, image_id: str | None = None) -> Image:
    image_id = image_id or make_id()
    if layer is None:
        layer = gzip.compress(archive({f"etc/{image_id[:8]}": secrets.token_hex(20).encode(), "etc/shared": b"shared\n"}))
    return Image(image_id, image_json(image_id, parent.id if parent else None), layer)


def make_chain(count: int = 3) -> list[Image]:
    """Images from base to top, each the parent of the next."""
    chain: list[Image] = []
    for _ in range(count):
        chain.append(make_image(chain[-1] if chain else None))
    return chain


def large_layer(megabytes: int, seed: int = 1) -> bytes:
    """An archive that does not compress, in the plain."""
    source = random.Random(seed)
    return archive({"etc/large": b"".join(source.randbytes(1 << 20) for _ in range(megabytes))})


_PLAIN = archive({"etc/shared": b"shared\n", "etc/empty": b"", "etc/" + "long/" * 40 + "name": b"deep" * 300})
_OPEN = archive({"etc/shared": b"shared\n"}, end_blocks=False)

#: Every form in which an engine ever sent a layer.
FORMS: dict[str, Callable[[], bytes]] = {
    "tar": lambda: _PLAIN,
    "gzip": lambda: gzip.compress(_PLAIN),
    "xz": lambda: lzma.compress(_PLAIN),
    "bzip2": lambda: bz2.compress(_PLAIN),
    "gzip_of_nothing": lambda: gzip.compress(b""),
    "tar_without_end_blocks": lambda: _OPEN,
    "gzip_of_tar_without_end_blocks": lambda: gzip.compress(_OPEN),
}
