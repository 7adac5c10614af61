"""A clock of a server's own, which tests put forward: nobody waits for a token to expire."""
from __future__ import annotations

from pathlib import Path


class Clock:
    """libfaketime (Debian's `faketime`), for the date only: what the server measures by the monotonic clock goes on as ever."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.set("+0")

    @property
    def environment(self) -> dict[str, str]:
        """For the server's process. `FAKETIME_SHARED` keeps the library from moving the environment, beside which Swift finds arguments."""
        library = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
        assert library, "Debian's package faketime is missing"
        return {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_SHARED": "/none /none"}

    def set(self, offset: str) -> None:
        """`+2h`, `-5m`: as seen from the time of this machine."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset}\n")
        new.replace(self.file)
