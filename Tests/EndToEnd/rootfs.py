"""A real root file system as three layers. Making it takes minutes, so it is kept in a cache folder."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

SUITE = "bookworm"
CACHE = Path(os.environ.get("WHARF_TEST_CACHE") or "/var/tmp/wharf-tests")
#: Layer → what it holds, as arguments of tar.
LAYERS = {
    "share": ["./usr/share"],
    "usr": ["--exclude=./usr/share", "./usr"],
    "rest": ["--exclude=./usr", "."],
}


def root_file_system() -> Path:
    """The unpacked root file system, made by debootstrap unless it is in the cache."""
    done = CACHE / f"{SUITE}-root"
    if not done.exists():
        assert os.geteuid() == 0, "debootstrap needs root: run these tests as root"
        making = CACHE / f"{SUITE}-root.{os.getpid()}"
        CACHE.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["debootstrap", "--variant=minbase", SUITE, str(making), _mirror()], check=True, stdout=subprocess.DEVNULL)
            making.rename(done)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return done


def layers() -> list[bytes]:
    """The gzip-compressed archives from base to top."""
    root = root_file_system()
    found = []
    for name, members in LAYERS.items():
        file = CACHE / f"{SUITE}-{name}.tar.gz"
        if not file.exists():
            making = file.with_suffix(f".{os.getpid()}")
            subprocess.run(["tar", "--create", "--gzip", "--numeric-owner", "--sort=name", "--directory", str(root),
                            "--file", str(making), *members], check=True)
            making.rename(file)
        found.append(file.read_bytes())
    return found


def unpack(layer: bytes, target: Path) -> None:
    options = ["--numeric-owner", "--same-permissions", "--directory", str(target)]
    subprocess.run(["tar", "--extract", "--gzip", *options], input=layer, check=True)


def tree(root: Path) -> dict[str, tuple[object, ...]]:
    """Every path below a folder: kind and mode, owner, and content, link target, device or (of files) time."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, names, files in os.walk(root):
        for path in (Path(folder, name) for name in [*names, *files]):
            status = path.lstat()
            detail: tuple[object, ...] = ()
            if stat.S_ISLNK(status.st_mode):
                detail = (os.readlink(path),)
            elif stat.S_ISREG(status.st_mode):
                detail = (hashlib.sha256(path.read_bytes()).hexdigest(), int(status.st_mtime))
            elif stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
                detail = (status.st_rdev,)
            found[str(path.relative_to(root))] = (oct(status.st_mode), status.st_uid, status.st_gid, *detail)
    return found


def _mirror() -> str:
    """The first archive that this machine's apt uses, apart from the security updates."""
    folder = Path("/etc/apt/sources.list.d")
    for file in [Path("/etc/apt/sources.list"), *sorted(folder.glob("*.sources")), *sorted(folder.glob("*.list"))]:
        text = file.read_text() if file.exists() else ""
        for found in re.finditer(r"^(?:deb\s+(?:\[.*?\]\s+)?|URIs:\s*)(https?://\S+/debian)/?(?:\s|$)", text, flags=re.MULTILINE):
            return found[1]
    return "http://deb.debian.org/debian"
