"""Storage folders of other registries: those that real ones wrote, and some that are made for a test."""
from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contents import Contents
from images import Image
from server import BINARY, Server, clean_environment
from v2client import digest

FIXTURES = Path(__file__).parent / "fixtures"


def docker_registry(folder: Path) -> Path:
    """The folder of a docker-registry 0.9.1 that engines 1.3.3 to 1.10.3 pushed to, with some damage."""
    return _unpacked("docker-registry-0.9-storage.tar.gz", folder) / "docker-registry"


def distribution(folder: Path) -> Path:
    """The folder of a distribution 2.8.2 that engines 1.6.2 to 1.10.3 pushed to."""
    return _unpacked("distribution-2.8-storage.tar.gz", folder) / "distribution"


def _unpacked(name: str, folder: Path) -> Path:
    with tarfile.open(FIXTURES / name) as archive:
        archive.extractall(folder)
    return folder


def run(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`wharf import …` on a data folder of its own."""
    return subprocess.run([str(BINARY), "import", *arguments, "--data", str(data)], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, env=clean_environment() | environment)


def report(result: subprocess.CompletedProcess[str], status: int = 0) -> dict[str, Any]:
    assert result.returncode == status, f"{result.returncode}\n{result.stdout}{result.stderr}"
    return dict(json.loads(result.stdout))


def problems(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Repository, item and reason of all that was left out."""
    own = [("", problem["item"], problem["reason"]) for problem in document["problems"]]
    return sorted(own + [(repository["name"], problem["item"], problem["reason"])
                         for repository in document["repositories"] for problem in repository["problems"]])


def sums(document: dict[str, Any]) -> tuple[int, int, int, int]:
    """Tags and images or manifests that came, and those that were here."""
    found = [0, 0, 0, 0]
    for repository in document["repositories"]:
        for index, (kind, state) in enumerate((k, s) for s in ("added", "present") for k in ("tags", "contents")):
            found[index] += repository[kind][state]
    return found[0], found[1], found[2], found[3]


def snapshot(data: Path) -> dict[str, Any]:
    """What a data folder holds: the rows of its catalog but for the times at which they were made, and its objects."""
    tables = {
        "repository": "name, description, is_private", "image": "image_id, parent_id, depth, document, layer_digest, payload_sum, checksum",
        "tag": "name, image_id, updated_at, docker_version, docker_go_version, arch, os, kernel", "blob": "digest, size",
        "manifest": "digest, media_type, length(document), subject, image_id, platform_digest, is_derived",
        "repository_blob": "digest", "repository_image": "image_id, position", "layer_content": "digest, diff_id, is_archive",
    }
    found: dict[str, Any] = {}
    with sqlite3.connect(f"file:{data}/catalog.sqlite?mode=ro", uri=True) as catalog:
        names = dict(catalog.execute("SELECT id, name FROM repository"))
        for table, columns in tables.items():
            has_repository = "repository_id" in [row[1] for row in catalog.execute(f"PRAGMA table_info({table})")]
            rows = catalog.execute(f"SELECT {'repository_id' if has_repository else '0'}, {columns} FROM {table}").fetchall()
            found[table] = sorted((repr((names.get(row[0]), *row[1:])) for row in rows))
    objects = data / "objects" / "blobs"
    found["objects"] = sorted((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in objects.rglob("*") if path.is_file())
    return found


def files(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file of a folder with its size, inode and time."""
    return {str(path.relative_to(folder)): (status.st_size, status.st_ino, status.st_mtime_ns)
            for path in sorted(folder.rglob("*")) if not path.is_dir() for status in [path.lstat()]}


@dataclass
class OldV1:
    """A tree of docker-registry that grows."""

    root: Path

    def __post_init__(self) -> None:
        for name in ("images", "repositories"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def add(self, repository: str, chain: list[Image], tag: str = "latest", sums: bool = True) -> None:
        ancestry: list[str] = []
        for image in chain:
            ancestry.insert(0, image.id)
            folder = self.image(image.id)
            folder.mkdir(exist_ok=True)
            (folder / "json").write_bytes(image.json)
            (folder / "layer").write_bytes(image.layer)
            (folder / "ancestry").write_text(json.dumps(ancestry))
            if sums:
                (folder / "_checksum").write_text(json.dumps([image.payload_sum]))
        place = self.repository(repository)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"tag_{tag}").write_text(chain[-1].id)
        listed = place / "_index_images"
        known = json.loads(listed.read_text()) if listed.exists() else []
        listed.write_text(json.dumps(known + [{"id": image.id} for image in chain if {"id": image.id} not in known]))

    def image(self, image_id: str) -> Path:
        return self.root / "images" / image_id

    def repository(self, name: str) -> Path:
        namespace, _, rest = name.rpartition("/")
        return self.root / "repositories" / (namespace or "library") / rest


@dataclass
class OldV2:
    """A tree of distribution that grows."""

    root: Path

    def __post_init__(self) -> None:
        for name in ("blobs", "repositories"):
            (self.top / name).mkdir(parents=True, exist_ok=True)

    @property
    def top(self) -> Path:
        return self.root / "docker" / "registry" / "v2"

    def blob(self, data: bytes) -> str:
        name = digest(data)
        path = self.data(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return name

    def data(self, name: str) -> Path:
        algorithm, _, hexadecimal = name.partition(":")
        return self.top / "blobs" / algorithm / hexadecimal[:2] / hexadecimal / "data"

    def repository(self, name: str) -> Path:
        return self.top / "repositories" / name

    def link(self, repository: str, place: str, target: str) -> Path:
        path = self.repository(repository) / place / "link"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(target)
        return path

    def layer(self, repository: str, name: str) -> Path:
        return self.repository(repository) / "_layers" / name.replace(":", "/") / "link"

    def revision(self, repository: str, name: str) -> Path:
        return self.repository(repository) / "_manifests" / "revisions" / name.replace(":", "/") / "link"

    def add(self, repository: str, contents: Contents) -> None:
        """Everything by sha256, as distribution keeps it, whatever it is called by."""
        for name, data in contents.blobs.items():
            self.link(repository, f"_layers/{name.replace(':', '/')}", self.blob(data))
        for manifest in contents.manifests:
            self.link(repository, f"_manifests/revisions/{manifest.digest.replace(':', '/')}", self.blob(manifest.data))
        for tag, manifest in contents.tags.items():
            self.tag(repository, tag, manifest.digest)

    def tag(self, repository: str, tag: str, target: str, time: int | None = None) -> None:
        path = self.link(repository, f"_manifests/tags/{tag}/current", target)
        if time is not None:
            os.utime(path, (time, time))


def objects(server: Server) -> dict[str, Path]:
    """The files of the server's blobs by their digests."""
    return {f"{path.parent.parent.name}:{path.name}": path for path in (server.data / "objects" / "blobs").rglob("*") if path.is_file()}
