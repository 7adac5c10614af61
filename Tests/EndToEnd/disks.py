"""File systems with little room, and taking what there is of it. conftest.py has the fixtures loaded."""
from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

SIZE = 48 << 20


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of its own with little room."""
    with tempfile.TemporaryDirectory(prefix="wharf-e2e-disk-") as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no file system can be mounted here: {mounted.stderr}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, left: int = 0) -> Path:
    """Takes all the room but so many bytes; the file that has it."""
    file = disk / "filler"
    with open(file, "wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"\xff" * size)
            except OSError:
                continue
    os.truncate(file, file.stat().st_size - left)
    return file
