"""Commands in whose view of the file system the system's certificate authorities are those of the tests."""
from __future__ import annotations

from pathlib import Path

SYSTEM = "/etc/ssl/certs/ca-certificates.crt"


def trusting(certificate: Path) -> tuple[str, ...]:
    """A prefix for a command, as if an administrator had added the authority to this machine: for that process alone. Needs root."""
    return ("unshare", "--mount", "sh", "-c", f'mount --bind "$0" {SYSTEM} && exec "$@"', str(certificate))
