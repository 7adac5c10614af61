"""Addresses that are known before a server listens there."""
from __future__ import annotations

import socket
import subprocess


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outer_address() -> str | None:
    """An IPv4 address of this machine besides loopback's, if it has one."""
    found = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    return next((address for address in found if ":" not in address), None)
