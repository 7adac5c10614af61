"""The tests' own checksums: payload sum and tarsum, written from the published rules alone.

Nothing here is shared with the server, so that one misreading cannot hide in both.
"""
from __future__ import annotations

import bz2
import hashlib
import lzma
import posixpath
import zlib
from dataclasses import dataclass, replace
from typing import Iterator

BLOCK = 512


@dataclass(frozen=True)
class Entry:
    """One archive member with its header fields as text, in the spelling that tarsum hashes."""

    name: bytes
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    typeflag: bytes
    linkname: bytes
    uname: bytes
    gname: bytes
    devmajor: int
    devminor: int
    xattrs: tuple[tuple[bytes, bytes], ...]
    body: bytes


def payload_sum(json: bytes, layer: bytes) -> str:
    """The sum of `X-Docker-Checksum-Payload`: the JSON, a newline, the layer as it was sent."""
    return "sha256:" + hashlib.sha256(json + b"\n" + layer).hexdigest()


def tarsum(layer: bytes, extra: bytes, label: str = "tarsum", last_wins: bool = False) -> str:
    """The sum of `X-Docker-Checksum`. `last_wins` is what engines before 1.3 did with a path that occurs twice."""
    sums: list[tuple[bytes, str]] = []
    for entry in entries(decompress(layer)):
        path = posixpath.normpath(entry.name)
        if last_wins:
            sums = [pair for pair in sums if pair[0] != path]
        digest = hashlib.sha256(_header_text(entry, versioned=label != "tarsum") + entry.body).hexdigest()
        sums.append((path, digest))
    ordered = _sorted_keeping_duplicates(sums)
    return f"{label}+sha256:" + hashlib.sha256(extra + "".join(ordered).encode()).hexdigest()


def decompress(layer: bytes) -> bytes:
    """The archive inside a layer, whose format is told by its first bytes."""
    if layer.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(layer)
    if layer.startswith(b"\xfd7zXZ\x00"):
        return lzma.decompress(layer)
    if layer.startswith(b"BZh"):
        return bz2.decompress(layer)
    return layer


def entries(archive: bytes) -> Iterator[Entry]:
    """The members of an archive; helper entries are resolved and not yielded. The end blocks may be missing."""
    position = 0
    long_name = long_link = None
    records: dict[bytes, bytes] = {}
    while position + BLOCK <= len(archive):
        header = archive[position:position + BLOCK]
        if header == bytes(BLOCK):
            return
        entry = _parse(header)
        start = position + BLOCK
        size = int(records[b"size"]) if b"size" in records else entry.size
        kind = entry.typeflag
        body = b"" if kind in b"12345" else archive[start:start + size]
        position = start + (len(body) + BLOCK - 1) // BLOCK * BLOCK
        if kind == b"L":
            long_name = body.rstrip(b"\0")
        elif kind == b"K":
            long_link = body.rstrip(b"\0")
        elif kind == b"x":
            records = dict(_records(body))
        elif kind != b"g":
            yield _resolved(replace(entry, size=size, body=body), records, long_name, long_link)
            long_name = long_link = None
            records = {}


def _header_text(entry: Entry, versioned: bool) -> bytes:
    device = entry.typeflag in (b"3", b"4")
    fields: list[tuple[bytes, bytes]] = [
        (b"name", entry.name),
        (b"mode", b"%d" % entry.mode),
        (b"uid", b"%d" % entry.uid),
        (b"gid", b"%d" % entry.gid),
        (b"size", b"%d" % entry.size),
        (b"mtime", b"%d" % entry.mtime),
        (b"typeflag", entry.typeflag),
        (b"linkname", entry.linkname),
        (b"uname", entry.uname),
        (b"gname", entry.gname),
        (b"devmajor", b"%d" % (entry.devmajor if device else 0)),
        (b"devminor", b"%d" % (entry.devminor if device else 0)),
    ]
    if versioned:
        fields = [field for field in fields if field[0] != b"mtime"] + sorted(entry.xattrs)
    return b"".join(key + value for key, value in fields)


def _sorted_keeping_duplicates(sums: list[tuple[bytes, str]]) -> list[str]:
    """Ascending, except that the sums of one path stay in archive order (unambiguous for the few that tests use)."""
    if len({path for path, _ in sums}) == len(sums):
        return sorted(digest for _, digest in sums)
    ordered: list[tuple[bytes, str]] = []
    for path, digest in sums:
        same = [index for index, pair in enumerate(ordered) if pair[0] == path]
        place = next((i for i, pair in enumerate(ordered) if digest < pair[1]), len(ordered))
        ordered.insert(max(place, same[-1] + 1) if same else place, (path, digest))
    return [digest for _, digest in ordered]


def _parse(header: bytes) -> Entry:
    def text(start: int, length: int) -> bytes:
        return header[start:start + length].split(b"\0")[0]

    name = text(0, 100)
    posix = header[257:263] == b"ustar\0"
    magic = header[257:262] == b"ustar"
    if posix and text(345, 155):
        name = text(345, 155) + b"/" + name
    return Entry(
        name=name, mode=_number(header[100:108]), uid=_number(header[108:116]), gid=_number(header[116:124]),
        size=_number(header[124:136]), mtime=_number(header[136:148]), typeflag=header[156:157], linkname=text(157, 100),
        uname=text(265, 32) if magic else b"", gname=text(297, 32) if magic else b"",
        devmajor=_number(header[329:337]) if magic else 0, devminor=_number(header[337:345]) if magic else 0,
        xattrs=(), body=b"")


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits else 0


def _records(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    while body:
        length = int(body.split(b" ", 1)[0])
        key, value = body[:length].split(b" ", 1)[1][:-1].split(b"=", 1)
        yield key, value
        body = body[length:]


def _resolved(entry: Entry, records: dict[bytes, bytes], long_name: bytes | None, long_link: bytes | None) -> Entry:
    prefix = b"SCHILY.xattr."
    return replace(
        entry,
        name=records.get(b"path", long_name or entry.name),
        linkname=records.get(b"linkpath", long_link or entry.linkname),
        uid=int(records.get(b"uid", entry.uid)),
        gid=int(records.get(b"gid", entry.gid)),
        mtime=int(float(records.get(b"mtime", entry.mtime))),
        uname=records.get(b"uname", entry.uname),
        gname=records.get(b"gname", entry.gname),
        xattrs=tuple((key[len(prefix):], value) for key, value in records.items() if key.startswith(prefix)))
