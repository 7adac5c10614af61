"""File systems as values: drawn into layers change by change, and found again by unpacking layers.

The two ways share nothing but `Tree`: what a layer is drawn from is applied directly, without reading the archive that is made of it.
"""
from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, field
from typing import Iterable

XATTR = "SCHILY.xattr."
WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
TIME = 1_400_000_000


@dataclass(frozen=True)
class Node:
    """What stands under a path, whatever its kind; `device` is major and minor."""

    kind: bytes
    mode: int = 0o644
    owner: tuple[int, int] = (0, 0)
    time: int = TIME
    data: bytes = b""
    target: str = ""
    device: tuple[int, int] = (0, 0)
    attributes: tuple[tuple[str, str], ...] = ()


#: Path → its node, and all paths that are hard links to the same one.
FileSystem = dict[str, tuple[Node, tuple[str, ...]]]


class Tree:
    """A file system in the making. Paths that share one `Node` object are hard links."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def put(self, path: str, node: Node) -> None:
        before = self.nodes.get(path)
        if before and not (before.kind == node.kind == tarfile.DIRTYPE):
            self.remove(path)
        self.nodes[path] = node

    def link(self, path: str, target: str) -> None:
        self.put(path, self.nodes[target])

    def remove(self, path: str) -> None:
        self.nodes.pop(path, None)
        self.clear(path)

    def clear(self, path: str) -> None:
        """Everything below a folder goes; with an empty path, everything."""
        below = f"{path}/" if path else ""
        self.nodes = {name: node for name, node in self.nodes.items() if not name.startswith(below)}

    def value(self) -> FileSystem:
        peers: dict[int, list[str]] = {}
        for path, node in sorted(self.nodes.items()):
            peers.setdefault(id(node), []).append(path)
        return {path: (node, tuple(peers[id(node)])) for path, node in self.nodes.items()}


@dataclass(frozen=True)
class Change:
    """What a layer does to one path. Whiteouts only touch what the layers below have brought."""

    path: str
    node: Node | None = None
    #: A hard link's other path.
    source: str = ""
    is_opaque: bool = False

    def apply(self, tree: Tree) -> None:
        if self.node:
            tree.put(self.path, self.node)
        elif self.source:
            tree.link(self.path, self.source)
        elif self.is_opaque:
            tree.clear(self.path)
        else:
            tree.remove(self.path)

    @property
    def is_whiteout(self) -> bool:
        return not self.node and not self.source

    def member(self) -> tarfile.TarInfo:
        folder, _, name = self.path.rpartition("/")
        if self.is_whiteout:
            member = tarfile.TarInfo(f"{self.path}/{OPAQUE}" if self.is_opaque else f"{folder}/{WHITEOUT}{name}".lstrip("/"))
            member.mtime = TIME
            return member
        member = tarfile.TarInfo(self.path)
        node = self.node or Node(tarfile.LNKTYPE)
        member.type, member.mode, member.mtime, member.linkname = node.kind, node.mode, node.time, self.source or node.target
        member.size, (member.uid, member.gid), (member.devmajor, member.devminor) = len(node.data), node.owner, node.device
        member.pax_headers = {XATTR + name: value for name, value in node.attributes}
        return member


def file(path: str, data: bytes = b"", **more: object) -> Change:
    return Change(path, Node(tarfile.REGTYPE, data=data, **more))  # type: ignore[arg-type]


def folder(path: str, **more: object) -> Change:
    return Change(path, Node(tarfile.DIRTYPE, **({"mode": 0o755} | more)))  # type: ignore[arg-type]


def symlink(path: str, target: str) -> Change:
    return Change(path, Node(tarfile.SYMTYPE, mode=0o777, target=target))


def device(path: str, major: int, minor: int) -> Change:
    return Change(path, Node(tarfile.CHRTYPE, mode=0o666, device=(major, minor)))


def hard_link(path: str, source: str) -> Change:
    return Change(path, source=source)


def without(path: str) -> Change:
    return Change(path)


def opaque(path: str) -> Change:
    """A folder that shows nothing of what the layers below have in it."""
    return Change(path, is_opaque=True)


@dataclass
class Drawing:
    """Layers as they are drawn, and the file system that they add up to."""

    tree: Tree = field(default_factory=Tree)

    def layer(self, *changes: Change, end_blocks: bool = True) -> bytes:
        """The archive, with its members in the order of the changes."""
        for change in sorted(changes, key=lambda change: not change.is_whiteout):
            change.apply(self.tree)
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for change in changes:
                tar.addfile(change.member(), io.BytesIO(change.node.data if change.node else b""))
            end = tar.offset
        return buffer.getvalue() if end_blocks else buffer.getvalue()[:end]


def unpacked(layers: Iterable[bytes]) -> FileSystem:
    """What a client has on its disk after it has unpacked these archives, the base first."""
    tree = Tree()
    for layer in layers:
        _unpack(layer, tree)
    return tree.value()


def _unpack(layer: bytes, tree: Tree) -> None:
    if not layer:
        return
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:") as tar:
        members = tar.getmembers()
        for member in members:
            folder, _, name = member.name.rpartition("/")
            if name == OPAQUE:
                tree.clear(folder)
            elif name.startswith(WHITEOUT):
                tree.remove(f"{folder}/{name.removeprefix(WHITEOUT)}".lstrip("/"))
        for member in members:
            if not member.name.rpartition("/")[2].startswith(WHITEOUT):
                _unpack_member(tar, member, tree)


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, tree: Tree) -> None:
    if member.islnk():
        tree.link(member.name, member.linkname)
        return
    body = tar.extractfile(member) if member.isreg() else None
    attributes = sorted((name[len(XATTR):], value) for name, value in member.pax_headers.items() if name.startswith(XATTR))
    tree.put(member.name, Node(
        kind=member.type, mode=member.mode, owner=(member.uid, member.gid), time=int(member.mtime), data=body.read() if body else b"",
        target=member.linkname, device=(member.devmajor, member.devminor) if member.ischr() else (0, 0), attributes=tuple(attributes)))
